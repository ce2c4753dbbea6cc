"""Weighted means and class factors are scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, log_loss
from sklearn.utils.class_weight import compute_class_weight

from hpsoft.softmax import accuracy, cross_entropy, gradient, mse, regularised_cost, softmax
from hpsoft.softmax.batched import residual
from hpsoft.softmax.classweight import class_factors


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40), st.integers(0, 2**32))
def test_factors(labels, seed):
    """At 1 scikit-learn's balanced, at 0 exactly 1, and 1 in the mean by weight everywhere."""
    labels, rng = np.array([*range(4), *labels]), np.random.default_rng(seed)
    weight = rng.exponential(size=len(labels))
    powers = np.array([0.0, 0.3, 0.5, 1.0])
    theirs = compute_class_weight("balanced", classes=np.arange(4), y=labels)
    np.testing.assert_allclose(class_factors(labels, 4, powers)[:, 3], theirs, rtol=1e-12)
    found = class_factors(labels, 4, powers, weight)
    assert (found[:, 0] == 1).all()
    counts = np.bincount(labels, weight)
    np.testing.assert_allclose(counts @ found, counts.sum(), rtol=1e-12)
    np.testing.assert_allclose(found[:, 3] * counts, counts.sum() / 4, rtol=1e-12)
    for k, power in enumerate(powers):  # proportional to (n / n_k)^p
        np.testing.assert_allclose(np.ptp(found[:, k] * counts**power / found[0, k] / counts[0] ** power), 0, atol=1e-12)  # fmt: skip


def test_a_class_without_weight_counts_nothing():
    """Nothing is divided by 0; the others share what there is."""
    labels, weight = np.array([0, 0, 1, 2]), np.array([1.0, 1.0, 1.0, 0.0])
    found = class_factors(labels, 3, np.array([1.0, 0.5]), weight)
    assert (found[2] == 0).all()
    np.testing.assert_allclose(found[:2, 0], [0.75, 1.5])


def sample(seed=0, n=50):
    rng = np.random.default_rng(seed)
    X, labels = rng.normal(size=(n, 4)), rng.integers(0, 3, n)
    return X, labels, rng.normal(size=(4, 3)), rng.normal(size=3), rng.exponential(size=n)


def test_means_are_those_of_scikit_learn():
    X, labels, W, b, weight = sample()
    logits = X @ W + b
    theirs = log_loss(labels, softmax(logits), sample_weight=weight)
    assert cross_entropy(logits, labels, weight) == pytest.approx(theirs, rel=1e-12)
    hits = accuracy_score(labels, logits.argmax(axis=1), sample_weight=weight)
    assert accuracy(logits, labels, weight) == pytest.approx(hits, rel=1e-12)
    twice = np.repeat(np.arange(50), labels + 1)
    expected = mse(softmax(logits)[twice], labels[twice])
    assert mse(softmax(logits), labels, labels + 1.0) == pytest.approx(expected, rel=1e-12)


def test_gradient_is_that_of_the_weighted_cost():
    """By a complex step."""
    X, labels, W, b, weight = sample()
    slope, of_bias = gradient(X, labels, W, b, 0.1, weight)
    for j, k in np.ndindex(W.shape):
        moved = W.astype(complex)
        moved[j, k] += 1e-30j
        cost = regularised_cost(X, labels, moved, b, 0.1, weight)
        assert slope[j, k] == pytest.approx(cost.imag / 1e-30, rel=1e-10, abs=1e-14)
    assert of_bias.sum() == pytest.approx(0, abs=1e-14)


@pytest.mark.parametrize("width", [1, 5])
def test_residuals_of_many_models(width):
    """A weight a sample, or one for each of the models."""
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(150, 3, 5)), rng.integers(0, 3, 150)
    weight = rng.exponential(size=(150, width))
    expected = np.stack(
        [
            (softmax(logits[..., m]) - np.eye(3)[labels]) * weight[:, min(m, width - 1), None]
            for m in range(5)
        ],
        axis=-1,
    )
    residual(logits, labels, weight)
    np.testing.assert_allclose(logits, expected, rtol=1e-12, atol=1e-15)
