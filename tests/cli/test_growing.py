"""`hpsoft search` on a study whose grid has grown, as it is typed."""

GRID = (
    "search", "--data", "digits", "--set", "epochs=1,2", "--set", "batch_size=256",
    "--set", "learning_rate=0.1,0.2", "--set", "alpha=0.001,0.01", "--storage", "s.db",
)  # fmt: skip
EXTEND = ("search", "--data", "digits", "--storage", "s.db", "--extend")


def test_the_first_command_goes_on_after_the_grid_has_grown(run, run_json):
    run(*GRID, "--quiet")
    grown = run_json(*EXTEND)
    assert grown["n_grid"] > 8
    assert grown["n_run"] == grown["n_grid"] - 8
    again = run(*GRID)
    assert f"its grid has grown to {grown['n_grid']} points, the 8 of this" in again.stderr
    assert "finished, nothing is left to train" in again.stderr
    assert f"{grown['n_grid']}/{grown['n_grid']} grid points" in again.stdout


def test_extend_of_an_unfinished_grid_finishes_it_and_says_so(run):
    run(*GRID, "--timeout", "0.000001s", "--quiet")
    result = run(*EXTEND)
    assert "is not finished: 0 of 8 points" in " ".join(result.stderr.split())
    assert "8/8 grid points, each with exactly one finished trial" in result.stdout
