"""`hpsoft confirm` as it is typed."""

import pytest

SEARCH = (
    "search", "--data", "digits", "--cv", "none", "--set", "epochs=1,2", "--set", "batch_size=256",
    "--set", "learning_rate=0.1,0.2", "--set", "alpha=0.001,0.01",
)  # fmt: skip


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
