"""`--set C=...`: scikit-learn's strength of L2, of which a study keeps alpha."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from hpsoft import SoftmaxRegression
from hpsoft.data import load
from hpsoft.model.files import load as load_model
from hpsoft.softmax import softmax

NEWTON = ("search", "--data", "digits", "--optimizer", "newton", "--set", "iterations=8")
N_TRAIN = 1149  # of the digits, without the test part and a fifth to choose by
N_FINAL = 1437


def test_the_study_keeps_alpha_for_the_samples_that_are_trained_on(run_json, run):
    result = run(*NEWTON, "--cv", "none", "--set", "C=0.1,1", "--study", "s")
    assert "C is alpha = 1 / (C n), with n = 1,149 samples" in " ".join(result.stderr.split())
    trials = run_json("trials", "--study", "s")["trials"]
    found = sorted(trial["params"]["alpha"] for trial in trials)
    np.testing.assert_allclose(found, [1 / N_TRAIN, 10 / N_TRAIN])
    assert not any("C" in trial["params"] for trial in trials)


@pytest.fixture
def table(folder):
    """Write 100 rows of two classes."""
    rng = np.random.default_rng(0)
    rows = [f"{x:.4f},{y:.4f},{'ab'[int(x + y + e > 0)]}" for x, y, e in rng.normal(size=(100, 3))]
    (folder / "t.csv").write_text("\n".join(["x,y,label", *rows]))
    return "t.csv"


def test_final_tells_it_of_what_it_is_trained_on(run, folder, table):
    """C = 1 of 64 samples is less of the 80 of final: with that scikit-learn ends there too."""
    search = (*NEWTON[:2], table, *NEWTON[3:], "--cv", "none", "--set", "C=1", "--study", "s")
    result = run(*search)
    assert "C is alpha = 2 / (C n) of two classes, with n = 64 samples" in " ".join(
        result.stderr.split()
    )
    out = run("final", "--study", "s", "--model-out", "m.npz").stdout
    assert "alpha elsewhere: C 0.8 of scikit-learn, lambda 0.015625 of glmnet," in out
    samples = load(table).training.everything
    X = np.asarray(samples.X)
    data = StandardScaler().fit_transform(X)
    theirs = LogisticRegression(C=0.8, tol=1e-9).fit(data, samples.labels)
    ours = softmax(load_model(folder / "m.npz").logits(X))
    np.testing.assert_allclose(ours, theirs.predict_proba(data), atol=1e-5)


def test_with_weights_n_is_their_sum(run_json, run, folder):
    """What scikit-learn's C counts: by it the search's alpha leads to scikit-learn's optimum."""
    rng = np.random.default_rng(0)
    X, w = rng.normal(size=(90, 2)), rng.integers(1, 6, 90)
    y = np.where(X.sum(axis=1) + rng.normal(size=90) > 0, "a", "b")
    part = np.repeat(["train", "val", "test"], [60, 20, 10])
    rows = [f"{x[0]:.6f},{x[1]:.6f},{k},{c},{p}" for x, k, c, p in zip(X, w, y, part, strict=True)]
    (folder / "t.csv").write_text("\n".join(["x,z,w,label,part", *rows]))
    asked = ("--split", "part", "--sample-weight", "w", "--set", "C=1", "--study", "s")
    result = run("search", "--data", "t.csv", *NEWTON[3:], *asked)
    total = int(w[:60].sum())
    assert f"with n = {total}, the sum of the weights that a model is trained by." in " ".join(
        result.stderr.split()
    )
    (trial,) = run_json("trials", "--study", "s")["trials"]
    alpha = trial["params"]["alpha"]
    assert alpha == pytest.approx(2 / total)
    fit = {"sample_weight": w[:60]}
    X, y = np.round(X[:60], 6), y[:60]
    ours = SoftmaxRegression(optimizer="newton", alpha=alpha, scale="raw").fit(X, y, **fit)
    theirs = LogisticRegression(C=1, tol=1e-9).fit(X, y, **fit)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-5)


def test_the_document_has_every_unit(run_json, study):
    """Of the small search: alpha 0.001 or 0.01, on 1,437 samples."""
    document = run_json("final")
    alpha = document["params"]["alpha"]
    assert document["l2"]["sklearn-C"] == pytest.approx(1 / (alpha * N_FINAL))
    assert document["l2"]["pytorch-weight-decay"] == document["l2"]["alpha"] == alpha


def test_a_range_of_it_on_a_grid_is_told_by_its_name(run, folder):
    """As it was typed, not as the alpha that it becomes; a file's too."""
    error = run(*NEWTON, "--set", "C=log:0.1:10", code=2).stderr
    assert "needs listed values, and C has a range." in " ".join(error.split())
    (folder / "space.toml").write_text("C = {log = [0.1, 10]}")
    error = run(*NEWTON, "--space", "space.toml", code=2).stderr
    assert "needs listed values, and C has a range." in " ".join(error.split())
    error = run(*NEWTON, "--set", "alpha=log:0.1:10", "--space", "space.toml", code=2).stderr
    assert "needs listed values, and alpha has a range." in " ".join(error.split())


def test_a_space_file_is_told_likewise(run, folder):
    (folder / "space.toml").write_text("C = [1, 10]")
    result = run(*NEWTON, "--space", "space.toml", "--dry-run")
    assert "C is alpha = 1 / (C n), with n = 1,149 samples" in " ".join(result.stderr.split())
    assert "alpha" in result.stdout


def test_both_strengths_contradict_each_other(run):
    result = run(*NEWTON, "--set", "C=1", "--set", "alpha=1", "--study", "s", code=2)
    assert "C and alpha are the same strength of L2" in " ".join(result.stderr.split())
    assert "no studies" in run("trials", "--study", "s", code=2).stderr
