"""Metrics of many models at once are scikit-learn's, one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, log_loss, recall_score, top_k_accuracy_score

from hpsoft.softmax import softmax
from hpsoft.softmax.tally import Tally


def problem(seed, n, n_classes, n_models, *, coarse, absent):
    """Return logits (n, n_classes, n_models), labels and weights; coarse logits have ties."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(n, n_classes, n_models)) * 2
    labels = rng.integers(0, max(1, n_classes - absent), n)
    weights = rng.integers(0, 4, n) / 2
    weights[0] = 1.0
    return (np.round(logits) if coarse else logits), labels, weights


def by_scikit_learn(logits, labels, weights):
    """Return the metrics of one model as scikit-learn has them; classes may be absent."""
    n_classes = logits.shape[1]
    predicted, given = logits.argmax(axis=1), {"sample_weight": weights}
    every = range(n_classes)
    recalls = recall_score(labels, predicted, labels=every, average=None, zero_division=0, **given)
    support = np.bincount(labels, weights, n_classes)
    found = {
        "cross_entropy": log_loss(labels, softmax(logits), labels=every, **given),
        "accuracy": accuracy_score(labels, predicted, **given),
        "balanced_accuracy": recalls[support > 0].mean(),
    }
    counted = weights > 0  # scikit-learn would count a class of samples that weigh nothing
    found["macro_f1"] = f1_score(
        labels[counted], predicted[counted], average="macro", zero_division=0,
        sample_weight=weights[counted],
    )  # fmt: skip
    if n_classes > 5:
        found["top_5"] = top_k_accuracy_score(labels, logits, k=5, labels=every, **given)
    return found


@pytest.mark.parametrize("seed", range(8))
def test_no_share_is_above_1(seed):
    """Where all is right: sums of weights in one order may be above those in another."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 6, 40)
    tally = Tally(6, 8)
    logits = np.repeat(10.0 * np.eye(6)[labels][..., None], 8, axis=2)
    tally.add(logits, labels, rng.random(40))
    for name, values in tally.scores().items():
        if name != "cross_entropy":
            assert (values <= 1).all()
            assert (values > 1 - 1e-12).all()


@settings(max_examples=40)
@given(
    st.integers(0, 2**32), st.integers(1, 40), st.integers(2, 9), st.booleans(), st.integers(0, 3),
    st.booleans(), st.integers(1, 40),
)  # fmt: skip
def test_metrics_are_scikit_learns(seed, n, n_classes, coarse, absent, weighted, chunk):
    """With ties, absent classes, one class alone, weights, in chunks of any size."""
    logits, labels, weights = problem(seed, n, n_classes, 3, coarse=coarse, absent=absent)
    tally = Tally(n_classes, 3)
    for first in range(0, n, chunk):
        part = slice(first, first + chunk)
        tally.add(logits[part].copy(), labels[part], weights[part] if weighted else None)
    scores = tally.scores()
    for m in range(3):
        expected = by_scikit_learn(logits[..., m], labels, weights if weighted else np.ones(n))
        assert scores.keys() == expected.keys()
        for name, value in expected.items():
            assert scores[name][m] == pytest.approx(value, abs=1e-12), name


def test_many_classes_in_one_chunk():
    """More marks than fit in a byte, by samples and by classes."""
    logits, labels, _ = problem(0, 300, 600, 2, coarse=True, absent=0)
    tally = Tally(600, 2)
    tally.add(logits.copy(), labels)
    scores = tally.scores()
    for m in range(2):
        expected = by_scikit_learn(logits[..., m], labels, np.ones(300))
        for name, value in expected.items():
            assert scores[name][m] == pytest.approx(value, abs=1e-12), name


def test_a_diverged_model_has_no_metric_and_changes_no_other():
    logits, labels, _ = problem(1, 50, 7, 3, coarse=True, absent=0)
    alone = Tally(7, 2)
    alone.add(logits[..., [0, 2]].copy(), labels)
    logits[..., 1] = np.nan
    tally = Tally(7, 3)
    with np.errstate(all="ignore"):
        tally.add(logits, labels)
        scores = tally.scores()
    for name, values in scores.items():
        assert np.isnan(values[1])
        np.testing.assert_array_equal(values[[0, 2]], alone.scores()[name])
