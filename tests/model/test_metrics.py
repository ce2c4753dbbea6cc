"""The test report is what its formulas say, number by number."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, log_loss

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


def test_the_published_run_is_the_one_of_the_issue():
    assert FASHION_MNIST.params == {
        "epochs": 35,
        "batch_size": 32,
        "learning_rate": 5e-7,
        "alpha": 1,
    }
    assert (FASHION_MNIST.validation_cost, FASHION_MNIST.test_cost) == (0.433649, 0.455827)
    assert FASHION_MNIST.test_accuracy == 0.8426
