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
    """Whatever the size of a chunk."""
    objective, theta, v = case
    before = module.CHUNK, module.LOGITS
    module.CHUNK, module.LOGITS = rows, 0
    try:
        logits = objective.logits(theta)
        cost = objective.data_cost(logits) + objective.penalty(theta)
        slope, probabilities = objective.gradient(theta, logits)
        curvature = objective.curvature(probabilities, v)
    finally:
        module.CHUNK, module.LOGITS = before
    X, labels = objective.X, objective.labels
    # Of certain samples the reference's s_k - sum_l p_l s_l is rounding, though it should be 0.
    rounding = (
        8 * np.finfo(float).eps * np.abs(objective.logits(v)).max() * max(1, np.abs(X).max())
    )
    for m, (alpha, damping) in enumerate(zip(objective.alpha, objective.damping, strict=True)):
        W, b = split(theta, m)
        assert cost[m] == pytest.approx(regularised_cost(X, labels, W, b, alpha), rel=1e-12)
        expected = np.vstack(gradient(X, labels, W, b, alpha)).T
        np.testing.assert_allclose(slope[:, m], expected, atol=1e-12 * np.abs(expected).max())
        product = hessian_vector_product(X, W, b, split(v, m), alpha)
        expected = np.vstack(product).T + damping * v[:, m]
        allowed = 1e-12 * np.abs(expected).max() + rounding
        np.testing.assert_allclose(curvature[:, m], expected, atol=allowed)


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


@pytest.mark.parametrize("certainty", [1e-3, 1e-7, 1e-9, 1e-20])
@pytest.mark.parametrize("n_classes", [2, 4])
def test_curvature_of_certain_samples_in_single_precision(certainty, n_classes):
    """All its digits, though p of the label is rounded to 1; none along 1 (x) R^D."""
    rng = np.random.default_rng(0)
    X, labels = rng.normal(size=(40, 3)), np.arange(40) % n_classes
    objective = Objective(X, labels, n_classes, np.zeros(1), np.zeros(1))
    p = certainty * rng.uniform(0.5, 1, size=(n_classes, 1, 40))
    p[labels, 0, np.arange(40)] = 0
    others = p.sum(axis=0)
    v = rng.normal(size=(n_classes, 1, 4)).astype(np.float32)
    changes = objective.logits(v.astype(float))
    changes -= changes[labels, :, np.arange(40)].T
    mean = (p * changes).sum(axis=0)
    p[labels, 0, np.arange(40)] = 1 - others[0]
    weighted = (p * (changes - mean))[:, 0]
    expected = np.hstack([weighted @ X, weighted.sum(axis=1, keepdims=True)])[:, None] / 40
    single = p.astype(np.float32)
    found = objective.curvature(single, v)
    np.testing.assert_allclose(found, expected, atol=1e-5 * np.abs(expected).max())
    along = np.broadcast_to(rng.normal(size=(1, 1, 4)), v.shape).astype(np.float32)
    nothing = objective.curvature(single, along)
    assert np.abs(nothing).max() < 1e-6 * np.abs(along).max() * certainty


def test_raw_pixels_are_cast_to_the_dtype_of_the_work():
    X = np.arange(24, dtype=np.uint8).reshape(6, 4)
    labels = np.array([0, 1, 0, 1, 0, 1])
    raw = Objective(X, labels, 2, np.ones(1), np.zeros(1))
    same = Objective(X.astype(float), labels, 2, np.ones(1), np.zeros(1))
    theta = np.random.default_rng(0).normal(size=(2, 1, 5))
    np.testing.assert_array_equal(raw.logits(theta), same.logits(theta))
    assert raw.logits(theta.astype(np.float32)).dtype == np.float32


def test_chunks_are_longer_where_columns_and_features_are_few():
    def lengths(n_features, n_models):
        X, labels = np.empty((5000, n_features)), np.zeros(5000, np.intp)
        rows = Objective(X, labels, 8, np.ones(n_models), np.zeros(n_models)).rows()
        return [part.stop - part.start for part in rows]

    assert lengths(0, 1) == lengths(64, 1) == [5000]
    assert lengths(64, 8) == [2048, 2048, 904]
    assert lengths(2048, 1)[0] == lengths(64, 64)[0] == 512


def test_inner_products_are_summed_in_double_precision():
    ones = np.ones((1, 1, 2**24 + 2), np.float32)
    assert dot(ones, ones)[0] == 2**24 + 2
