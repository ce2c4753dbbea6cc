"""Cost, gradient and Hessian-vector products of many models are those of hpsoft.softmax."""

import numpy as np
import pytest
from hpsoft_newton import objective as module
from hpsoft_newton.objective import Objective, dot
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsoft.softmax import gradient, hessian_vector_product, regularised_cost


@st.composite
def cases(draw):
    """An objective, and a point and a direction for each of its models."""
    n, d = draw(st.integers(1, 40)), draw(st.integers(1, 6))
    n_classes, n_models = draw(st.integers(2, 5)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = 10.0 ** draw(st.integers(-3, 3))
    X = rng.normal(size=(n, d)) * scale
    theta, v = rng.normal(size=(2, n_classes, n_models, d + 1)) / scale
    alpha = rng.choice([0.0, 1e-3, 1.0, 1e6], n_models)
    damping = rng.choice([0.0, 2.0], n_models)
    labels = rng.integers(0, n_classes, n)
    return Objective(X, labels, n_classes, alpha, damping), theta, v


def split(theta, m):
    return theta[:, m, :-1].T, theta[:, m, -1]


@settings(max_examples=100, deadline=None)
@given(cases(), st.sampled_from([1, 7, 512]))
def test_all_is_that_of_the_reference(case, rows):
    """Whatever the size of a slab."""
    objective, theta, v = case
    before, module.SLAB = module.SLAB, rows
    try:
        logits = objective.logits(theta)
        cost = objective.data_cost(logits) + objective.penalty(theta)
        slope, probabilities = objective.gradient(theta, logits)
        curvature = objective.curvature(probabilities, v)
    finally:
        module.SLAB = before
    X, labels = objective.X, objective.labels
    for m, (alpha, damping) in enumerate(zip(objective.alpha, objective.damping, strict=True)):
        W, b = split(theta, m)
        assert cost[m] == pytest.approx(regularised_cost(X, labels, W, b, alpha), rel=1e-12)
        expected = np.vstack(gradient(X, labels, W, b, alpha)).T
        np.testing.assert_allclose(slope[:, m], expected, atol=1e-12 * np.abs(expected).max())
        product = hessian_vector_product(X, W, b, split(v, m), alpha)
        expected = np.vstack(product).T + damping * v[:, m]
        np.testing.assert_allclose(curvature[:, m], expected, atol=1e-12 * np.abs(expected).max())


@settings(max_examples=30, deadline=None)
@given(cases())
def test_some_models_are_the_same_alone(case):
    objective, theta, v = case
    some = np.arange(theta.shape[1]) % 2 == 0
    probabilities = objective.gradient(theta, objective.logits(theta))[1]
    np.testing.assert_allclose(
        objective.select(some).curvature(probabilities[:, some], v[:, some]),
        objective.curvature(probabilities, v)[:, some],
        rtol=1e-12,
        atol=1e-12 * np.abs(v).max() * max(1, np.abs(objective.X).max() ** 2),
    )


def test_raw_pixels_are_cast_to_the_dtype_of_the_work():
    X = np.arange(24, dtype=np.uint8).reshape(6, 4)
    labels = np.array([0, 1, 0, 1, 0, 1])
    raw = Objective(X, labels, 2, np.ones(1), np.zeros(1))
    same = Objective(X.astype(float), labels, 2, np.ones(1), np.zeros(1))
    theta = np.random.default_rng(0).normal(size=(2, 1, 5))
    np.testing.assert_array_equal(raw.logits(theta), same.logits(theta))
    assert raw.logits(theta.astype(np.float32)).dtype == np.float32


def test_inner_products_are_summed_in_double_precision():
    ones = np.ones((1, 1, 2**24 + 2), np.float32)
    assert dot(ones, ones)[0] == 2**24 + 2
