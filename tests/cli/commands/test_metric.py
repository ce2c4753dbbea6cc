"""`--metric` and what is told of metrics, as commands print it."""

import pytest

from hpsoft.tuning.noise import ByAccuracy, Difference

METRICS = ("cross_entropy", "accuracy", "balanced_accuracy", "macro_f1", "top_5")
SEARCH = (
    "search", "--data", "digits", "--cv", "3", "--set", "epochs=1,2", "--set", "batch_size=256",
    "--set", "learning_rate=0.1,0.2", "--set", "alpha=0.001",
)  # fmt: skip


@pytest.mark.parametrize("metric", ["accuracy", "macro-f1"])
def test_a_winner_by_another_metric(run, run_json, metric):
    """Named in the study, shown first in tables, and in the commands to run next."""
    result = run(*SEARCH, "--metric", metric)
    name = metric.replace("-", "_")
    title = {"macro-f1": "macro-F1"}.get(metric, metric)
    assert f"Chosen by {title}." in result.stderr
    assert f"Validation {title} " in result.stdout
    assert f"hpsoft final --study digits-sgd-grid-{metric}" in result.stderr
    document = run_json("trials")
    values = [trial["value"] for trial in document["trials"]]
    assert values == sorted(values, reverse=True)
    first = document["trials"][0]
    assert first["value"] == first[name]
    assert all(0 <= first["standard_errors"][key] < 1 for key in METRICS)
    for sort in METRICS:
        sorted_by = run_json("trials", "--sort", "cost" if sort == "cross_entropy" else sort)
        scores = [trial[sort] for trial in sorted_by["trials"]]
        assert scores == sorted(scores, reverse=sort != "cross_entropy")
    (study,) = run_json("studies")["studies"]
    assert (study["metric"], study["best_value"]) == (name, first["value"])
    assert title in run("studies").stdout
    final = run_json("final")
    assert (final["metric"], final["validation"][name]) == (name, first["value"])
    assert final["validation_cost"] == first["cross_entropy"]
    assert f"validation {title}, when chosen" in run("final").stdout


def test_what_makes_no_sense_is_refused_before_anything_is_written(run, folder):
    for metric, message in (("acc", "No metric 'acc'"), ("roc_auc", "AUROC chooses no winner")):
        assert message in run(*SEARCH, "--metric", metric, code=2).stderr
    assert not list(folder.iterdir())


def test_accuracy_that_would_choose_otherwise(run, run_json, monkeypatch):
    """The search says so, with the commands; by how much is tested where it is computed."""

    def otherwise(ranking, n_samples, overlap):
        return ByAccuracy(ranking[1], Difference(0.05, 0.01))

    monkeypatch.setattr("hpsoft.tuning.run.chosen_by_accuracy", otherwise)
    told = run(*SEARCH).stderr
    second = run_json("trials", "--top", 2)["trials"][1]
    assert f"Chosen by cross-entropy. Accuracy would choose trial {second['trial']}: " in told
    assert "5 points more than the winner's" in told
    assert f"hpsoft final --study digits-sgd-grid --trial {second['trial']}" in told
    assert "hpsoft search --data digits --cv 3 --set " in told
    assert " --metric accuracy --study digits-sgd-grid-accuracy\n" in told
    told = run_json(*SEARCH)["by_accuracy"]
    assert told == {
        "trial": second["trial"], "accuracy": second["accuracy"], "gain": 0.05,
        "standard_error": 0.01,
    }  # fmt: skip
