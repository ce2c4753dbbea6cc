"""Cross-entropy, MSE and the regularised cost against hand values and scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import log_loss, mean_squared_error

from hpsoft.softmax import cross_entropy, mse, one_hot, regularised_cost, softmax


@pytest.fixture
def rng():
    return np.random.default_rng(1)


def test_cross_entropy_by_hand():
    """-(log 3/4 + log 1/2) / 2."""
    logits = np.log([[0.25, 0.75], [0.5, 0.5]])
    assert cross_entropy(logits, np.array([1, 0])) == pytest.approx(-np.log(0.375) / 2)


def test_zero_logits_cost_log_of_the_classes():
    """Knowing nothing costs log C."""
    assert cross_entropy(np.zeros((5, 10)), np.arange(5)) == pytest.approx(np.log(10))


def test_confidently_wrong_is_dear_but_finite():
    """A logit difference of 5000 costs 5000 nats."""
    assert cross_entropy(np.array([[5000.0, 0.0]]), np.array([1])) == pytest.approx(5000)


def test_cross_entropy_is_scikit_learns_log_loss(rng):
    """The same number for random logits."""
    logits, labels = rng.normal(size=(40, 4)), rng.integers(4, size=40)
    expected = log_loss(labels, softmax(logits), labels=range(4))
    assert cross_entropy(logits, labels) == pytest.approx(expected, rel=1e-12)


def test_mse_is_scikit_learns(rng):
    """The mean over samples and classes."""
    p, labels = softmax(rng.normal(size=(40, 4))), rng.integers(4, size=40)
    assert mse(p, labels) == pytest.approx(mean_squared_error(one_hot(labels, 4), p), rel=1e-12)


def test_mse_of_certainty():
    """Right for sure costs 0, wrong for sure 2 / C."""
    assert mse(np.array([[1.0, 0.0, 0.0, 0.0]]), np.array([0])) == 0
    assert mse(np.array([[1.0, 0.0, 0.0, 0.0]]), np.array([1])) == 0.5


def test_only_weights_are_regularised():
    """alpha/2 ||W||^2 is added; a large bias adds nothing of its own."""
    X, labels = np.zeros((1, 2)), np.array([0])
    weights, bias = np.array([[1.0, 2.0], [0.0, 2.0]]), np.array([50.0, 50.0])
    cost = regularised_cost(X, labels, weights, bias, alpha=4.0)
    assert cost == pytest.approx(np.log(2) + 2.0 * 9.0)
