"""Weights from the command line: search, final, confirm and optimum agree on what counts."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hpsoft.data import load, split
from hpsoft.model.files import load as load_model
from hpsoft.softmax import softmax

SET = ("--set", "iterations=20", "--set", "alpha=0.01,0.1", "--optimizer", "newton")


@pytest.fixture
def table(folder):
    """Write a table with a column of weights, a class of few among its two."""
    rng = np.random.default_rng(0)
    X, weight = rng.normal(size=(160, 3)), rng.exponential(size=160)
    labels = np.where(X[:, 0] + 0.8 * rng.normal(size=160) > 1, "rare", "usual")
    rows = ["a,b,c,w,label"]
    rows += [
        ",".join(map(str, [*x, w, label]))
        for x, w, label in zip(X.round(4), weight.round(4), labels, strict=True)
    ]
    (folder / "t.csv").write_text("\n".join(rows))
    return "t.csv"


def test_search_final_confirm_and_optimum(run, run_json, table):
    """The test figures are scikit-learn's weighted ones; the optimum is Newton's own result."""
    weights = ("--sample-weight", "w", "--set", "class_weight=none,balanced")
    result = run("search", "--data", table, *weights, *SET, "--jobs", "1")
    assert "holds the weights (--sample-weight)" in result.output
    assert "Samples count by their weight in training" in result.output
    assert run("search", "--data", table, *weights, *SET, "--jobs", "1")  # is the same search
    document = run_json("final", "--model-out", "m.npz")
    test = load(table, side={"sample_weight": "w"}).test
    logits = load_model(Path("m.npz")).logits(np.asarray(test.X))
    found = document["test"]
    cost = log_loss(test.labels, softmax(logits), sample_weight=test.weight)
    assert found["cross_entropy"] == pytest.approx(cost, rel=1e-9)
    hits = accuracy_score(test.labels, logits.argmax(axis=1), sample_weight=test.weight)
    assert found["accuracy"] == pytest.approx(hits, rel=1e-12)
    assert found["accuracy_ci95"][0] < hits < found["accuracy_ci95"][1]
    assert "test samples, weighted" in run("final").stdout
    optimum = run_json("optimum")
    assert {(o["alpha"], o["class_weight"]) for o in optimum["optima"]} == {
        (0.01, 0.0), (0.01, 1.0), (0.1, 0.0), (0.1, 1.0),
    }  # fmt: skip
    assert all(abs(trial["validation_gap"]) < 1e-6 for trial in optimum["trials"])
    assert "alpha  class_weight  training cost" in run("optimum").stdout
    confirmed = run_json("confirm", "--top", "4", "--seeds", "1")
    for trial in confirmed["trials"]:
        (twin,) = [
            o for o in confirmed["optima"]
            if (o["alpha"], o.get("class_weight", 0.0))
            == (trial["params"]["alpha"], trial["params"]["class_weight"])
        ]  # fmt: skip
        assert trial["mean"] == pytest.approx(twin["mean"], rel=1e-5)


def test_other_weights_are_another_search(run, table):
    """They are part of the fingerprint."""
    run("search", "--data", table, *SET, "--drop", "w", "--study", "s", "--jobs", "1")
    again = ("search", "--data", table, *SET, "--sample-weight", "w", "--study", "s")
    assert "data set" in run(*again, code=2).output


def test_nothing_is_written_where_weights_are_odd(run, table, folder):
    content = (folder / table).read_text()
    (folder / table).write_text(content.replace("usual", "usual,9").replace("rare", "rare,-9"))
    text = (folder / table).read_text().replace("a,b,c,w,label", "a,b,c,w,label,v")
    (folder / table).write_text(text)
    result = run("search", "--data", table, "--target", "label", "--sample-weight", "v", code=2)
    assert "--sample-weight v is negative in" in result.output
    assert not (folder / "hpsoft.journal").exists()


def test_show_and_info_take_the_column(run, run_json, table):
    """As search does: the space is that of weighted data, the weights are no feature."""
    document = run_json("data", "info", table, "--sample-weight", "w")
    assert document["n_features"] == 3
    shown = run_json("optimizers", "show", "sgd", "--data", table, "--sample-weight", "w")
    plain = run_json("optimizers", "show", "sgd", "--data", table)
    assert shown["space"]["learning_rate"] != plain["space"]["learning_rate"]


def test_trials_are_measured_by_weight(run_json, table):
    """What validation says is scikit-learn's, with the weights of what is held out."""
    one = ("--optimizer", "newton", "--set", "iterations=20", "--set", "alpha=0.1", "--cv", "none")
    options = ("--data", table, *one, "--sample-weight", "w", "--metric", "accuracy")
    (trial,) = run_json("search", *options)["leaderboard"]
    data = load(table, side={"sample_weight": "w"}).training
    train, held = (part := split(data, 0.2, 0)).train, part.validation
    # Of two classes scikit-learn has one row of coefficients: the difference of our two.
    peer = make_pipeline(StandardScaler(), LogisticRegression(C=2 / (0.1 * len(train)), tol=1e-9))
    weight = train.weight / train.weight.mean()
    peer.fit(train.X, train.labels, logisticregression__sample_weight=weight)
    right = accuracy_score(held.labels, peer.predict(held.X), sample_weight=held.weight)
    assert trial["accuracy"] == pytest.approx(right, rel=1e-9)
    assert right != accuracy_score(held.labels, peer.predict(held.X))


def test_only_ratios_of_weights_count(run_json, folder, table):
    """Also beyond the range of float32."""
    lines = (folder / table).read_text().splitlines()
    large = [lines[0]]
    for line in lines[1:]:
        *x, weight, label = line.split(",")
        large.append(",".join([*x, f"{float(weight) * 1e39!r}", label]))
    (folder / "large.csv").write_text("\n".join(large))
    options = ("--sample-weight", "w", *SET, "--jobs", "1")
    found = [
        [t["value"] for t in run_json("search", "--data", data, *options)["leaderboard"]]
        for data in (table, "large.csv")
    ]
    assert found[1] == pytest.approx(found[0], rel=1e-5)


def test_a_test_part_without_weight_is_refused_at_once(run, folder):
    rows = [
        f"{i % 7},{i % 2},{'test' if i % 5 == 0 else 'train'},{int(i % 5 > 0)}" for i in range(60)
    ]
    (folder / "s.csv").write_text("\n".join(["a,label,part,w", *rows]))
    options = ("--split", "part", "--sample-weight", "w")
    told = run("search", "--data", "s.csv", *options, "--target", "label", code=2).output
    assert "All 12 samples to test by have the weight 0" in " ".join(told.split())
    assert not (folder / "hpsoft.journal").exists()
