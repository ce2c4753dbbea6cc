"""Softmax of many models at once is the reference, model by model."""

import numpy as np
import pytest

from hpsoft import softmax as reference
from hpsoft.softmax import batched

ROWS, CLASSES, MODELS = 150, 4, 3  # more rows than `residual` takes at a time


@pytest.fixture(params=[1.0, 300.0], ids=["calm", "overflows unshifted"])
def logits(request):
    return np.random.default_rng(0).normal(0, request.param, (ROWS, CLASSES, MODELS))


@pytest.fixture
def labels():
    return np.random.default_rng(1).integers(0, CLASSES, ROWS)


def by_model(function, logits):
    """Apply a function of one model's logits to each; the models come last again."""
    return np.stack([function(logits[..., m]) for m in range(MODELS)], axis=-1)


def test_softmax(logits):
    expected = by_model(reference.softmax, logits)
    batched.softmax(logits)
    np.testing.assert_allclose(logits, expected, rtol=1e-13)


def test_softmax_of_a_view_with_other_strides(logits):
    """As Newton has them: samples last in memory."""
    expected = by_model(reference.softmax, logits)
    stored = np.ascontiguousarray(logits.transpose(1, 2, 0))
    batched.softmax(stored.transpose(2, 0, 1))
    np.testing.assert_allclose(stored.transpose(2, 0, 1), expected, rtol=1e-13)


def test_exponentials(logits):
    largest = logits.max(axis=1)
    expected = np.exp(logits - largest[:, None])
    total = batched.exponentials(logits, largest)
    np.testing.assert_array_equal(logits, expected)
    np.testing.assert_allclose(total, expected.sum(axis=1), rtol=1e-15)


def test_losses_and_residual(logits, labels):
    hot = reference.one_hot(labels, CLASSES)[..., None]
    expected = by_model(reference.softmax, logits) - hot
    costs = by_model(lambda z: reference.cross_entropy(z, labels), logits)
    losses = batched.losses_and_residual(logits, labels)
    np.testing.assert_allclose(logits, expected, atol=1e-15, rtol=1e-12)
    np.testing.assert_allclose(losses.mean(axis=0), costs, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_residual(logits, labels, dtype):
    hot = reference.one_hot(labels, CLASSES)[..., None]
    given = logits.astype(dtype)
    expected = 0.25 * (by_model(reference.softmax, given.astype(float)) - hot)
    with np.errstate(over="ignore"):
        batched.residual(given, labels, 0.25)
    np.testing.assert_allclose(given, expected, atol=10 * np.finfo(dtype).eps)


def test_a_model_that_is_lost_leaves_its_neighbours_alone(logits, labels):
    """NaN and infinities make NaN in their own model only."""
    expected = logits.copy()
    with np.errstate(over="ignore"):
        batched.residual(expected, labels, 1.0)
    logits[3, 1, 0], logits[70, 2, 2] = np.nan, np.inf
    with np.errstate(all="ignore"):
        batched.residual(logits, labels, 1.0)
    assert np.isnan(logits[3, :, 0]).all()
    assert np.isnan(logits[70, :, 2]).any()
    np.testing.assert_allclose(logits[..., 1], expected[..., 1], atol=1e-15)
