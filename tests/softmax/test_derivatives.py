"""Gradient and Hessian: entry points agree, finite differences agree, hand values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsoft.softmax import (
    gradient,
    hessian,
    hessian_vector_product,
    regularised_cost,
    softmax,
    softmax_jacobian,
)

SEEDS = st.integers(0, 2**32 - 1)


def problem(seed):
    """Draw a small random problem: X, labels, weights, bias, alpha."""
    rng = np.random.default_rng(seed)
    n, d, classes = rng.integers(1, 8), rng.integers(1, 5), rng.integers(2, 5)
    X, labels = rng.normal(size=(n, d)), rng.integers(classes, size=n)
    weights, bias = rng.normal(size=(d, classes)), rng.normal(size=classes)
    return X, labels, weights, bias, float(rng.uniform(0, 2))


def five_point(function, theta, step=1e-3):
    """Five-point stencil: error of the order step^4."""
    found = []
    for j in range(theta.size):
        e = np.zeros(theta.size)
        e[j] = step
        f = [function(theta + m * e) for m in (-2, -1, 1, 2)]
        found.append((f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * step))
    return np.array(found)


def packed(function, weights):
    """Turn a function of weights and bias into one of a flat vector, bias last."""
    d, classes = weights.shape

    def of_flat(theta):
        both = theta.reshape(d + 1, classes)
        return function(both[:d], both[d])

    return of_flat


@given(SEEDS)
def test_gradient_by_finite_differences(seed):
    """The gradient is the five-point derivative of the cost."""
    X, labels, W, b, alpha = problem(seed)
    cost = packed(lambda W, b: regularised_cost(X, labels, W, b, alpha), W)
    theta = np.vstack([W, b]).ravel()
    coded = np.vstack(gradient(X, labels, W, b, alpha)).ravel()
    assert coded == pytest.approx(five_point(cost, theta), abs=1e-8)


@given(SEEDS)
def test_hessian_by_finite_differences(seed):
    """The Hessian is the five-point derivative of the gradient."""
    X, labels, W, b, alpha = problem(seed)
    slope = packed(lambda W, b: np.vstack(gradient(X, labels, W, b, alpha)).ravel(), W)
    found = five_point(slope, np.vstack([W, b]).ravel())
    assert hessian(X, W, b, alpha) == pytest.approx(found, abs=1e-8)


@given(SEEDS)
def test_hessian_times_vector_is_the_product(seed):
    """Both entry points give the same vector."""
    X, _, W, b, alpha = problem(seed)
    rng = np.random.default_rng(seed)
    V, v = rng.normal(size=W.shape), rng.normal(size=b.shape)
    product = np.vstack(hessian_vector_product(X, W, b, (V, v), alpha)).ravel()
    assert product == pytest.approx(hessian(X, W, b, alpha) @ np.vstack([V, v]).ravel(), abs=1e-12)


@given(SEEDS)
def test_hessian_is_symmetric_and_never_negative(seed):
    """The cost is convex; one constant on all biases is a null direction."""
    X, _, W, b, alpha = problem(seed)
    H = hessian(X, W, b, alpha)
    assert pytest.approx(H.T, abs=1e-14) == H
    assert np.linalg.eigvalsh(H).min() >= -1e-12
    shift = np.zeros(len(H))
    shift[-len(b) :] = 1
    assert H @ shift == pytest.approx(0, abs=1e-13)


def test_intercept_is_a_column_of_ones():
    """Without regularisation the bias is the weight of a constant feature."""
    X, labels, W, b, _ = problem(3)
    with_ones = np.hstack([X, np.ones((len(X), 1))])
    joined, _ = gradient(with_ones, labels, np.vstack([W, b]), np.zeros_like(b))
    assert np.vstack(gradient(X, labels, W, b)) == pytest.approx(joined)


def test_gradient_at_zero_by_hand():
    """At zero weights p = 1/C: the error of the label's class is 1/C - 1."""
    by_weights, by_bias = gradient(np.array([[2.0]]), np.array([1]), np.zeros((1, 2)), np.zeros(2))
    assert by_weights.tolist() == [[1.0, -1.0]]
    assert by_bias.tolist() == [0.5, -0.5]


def test_jacobian_rows_sum_to_zero():
    """Probabilities keep their sum, for every sample of a batch."""
    p = softmax(np.random.default_rng(0).normal(size=(4, 3)))
    assert softmax_jacobian(p).shape == (4, 3, 3)
    assert softmax_jacobian(p).sum(axis=1) == pytest.approx(np.zeros((4, 3)), abs=1e-15)
