"""`hpsoft model show|export`, and `final --calibrate`, whose temperature they tell."""

import numpy as np
import pytest
from trained_models import COLUMNS, make_model

from hpsoft.data.encoding.encoding import Encoding
from hpsoft.data.encoding.number import Number
from hpsoft.model.files import load, save


def test_what_a_trained_model_says(run, run_json, study, folder):
    result = run("final", "--model-out", "m.npz", "--calibrate")
    assert "Temperature 0." in result.stdout
    assert "of the validation part" in result.stdout
    assert "test calibration error" in result.stdout
    shown = run("model", "show", "m.npz").stdout
    for text in (
        "Study digits-sgd-grid, trial", "Trained on 1,437 samples of digits", "Classes (10): 0, 1",
        "Features (64): without names", "Scale: unit", "test cross-entropy", "Temperature 0.",
        "sklearn-C", "glmnet-lambda",
    ):  # fmt: skip
        assert text in shown
    document = run_json("model", "show", "m.npz")
    assert document["study"] == study
    assert document["test"]["n"] == 360
    low, high = document["test"]["intervals"]["accuracy"]
    assert low < document["test"]["accuracy"] < high
    alpha = document["params"]["alpha"]
    assert document["l2"]["sklearn-C"] == pytest.approx(1 / (alpha * 1437))
    found = document["calibration"]
    assert document["temperature"] == found["temperature"]
    before, after = (found["validation"][when] for when in ("before", "after"))
    assert after["cross_entropy"] < before["cross_entropy"]  # T = 1 is a candidate
    assert after["error"] < before["error"]
    assert (before["n"], found["test"]["before"]["n"], found["bins"]) == (288, 360, 15)
    told = found["test"]["after"]["cross_entropy"]
    assert f"with it the test cross-entropy is {told:#.6g} instead of" in " ".join(shown.split())
    model = load(folder / "m.npz")
    X = np.ones((1, 64))
    logits = model.logits(X)
    p = np.exp(logits / model.temperature)
    np.save(folder / "x.npy", X)
    ours = run_json("predict", "m.npz", "x.npy", "--proba")["probabilities"]
    np.testing.assert_allclose(ours, p / p.sum())


def test_a_model_of_a_table(run, run_json, folder):
    save(make_model(encoding=COLUMNS, spans=[(0, 2)], alpha=None), folder / "m.npz")
    shown = run("model", "show", "m.npz").stdout
    assert "Of these it looks at 2: 0:2" in shown
    assert "5 features of 0 and 1" not in shown
    assert "colour" in shown
    assert "left out: constant" in shown
    assert "Trial -, optimizer None" in shown
    assert "L2 as" not in shown
    document = run_json("model", "show", "m.npz")
    assert document["columns"][2]["name"] == "colour"
    assert document["feature_columns"] == "0:2"
    assert document["l2"] is document["test"] is document["calibration"] is None


def test_many_columns_and_no_strength(run, folder):
    many = Encoding(tuple(Number(f"x{i}", fill=0.0) for i in range(30)))
    model = make_model(
        25, encoding=many, n_train=9, params={"alpha": 0}, optimizer="sgd",
        test={"n": 5, "accuracy": 0.5},
    )  # fmt: skip
    save(model, folder / "m.npz")
    shown = run("model", "show", "m.npz").stdout
    assert "and 10 more; --json has all" in shown
    assert "... and 10 more columns" in shown
    assert "inf" in shown
    assert "50.00 %" in shown


def test_an_export(run, run_json, folder):
    save(make_model(encoding=COLUMNS, temperature=2.0), folder / "m.npz")
    result = run("model", "export", "m.npz", "--format", "npz")
    assert "Wrote m.folded.npz" in result.stdout
    assert "The temperature 2 is folded in" in result.stdout
    assert "Scale standard is folded into" in run("model", "show", "m.folded.npz").stdout
    document = run_json("model", "export", "m.npz", "--format", "torch", "--out", "a.safetensors")
    assert document["path"] == "a.safetensors"
    assert document["dtype"] == "float32"
    assert run("model", "export", "m.npz", "--format", "torch", "-q").output == ""
    assert "Did you mean" in run("model", "export", "m.npz", "--format", "torc", code=2).stderr
    assert "There is no file" in run("model", "show", "gone.npz", code=2).stderr


def test_rows_of_norm_1_are_told(run, folder):
    save(make_model(scale="l2-rows", spans=[(0, 2)]), folder / "m.npz")
    out = run("model", "export", "m.npz", "--format", "torch").stdout
    assert "divide each row by its Euclidean norm first" in out
    assert "features of its feature set alone" in out
