"""`hpsoft optimum` from argv to exit code."""


def test_prints_optima_trials_and_a_conclusion(run, study):
    result = run("optimum", "--study", study, "--top", "1")
    for text in ("by Newton's method", "beside the optimum", "The best trial"):
        assert text in result.stdout
    assert "Training optima" in result.stderr


def test_json(run_json, study):
    document = run_json("optimum")
    assert [o["alpha"] for o in document["optima"]] == [0.001, 0.01]
    assert all(o["converged"] for o in document["optima"])
    assert len(document["trials"]) >= 2
    assert all(t["training_gap"] > 0 and t["reproduced"] for t in document["trials"])


def test_quiet_prints_nothing(run, study):
    assert run("optimum", "--quiet").output == ""


def test_an_unknown_study(run, study):
    assert "Did you mean" in run("optimum", "--study", f"{study}s", code=2).output


def test_newton_tells_how_trials_ended(run, run_json):
    """In `hpsoft trials`, and at the end of the search."""
    options = ("--data", "digits", "--optimizer", "newton", "--set", "iterations=1,20")
    found = run("search", *options, "--set", "alpha=0.01,0.1")
    text = " ".join(found.stderr.split())
    assert "2 of 4 trials stopped at their last iteration" in text
    assert "; the winner " in text
    table = run("trials").stdout
    assert table.count("converged") == table.count("max_iter") == 2
    assert {t["status"] for t in run_json("trials")["trials"]} == {"converged", "max_iter"}
