"""Intervals are those of a loop over resamples that calls scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    balanced_accuracy_score,
    f1_score,
    log_loss,
    roc_auc_score,
    top_k_accuracy_score,
)

from hpsoft.model import bootstrap
from hpsoft.model.bootstrap import intervals, resamples
from hpsoft.softmax import one_hot, softmax


def problem(n=80, n_classes=6, gain=1.5):
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(n, n_classes)), rng.integers(0, n_classes, n)
    logits[np.arange(n), labels] += gain
    return logits, labels


def by_scikit_learn(logits, labels):
    """Return all metrics of a sample in which every class is."""
    probabilities, predicted = softmax(logits), logits.argmax(axis=1)
    truth = one_hot(labels, logits.shape[1])
    return {
        "cross_entropy": log_loss(labels, probabilities),
        "mse": ((probabilities - truth) ** 2).mean(),
        "top_5": top_k_accuracy_score(labels, logits, k=5),
        "accuracy": accuracy_score(labels, predicted),
        "balanced_accuracy": balanced_accuracy_score(labels, predicted),
        "macro_f1": f1_score(labels, predicted, average="macro"),
        "auroc": roc_auc_score(labels, probabilities, multi_class="ovr"),
        "average_precision": average_precision_score(truth, probabilities),
    }


def test_they_are_those_of_a_loop(monkeypatch):
    """Fewer resamples, so that the loop ends; every sample as often as it was drawn."""
    monkeypatch.setattr(bootstrap, "RESAMPLES", 40)
    monkeypatch.setattr(bootstrap, "COUNTS", 80 * 7)  # in chunks
    logits, labels = problem()
    counts = np.hstack(list(resamples(80))).astype(int)
    assert counts.shape == (80, 40)
    assert (counts.sum(axis=0) == 80).all()
    drawn = [np.repeat(np.arange(80), column) for column in counts.T]
    loop = [by_scikit_learn(logits[places], labels[places]) for places in drawn]
    for name, (value, interval) in intervals(logits, labels).items():
        assert value == pytest.approx(by_scikit_learn(logits, labels)[name], rel=1e-12), name
        expected = np.quantile([resample[name] for resample in loop], [0.025, 0.975])
        assert interval == pytest.approx(tuple(expected), rel=1e-5), name


@pytest.mark.parametrize("exact", [True, False])
def test_weights_are_repetitions(monkeypatch, exact):
    """A sample of weight 2 counts as two."""
    monkeypatch.setattr(bootstrap, "EXACT_CURVES", 10**9 if exact else 0)
    logits, labels = problem()
    weight = np.random.default_rng(1).integers(0, 3, 80)
    weighted = intervals(logits, labels, weight.astype(float))
    repeated = intervals(np.repeat(logits, weight, axis=0), np.repeat(labels, weight))
    for name, (value, (low, high)) in weighted.items():
        assert value == pytest.approx(repeated[name][0], rel=1e-6), name
        assert low <= value <= high


def test_they_are_the_same_every_time():
    logits, labels = problem()
    assert intervals(logits, labels) == intervals(logits, labels)


def test_to_first_order_areas_have_the_same_interval(monkeypatch):
    """Where exact ones would take long; of two thousand samples to a twentieth of the width."""
    monkeypatch.setattr(bootstrap, "RESAMPLES", 300)
    logits, labels = problem(2000, 5)
    exact = intervals(logits, labels)
    monkeypatch.setattr(bootstrap, "EXACT_CURVES", 0)
    for name in ("auroc", "average_precision"):
        (value, (low, high)), (same, ends) = exact[name], intervals(logits, labels)[name]
        assert same == pytest.approx(value, rel=1e-12)
        assert ends == pytest.approx((low, high), abs=0.05 * (high - low))


def test_groups_of_samples_give_intervals_as_wide(monkeypatch):
    monkeypatch.setattr(bootstrap, "EXACT_CURVES", 0)
    logits, labels = problem(4000, 3)
    one_by_one = intervals(logits, labels)
    monkeypatch.setattr(bootstrap, "GROUPS", 1000)
    for name, (value, (low, high)) in intervals(logits, labels).items():
        same, ends = one_by_one[name]
        assert value == pytest.approx(same, rel=1e-9), name
        assert high - low == pytest.approx(ends[1] - ends[0], rel=0.15), name


@pytest.mark.parametrize("size", [1e300, 1e308])
def test_huge_logits_have_metrics_and_no_warning(size):
    """Where the cost itself leaves float64, it has no interval; what counts samples does."""
    labels = np.array([0, 1, 1, 0])
    logits = np.array([[1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, -1.0]]) * size
    found = intervals(logits, labels)
    assert found["accuracy"][0] == 0.75
    assert found["accuracy"][1][1] == 1.0
    assert found["cross_entropy"][0] > 1e299


def test_what_has_no_figure_has_none():
    """One class alone has no curve; one sample has every interval at its figure."""
    found = intervals(np.array([[2.0, 0.0]]), np.array([0]))
    assert np.isnan(found["auroc"][0])
    assert np.isnan(found["auroc"][1]).all()
    assert found["accuracy"] == (1.0, (1.0, 1.0))
    assert "top_5" not in found


def test_no_cost_is_below_zero():
    """One sample makes the mean: without it rounding is left, which is never below 0."""
    logits, labels = problem()
    logits[3] = 0
    logits[3, (labels[3] + 1) % 6] = 1e30
    mean, (low, high) = intervals(logits, labels)["cross_entropy"]
    assert 0 <= low < mean < high
