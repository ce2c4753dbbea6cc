"""`hpsoft final`: the chosen trial on the test set."""

import json

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
