"""The test report is what its formulas say, number by number."""

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    log_loss,
    precision_recall_fscore_support,
)

from hpsoft.model.metrics import assess
from hpsoft.softmax import one_hot, softmax, wilson_interval
from hpsoft.space.reference import FASHION_MNIST

CLASSES = ("ant", "bee", "cat", "dog")


@pytest.fixture(params=["all", "one never predicted", "one absent"])
def case(request):
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(200, 4)) * 2, rng.integers(0, 4, 200)
    if request.param == "one never predicted":
        logits[:, 2] = -20
    if request.param == "one absent":
        labels[labels == 3] = 0
    return logits, labels


def test_costs_and_accuracy(case):
    logits, labels = case
    report = assess(logits, labels, CLASSES)
    predicted = logits.argmax(axis=1)
    probabilities = softmax(logits)
    assert report.cross_entropy == pytest.approx(log_loss(labels, probabilities, labels=range(4)))
    assert report.mse == pytest.approx(((probabilities - one_hot(labels, 4)) ** 2).mean())
    assert report.accuracy == accuracy_score(labels, predicted)
    hits = int((labels == predicted).sum())
    assert report.accuracy_ci95 == wilson_interval(hits, 200)
    assert report.accuracy_ci95[0] < report.accuracy < report.accuracy_ci95[1]
    assert (report.n, report.classes) == (200, CLASSES)


def test_confusion_has_the_true_class_in_rows(case):
    logits, labels = case
    report = assess(logits, labels, CLASSES)
    pairs = list(zip(labels, logits.argmax(axis=1), strict=True))
    expected = [[pairs.count((true, called)) for called in range(4)] for true in range(4)]
    assert np.array(report.confusion).tolist() == expected


def test_each_class_is_reported(case):
    """0 where nothing was called so, or nothing is so."""
    logits, labels = case
    report = assess(logits, labels, CLASSES)
    predicted = logits.argmax(axis=1)
    for k, ours in enumerate(report.per_class):
        hits = int(((labels == k) & (predicted == k)).sum())
        called, is_so = int((predicted == k).sum()), int((labels == k).sum())
        assert ours.precision == pytest.approx(hits / called if called else 0)
        assert ours.recall == pytest.approx(hits / is_so if is_so else 0)
        assert ours.f1 == pytest.approx(2 * hits / (called + is_so) if called + is_so else 0)
        assert ours.n == is_so
    assert tuple(c.name for c in report.per_class) == CLASSES


def test_a_class_neither_there_nor_called_has_zeros():
    report = assess(np.array([[1.0, 0.0, -1.0]]), np.array([0]), ("a", "b", "c"))
    assert (report.per_class[2].precision, report.per_class[2].recall) == (0, 0)
    assert (report.per_class[2].f1, report.per_class[2].n) == (0, 0)


def test_classes_count_by_weight_as_in_scikit_learn(case):
    """Macro-F1 is then the mean of the classes' F1; numbers of samples stay beside it."""
    logits, labels = case
    weight = np.random.default_rng(2).choice([0.0, 0.5, 2.0], 200)
    report, predicted = assess(logits, labels, CLASSES, weight), logits.argmax(axis=1)
    by = {"labels": range(4), "sample_weight": weight}
    precision, recall, f1, sums = precision_recall_fscore_support(
        labels, predicted, zero_division=0, **by
    )
    for k, ours in enumerate(report.per_class):
        assert (ours.precision, ours.recall, ours.f1, ours.weight) == (
            precision[k], recall[k], f1[k], sums[k]
        )  # fmt: skip
        assert ours.n == (labels == k).sum()
    matrix = confusion_matrix(labels, predicted, **by)
    np.testing.assert_array_equal(report.confusion_weight, matrix)
    np.testing.assert_array_equal(report.confusion, confusion_matrix(labels, predicted))
    used = [c.f1 for k, c in enumerate(report.per_class) if matrix[k].any() or matrix[:, k].any()]
    assert report.others["macro_f1"] == pytest.approx(np.mean(used))
    true, called, most = report.confused[0]
    assert most == matrix[true, called] == (matrix - np.diag(np.diag(matrix))).max()
    unweighted = assess(logits, labels, CLASSES)
    assert unweighted.confusion_weight is None
    assert {c.weight for c in unweighted.per_class} == {None}


def test_the_published_run_is_the_one_of_the_issue():
    assert FASHION_MNIST.params == {
        "epochs": 35,
        "batch_size": 32,
        "learning_rate": 5e-7,
        "alpha": 1,
    }
    assert (FASHION_MNIST.validation_cost, FASHION_MNIST.test_cost) == (0.433649, 0.455827)
    assert FASHION_MNIST.test_accuracy == 0.8426
