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

from hpsoft.model.bootstrap import Effort, intervals, resamples
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


def test_they_are_those_of_a_loop():
    """Fewer resamples, so that the loop ends; every sample as often as it was drawn."""
    effort = Effort(resamples=40, counts=80 * 7)  # in chunks
    logits, labels = problem()
    counts = np.hstack(list(resamples(80, 80, effort))).astype(int)
    assert counts.shape == (80, 40)
    assert (counts.sum(axis=0) == 80).all()
    drawn = [np.repeat(np.arange(80), column) for column in counts.T]
    loop = [by_scikit_learn(logits[places], labels[places]) for places in drawn]
    for name, (value, interval) in intervals(logits, labels, effort=effort).items():
        assert value == pytest.approx(by_scikit_learn(logits, labels)[name], rel=1e-12), name
        expected = np.quantile([resample[name] for resample in loop], [0.025, 0.975])
        assert interval == pytest.approx(tuple(expected), rel=1e-5), name


def test_groups_are_drawn_whole():
    """Each with all of its samples, as in a loop that repeats the groups that were drawn."""
    effort = Effort(resamples=40, counts=80 * 7)
    logits, labels = problem()
    groups = np.random.default_rng(2).integers(0, 15, 80) * 3 - 7  # of any numbers, and sizes
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    counts = np.hstack(list(resamples(len(members), 80, effort))).astype(int)
    loop = []
    for column in counts.T:
        drawn = np.concatenate([np.tile(rows, n) for rows, n in zip(members, column, strict=True)])
        if len(np.unique(labels[drawn])) == 6:  # what scikit-learn's metrics need
            loop.append(by_scikit_learn(logits[drawn], labels[drawn]))
    assert len(loop) == 40
    for name, (value, interval) in intervals(logits, labels, None, groups, effort).items():
        assert value == pytest.approx(by_scikit_learn(logits, labels)[name], rel=1e-12), name
        expected = np.quantile([resample[name] for resample in loop], [0.025, 0.975])
        assert interval == pytest.approx(tuple(expected), rel=1e-5), name


def test_samples_that_repeat_in_groups_make_no_interval_shorter():
    """Ten copies of each sample, told as groups, say as much as the samples alone."""
    logits, labels = problem()
    copies = np.repeat(np.arange(80), 10)
    alone = intervals(logits, labels)
    together = intervals(logits[copies], labels[copies], None, copies)
    for name, (value, interval) in alone.items():
        assert together[name][0] == pytest.approx(value, rel=1e-9), name
        assert together[name][1] == pytest.approx(interval, rel=1e-5), name


def test_one_group_has_no_intervals():
    """It says nothing of other groups; the figures stay."""
    logits, labels = problem()
    for name, (value, interval) in intervals(logits, labels, None, np.zeros(80)).items():
        assert value == pytest.approx(intervals(logits, labels)[name][0], rel=1e-12)
        assert np.isnan(interval).all()


@pytest.mark.parametrize("exact", [True, False])
def test_weights_are_repetitions(exact):
    """A sample of weight 2 counts as two."""
    effort = Effort(exact_curves=10**9 if exact else 0)
    logits, labels = problem()
    weight = np.random.default_rng(1).integers(0, 3, 80)
    weighted = intervals(logits, labels, weight.astype(float), effort=effort)
    repeated = intervals(
        np.repeat(logits, weight, axis=0), np.repeat(labels, weight), effort=effort
    )
    for name, (value, (low, high)) in weighted.items():
        assert value == pytest.approx(repeated[name][0], rel=1e-6), name
        assert low <= value <= high


def test_they_are_the_same_every_time():
    logits, labels = problem()
    assert intervals(logits, labels) == intervals(logits, labels)


def test_to_first_order_areas_have_the_same_interval():
    """Where exact ones would take long; of two thousand samples to a twentieth of the width."""
    logits, labels = problem(2000, 5)
    exact = intervals(logits, labels, effort=Effort(resamples=300))
    nearly = intervals(logits, labels, effort=Effort(resamples=300, exact_curves=0))
    for name in ("auroc", "average_precision"):
        (value, (low, high)), (same, ends) = exact[name], nearly[name]
        assert same == pytest.approx(value, rel=1e-12)
        assert ends == pytest.approx((low, high), abs=0.05 * (high - low))


def rare(n, n_rare, gain):
    """Return logits and labels of two classes, of which the second is rare and told well."""
    labels = (np.arange(n) < n_rare).astype(int)
    score = np.random.default_rng(0).normal(size=n) + gain * labels
    return np.stack([np.zeros(n), score - gain], axis=1), labels


@pytest.mark.parametrize("flip", [False, True])
def test_a_rare_class_has_its_exact_interval(flip):
    """Near 1 it is skewed; to first order it passed over 1, or was cut there."""
    logits, labels = rare(3000, 12, 4)
    if flip:
        logits, labels = logits[:, ::-1], 1 - labels
    exact = intervals(logits, labels, effort=Effort(resamples=400))
    found = intervals(logits, labels, effort=Effort(resamples=400, exact_curves=0))
    linear = intervals(logits, labels, effort=Effort(resamples=400, exact_curves=0, rare=0))
    for name, tolerance in {"auroc": 1e-6, "average_precision": 0.002}.items():
        (value, (low, high)), (same, ends) = exact[name], found[name]
        assert same == pytest.approx(value, rel=1e-12)
        assert ends == pytest.approx((low, high), abs=tolerance * (high - low))
        assert linear[name][1][1] <= 1
    (_, (low, high)), (_, ends) = exact["auroc"], linear["auroc"]
    assert abs(ends[0] - low) > 0.05 * (high - low)


def test_only_so_many_rare_classes_are_resampled_exactly():
    """The rarest first."""
    logits, labels = rare(3000, 12, 4)
    cheap = Effort(resamples=50, exact_curves=0, rare_terms=10)
    linear = Effort(resamples=50, exact_curves=0, rare=0)
    assert intervals(logits, labels, effort=cheap) == intervals(logits, labels, effort=linear)


def test_a_class_that_few_groups_have_is_rare():
    """Drawn whole: what counts is groups, not samples."""
    logits, labels = rare(3000, 600, 3)
    groups = np.where(labels, np.arange(3000) // 50, np.arange(3000))
    exact = intervals(logits, labels, None, groups, Effort(resamples=300))
    found = intervals(logits, labels, None, groups, Effort(resamples=300, exact_curves=0))
    assert found["auroc"][1] == pytest.approx(exact["auroc"][1], rel=1e-6)


def test_several_drawn_at_a_time_give_intervals_as_wide():
    logits, labels = problem(4000, 3)
    one_by_one = intervals(logits, labels, effort=Effort(exact_curves=0))
    together = intervals(logits, labels, effort=Effort(exact_curves=0, units=1000))
    for name, (value, (low, high)) in together.items():
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
