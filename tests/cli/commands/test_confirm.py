"""`hpsoft confirm` as it is typed."""

import pytest

SEARCH = (
    "search", "--data", "digits", "--cv", "none", "--set", "epochs=20,40", "--set", "batch_size=32",
    "--set", "learning_rate=1,2", "--set", "alpha=0.01,0.02",
)  # fmt: skip
UNTRAINED = tuple("epochs=1,2" if word == "epochs=20,40" else word for word in SEARCH)


@pytest.fixture(autouse=True)
def searched(run):
    run(*SEARCH, "--quiet")


def test_the_table_and_what_follows(run):
    result = run("confirm", "--top", "3", "--seeds", "2")
    assert "Over 2 splits the study's winner" in result.stdout
    assert "--trial confirmed" in result.stdout
    again = run("confirm", "--top", "3", "--cv", "3")
    assert "3 folds" in again.stdout
    assert "takes the place of the study's earlier confirmation" in again.stderr


def test_json_and_the_final_model(run_json):
    document = run_json("confirm", "--top", "4", "--seeds", "3")
    assert len(document["trials"]) == 4
    means = {row["trial"]: row["mean"] for row in document["trials"]}
    assert document["confirmed"] == min(means, key=means.get)
    for choice in ("confirmed", "one-se"):
        expected = document[choice.replace("-", "_")]
        assert run_json("final", "--trial", choice)["trial"] == expected


def test_one_trial_can_be_confirmed(run):
    assert "It stays the best." in run("confirm", "--top", "1", "--seeds", "2").stdout


def test_final_says_what_is_missing_or_mistyped(run):
    assert "has no confirmation yet" in run("final", "--trial", "confirmed", code=2).stderr
    assert "Did you mean 'confirmed'" in run("final", "--trial", "confirmd", code=2).stderr


def test_one_split_is_held_against_exact_optima_too(run, run_json):
    """Trials that were not trained to their end are not recommended, folds or none."""
    run(*UNTRAINED, "--study", "short", "--quiet")
    document = run_json("confirm", "--study", "short", "--top", "2", "--seeds", "2")
    assert document["confirmed"] is document["one_se"] is None
    assert [optimum["alpha"] for optimum in document["optima"]]
    err = run("final", "--study", "short", "--trial", "confirmed", code=2).stderr
    assert "exact optima cost less" in err
