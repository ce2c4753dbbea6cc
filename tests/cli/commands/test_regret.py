"""`hpsoft regret` as it is typed."""

import json
from contextlib import contextmanager

import pytest

GRID = (
    "search", "--data", "digits", "--set", "batch_size=64,256", "--set", "epochs=1,2,4",
    "--set", "learning_rate=0.1,0.2,0.4", "--set", "alpha=0,0.01", "--quiet",
)  # fmt: skip
REGRET = ("regret", "--trials", "6,20", "--seeds", "4", "--jobs", "1")


@pytest.fixture(autouse=True)
def grid(run):
    run(*GRID)


def test_the_table_answers_the_question(run):
    result = run(*REGRET, "--sampler", "tpe,random", "--pruner", "none,median")
    assert "best of its 36 points" in result.stdout
    assert sum(line.startswith(("tpe ", "random ")) for line in result.stdout.splitlines()) == 8
    assert "could" in result.stdout.splitlines()[-1]


def test_json_has_every_outcome(run_json):
    document = run_json(*REGRET, "--pruner", "hyperband")
    assert [method["n_trials"] for method in document["methods"]] == [6, 20]
    for method in document["methods"]:
        gaps = [outcome["gap"] for outcome in method["outcomes"]]
        assert len(gaps) == method["seeds"] == 4
        assert method["gap"]["min"] == min(gaps)
        assert method["gap"]["max"] == max(gaps)
        assert method["absolute_gap"]["max"] == pytest.approx(max(gaps) * document["best_value"])
        assert method["share_found"] == sum(o["found"] for o in method["outcomes"]) / 4


def test_the_plot_has_a_box_a_method(run, folder):
    run(*REGRET, "--sampler", "tpe,random", "--plot", "r.html", "--quiet")
    page = (folder / "r.html").read_text(encoding="utf-8")
    for name in ("tpe", "random"):
        assert json.dumps({"name": name})[1:-1].replace(" ", "") in page.replace(" ", "")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--trials", "many"), "takes whole numbers"),
        (("--trials", "1000"), "takes 1 to 36"),
        (("--trials", ""), "--trials takes one or more"),
        (("--sampler", " , "), "--sampler takes one or more"),
        (("--pruner", ""), "--pruner takes one or more"),
        (("--sampler-option", "seed=3"), "--seeds N replays the seeds"),
        (("--sampler-option", "x=1"), "No option of sampler tpe"),
        (("--plot", "nowhere/r.html"), "there is no folder"),
    ],
)
def test_bad_input_is_one_paragraph(run, args, message):
    given = list(REGRET)
    if args[0] in given:  # an option is given once
        at = given.index(args[0])
        del given[at : at + 2]
    result = run(*given, *args, code=2)
    assert message in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("done", [0, 3])
def test_an_interrupt_keeps_the_replays_that_have_ended(run, monkeypatch, done):
    @contextmanager
    def interrupted(console):
        def show(event):
            if event.done == done:
                raise KeyboardInterrupt

        yield show

    monkeypatch.setattr("hpsoft.report.regret.show_regret", interrupted)
    args = (*REGRET, "--sampler", "random,qmc", "--json")
    result = run(*args, code=130)
    if not done:
        assert result.output == "Error: Interrupted.\n"
        return
    document = json.loads(result.stdout)
    assert document["interrupted"] is True
    assert sum(method["seeds"] for method in document["methods"]) == done
    assert len(document["methods"]) + len(document["not_replayed"]) == 4
    assert result.stderr.startswith("Error: Interrupted: 3 of 16 replays had ended.")
