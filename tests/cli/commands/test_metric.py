"""`--metric` and what is told of metrics, as commands print it."""

import pytest

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


def test_accuracy_that_would_choose_otherwise(run, run_json, folder):
    """Steps too long: nearly every label is found, and the others cost a lot."""
    lines = ["x,y"]
    for i in range(1000):
        x = i % 100 - 49.5
        lines.append(f"{x},{int((x > 0) != (i % 33 == 0))}")
    (folder / "far.csv").write_text("\n".join(lines))
    search = (
        "search", "--data", "far.csv", "--target", "y", "--cv", "none", "--scale", "raw",
        "--dtype", "float64", "--set", "epochs=1", "--set", "batch_size=64",
        "--set", "learning_rate=1e-12,5", "--set", "alpha=0", "--set", "averaging=0",
    )  # fmt: skip
    result = run(*search)
    assert "Chosen by cross-entropy. Accuracy would choose trial" in result.stderr
    other = run_json(*search)["by_accuracy"]
    assert f"hpsoft final --study far-sgd-grid --trial {other['trial']}" in result.stderr
    assert "--metric accuracy" in result.stderr
    best = run_json("trials", "--sort", "accuracy")["trials"][0]
    assert (best["trial"], best["accuracy"]) == (other["trial"], other["accuracy"])
