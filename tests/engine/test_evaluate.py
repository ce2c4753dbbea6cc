"""Scores of many models at once are those of hpsoft.softmax, one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsoft.engine.evaluate import ROWS, evaluate
from hpsoft.softmax import accuracy, cross_entropy


def random_state(rng, d, n_given, n_models, dtype=np.float64, scale=1.0):
    return {
        "weights": (rng.normal(size=(d, n_given, n_models)) * scale).astype(dtype),
        "bias": rng.normal(size=(n_given, n_models)).astype(dtype),
    }


def logits_of(X, state, m, n_classes):
    logits = X.astype(np.float64) @ state["weights"][..., m] + state["bias"][:, m]
    if logits.shape[1] < n_classes:
        logits = np.hstack([logits, -logits.sum(axis=1, keepdims=True)])
    return logits


@given(
    st.integers(1, 3 * ROWS),
    st.integers(1, 5),
    st.integers(2, 5),
    st.integers(1, 4),
    st.booleans(),
    st.integers(0, 2**32),
)
def test_scores_are_the_reference_ones(n, d, n_classes, n_models, implied, seed):
    """With all classes given, or the last one implied."""
    rng = np.random.default_rng(seed)
    X, labels = rng.normal(size=(n, d)), rng.integers(0, n_classes, n)
    state = random_state(rng, d, n_classes - implied, n_models)
    scores = evaluate(X, labels, n_classes, state)
    for m in range(n_models):
        logits = logits_of(X, state, m, n_classes)
        assert scores.cross_entropy[m] == pytest.approx(cross_entropy(logits, labels), rel=1e-12)
        assert scores.accuracy[m] == accuracy(logits, labels)


@pytest.mark.parametrize("kind", ["uint8", "float32", "float64"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_any_dtype_of_data_and_state(kind, dtype):
    rng = np.random.default_rng(0)
    X, labels = rng.integers(0, 256, (200, 5)).astype(kind), rng.integers(0, 3, 200)
    state = random_state(rng, 5, 2, 3, dtype, scale=0.01)
    scores = evaluate(X, labels, 3, state)
    assert scores.cross_entropy.dtype == scores.accuracy.dtype == np.float64
    for m in range(3):
        expected = cross_entropy(logits_of(X, state, m, 3), labels)
        assert scores.cross_entropy[m] == pytest.approx(expected, rel=1e-5)


def test_ties_go_to_the_first_class():
    """Zero weights: every logit is equal, so class 0 is predicted, as np.argmax does."""
    X, labels = np.ones((4, 2)), np.array([0, 0, 1, 2])
    state = {"weights": np.zeros((2, 2, 3)), "bias": np.zeros((2, 3))}
    scores = evaluate(X, labels, 3, state)
    np.testing.assert_array_equal(scores.accuracy, [0.5] * 3)
    np.testing.assert_allclose(scores.cross_entropy, np.log(3))


def test_a_confident_model_keeps_its_small_cost_in_float32():
    """Costs of 1e-6 beside logits of 1000 do not drown in the logit's rounding."""
    X, labels = np.full((2, 1), 1000.0), np.zeros(2, int)
    state = {"weights": np.array([[[1.0]], [[1.0]]]).reshape(1, 2, 1), "bias": np.zeros((2, 1))}
    state["bias"][1] = -14.0
    state = {name: array.astype(np.float32) for name, array in state.items()}
    scores = evaluate(X, labels, 2, state)
    assert scores.cross_entropy[0] == pytest.approx(np.log1p(np.exp(-14.0)), rel=0.2)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e308])
def test_a_model_that_is_not_finite_scores_nan_and_its_neighbours_do_not_notice(bad):
    rng = np.random.default_rng(0)
    X, labels = rng.normal(size=(300, 3)), rng.integers(0, 3, 300)
    state = random_state(rng, 3, 2, 3)
    alone = evaluate(X, labels, 3, state)
    state["weights"][:, :, 1] = bad
    scores = evaluate(X, labels, 3, state)
    for ours, theirs in (
        (scores.cross_entropy, alone.cross_entropy),
        (scores.accuracy, alone.accuracy),
    ):
        assert np.isnan(ours[1])
        np.testing.assert_allclose(ours[[0, 2]], theirs[[0, 2]], rtol=1e-12)


def test_no_models_no_scores():
    state = {"weights": np.zeros((2, 2, 0)), "bias": np.zeros((2, 0))}
    scores = evaluate(np.ones((4, 2)), np.zeros(4, int), 3, state)
    assert scores.cross_entropy.shape == scores.accuracy.shape == (0,)


def test_a_diverged_neighbour_does_not_hide_ties():
    """Zero weights tie all classes, and the first one wins, whoever stands beside."""
    labels = np.array([0, 1])
    state = {"weights": np.zeros((1, 2, 2)), "bias": np.zeros((2, 2))}
    state["weights"][..., 1] = np.nan
    scores = evaluate(np.ones((2, 1)), labels, 2, state)
    assert scores.accuracy[0] == 0.5
    assert np.isnan(scores.accuracy[1])
