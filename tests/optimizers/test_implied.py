"""The class that a state leaves out is filled in."""

import numpy as np
import pytest

from hpsoft.optimizers import all_classes
from hpsoft.optimizers.implied import fill_last_class


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_parameters_of_all_classes_sum_to_zero(dtype):
    """For every model by itself."""
    rng = np.random.default_rng(0)
    state = {
        "weights": rng.normal(size=(4, 2, 5)).astype(dtype),
        "bias": rng.normal(size=(2, 5)).astype(dtype),
    }
    weights, bias = all_classes(state, 3)
    assert (weights.shape, bias.shape) == ((4, 3, 5), (3, 5))
    assert weights.dtype == bias.dtype == dtype
    np.testing.assert_array_equal(weights[:, :2], state["weights"])
    np.testing.assert_array_equal(bias[:2], state["bias"])
    np.testing.assert_allclose(weights.sum(axis=1), 0, atol=1e-6)
    np.testing.assert_allclose(bias.sum(axis=0), 0, atol=1e-6)


def test_a_complete_state_is_returned_as_it_is():
    state = {"weights": np.ones((4, 3, 5)), "bias": np.ones((3, 5))}
    weights, bias = all_classes(state, 3)
    assert weights is state["weights"]
    assert bias is state["bias"]


def test_the_last_logit_is_that_of_the_last_parameters():
    """Filling in logits instead of parameters saves a class of products, and changes nothing."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(7, 4))
    state = {"weights": rng.normal(size=(4, 2, 5)), "bias": rng.normal(size=(2, 5))}
    weights, bias = all_classes(state, 3)
    expected = np.einsum("rj,jkm->rkm", X, weights) + bias
    logits = expected.copy()
    logits[:, -1] = np.nan
    fill_last_class(logits)
    np.testing.assert_allclose(logits, expected, atol=1e-14)


@pytest.mark.parametrize("n_classes", range(2, 9))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_model_alone_has_the_last_logit_too(dtype, n_classes):
    """NumPy 2.4.6 negates wrongly in place: float32 that lie four apart, float64 eight apart."""
    logits = np.random.default_rng(0).normal(size=(50, n_classes, 1)).astype(dtype)
    fill_last_class(logits)
    np.testing.assert_allclose(logits[:, -1], -logits[:, :-1].sum(axis=1), rtol=1e-5, atol=1e-6)
