"""`hpsoft final`: the chosen trial on the test set."""

import json

import numpy as np
import pytest

from hpsoft.space.reference import FASHION_MNIST


def test_prints_costs_accuracy_classes_and_confusion(run, study):
    result = run("final", "--study", "best")
    for text in (
        "test cross-entropy",
        "test MSE",
        "95 % interval",
        "test macro-F1",
        "test AUROC",
        "Confusion matrix",
    ):
        assert text in result.stdout
    assert "reference" not in result.stdout
    assert "Training on training + validation data: 2 passes" in result.stderr
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_json(run_json, study):
    document = run_json("final")
    assert {"study", "trial", "params", "model", "test", "reference", "note"} <= document.keys()
    test = document["test"]
    assert {"cross_entropy", "mse", "accuracy", "accuracy_ci95", "n"} <= test.keys()
    assert test["accuracy_ci95"][0] < test["accuracy"] < test["accuracy_ci95"][1]
    assert sum(map(sum, test["confusion"])) == test["n"] == 360
    assert document["previous_test_uses"] == 0
    assert document["model"] is None


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
def test_saves_the_model(run, study, folder, suffix):
    out = run("final", "--model-out", f"m{suffix}").stdout
    assert f"Model saved as m{suffix}" in out
    assert (folder / f"m{suffix}").stat().st_size > 0


def test_takes_the_trial_that_is_named(run_json, study):
    assert run_json("final", "--study", study, "--trial", 3)["trial"] == 3


def test_warns_when_the_test_set_was_used_before(run, study):
    run("final", "-q")
    assert "was used once before" in run("final").stderr
    assert "was used 2 times before" in run("final").stderr


def test_quiet_prints_nothing(run, study):
    assert run("final", "--quiet").output == ""


def test_notes_which_study_was_taken(run, study, monkeypatch):
    from hpsoft.assess import final

    found = final.find_study

    def with_note(*args):
        study = found(*args)
        study.note = "Took [x]."
        return study

    monkeypatch.setattr(final, "find_study", with_note)
    assert "Note: Took [x]." in run("final").stderr


def test_stands_beside_the_reference_and_tells_of_its_mse(run, run_json, study, monkeypatch):
    from hpsoft.assess import final

    class Beside(final.FinalResult):
        def __init__(self, **facts):
            super().__init__(**{**facts, "reference": FASHION_MNIST})

    monkeypatch.setattr(final, "FinalResult", Beside)
    out = run("final").stdout
    assert "0.455827" in out
    assert "84.26 %" in out
    assert "unregularized MSE" in out
    assert run_json("final")["reference"]["test_cost"] == 0.455827


def test_out_has_what_json_has(run, run_json, study, tmp_path):
    """All classes and every metric with its interval, in a file; a folder is refused before."""
    assert "is a folder" in run("final", "--out", str(tmp_path), code=2).stderr
    assert "there is no folder" in run("final", "--out", str(tmp_path / "a" / "b"), code=2).stderr
    out = tmp_path / "final.json"
    document = run_json("final", "--out", str(out))
    assert document["previous_test_uses"] == 0
    assert json.loads(out.read_text()) == document
    test = document["test"]
    names = {"cross_entropy", "mse", "accuracy", "balanced_accuracy", "macro_f1", "top_5", "auroc"}
    assert test["intervals"].keys() == {*names, "average_precision"}
    for name, (low, high) in test["intervals"].items():
        assert low <= test[name] <= high


def groups_of(folder, in_test, **more):
    """Write arrays whose samples come in groups, with the groups of the test part, if any."""
    rng = np.random.default_rng(0)
    y, test = np.arange(90) % 3, np.arange(30) % 3
    arrays = {
        "X_train": rng.normal(size=(90, 3)) + y[:, None], "y_train": y,
        "X_test": rng.normal(size=(30, 3)) + test[:, None], "y_test": test,
        "g_train": np.arange(90) // 9, **more,
    }  # fmt: skip
    if in_test is not None:
        arrays["g_test"] = in_test
    np.savez(folder / "g.npz", **arrays)
    return ("search", "--data", "g.npz", "--groups", "g", "--set", "epochs=1,2", "--set", "batch_size=9",
            "--set", "learning_rate=0.1", "--set", "alpha=0.01", "--cv", "none", "-q")  # fmt: skip


def test_groups_are_resampled_and_said(run, run_json, folder):
    groups = 100 + np.arange(30) // 6
    run(*groups_of(folder, groups))
    document = run_json("final")
    assert (document["test"]["n_groups"], document["side"]) == (5, {"groups": "g"})
    assert document["test"]["effective_n"] < 30
    text = " ".join(run("final").stdout.split())
    assert "test groups 5" in text
    assert "the 5 groups of column 'g' are resampled whole, 2,000 times, too short with so" in text


def test_equal_samples_of_a_given_test_part_are_resampled_together(run, run_json, folder):
    """Twice the same samples say no more than once."""
    X = np.repeat(np.random.default_rng(1).normal(size=(15, 3)), 2, axis=0)
    search = groups_of(folder, None, X_test=X)
    run(*(word for word in search if word not in {"--groups", "g"}), "--dedupe")
    assert run_json("final")["test"]["n_groups"] == 15
    text = " ".join(run("final").stdout.split())
    assert "Intervals: the 15 groups of equal samples are resampled whole, 2,000 times" in text


def test_equal_samples_are_no_groups_of_a_column(run, run_json, folder):
    """Where the test part does not say its groups, its samples stay alone."""
    X = np.repeat(np.random.default_rng(1).normal(size=(15, 3)), 2, axis=0)
    run(*groups_of(folder, None, X_test=X), "--dedupe")
    assert run_json("final")["test"]["n_groups"] is None


def test_a_test_part_that_does_not_say_its_groups(run, run_json, folder):
    """Its samples are taken for independent, which is said."""
    run(*groups_of(folder, None))
    assert run_json("final")["test"]["n_groups"] is None
    assert "take test samples for independent: column 'g' does" in run("final").stdout


def test_one_group_in_the_test_part_has_no_intervals(run, run_json, folder):
    run(*groups_of(folder, np.full(30, 100)))
    test = run_json("final")["test"]
    assert test["accuracy_ci95"] == [None, None]
    assert all(ends == [None, None] for ends in test["intervals"].values())
    text = run("final").stdout
    assert "No intervals: all test samples are of one group of column 'g'." in text
    assert " to " not in text.partition("test samples")[0].partition("interval")[2]
