"""Softmax and log-sum-exp: hand values, algebra, and numbers that overflow a naive version."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from hpsoft.softmax import linear_logits, log_softmax, log_sum_exp, one_hot, softmax

LOGITS = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=2, max_side=6),
    elements=st.floats(-1e4, 1e4),
)


def test_softmax_by_hand():
    """exp(log 1, log 2, log 5) / 8."""
    assert softmax(np.log([[1.0, 2.0, 5.0]])) == pytest.approx(np.array([[1, 2, 5]]) / 8)


@pytest.mark.parametrize(("z", "expected"), [(1e4, 1e4 + np.log(2)), (-1e4, -1e4 + np.log(2))])
def test_log_sum_exp_survives_huge_logits(z, expected):
    """Two equal logits add log 2, wherever they are."""
    assert log_sum_exp(np.array([[z, z]])) == pytest.approx([expected])


@given(LOGITS)
def test_rows_sum_to_one(logits):
    """Probabilities are a distribution for any finite logits."""
    p = softmax(logits)
    assert np.all((p >= 0) & (p <= 1))
    assert p.sum(axis=1) == pytest.approx(np.ones(len(p)))


@given(LOGITS, st.floats(-1e4, 1e4))
def test_shift_changes_nothing(logits, shift):
    """Adding one number to all logits leaves the probabilities."""
    assert softmax(logits + shift) == pytest.approx(softmax(logits), abs=1e-10)


@given(LOGITS)
def test_log_softmax_is_finite_and_agrees(logits):
    """The logarithm stays finite even where the probability underflows."""
    logs = log_softmax(logits)
    assert np.isfinite(logs).all()
    assert np.exp(logs) == pytest.approx(softmax(logits), abs=1e-12)


def test_complex_step_passes_through():
    """The imaginary part of softmax along a class is its derivative."""
    logits = np.array([[0.3, -1.2, 2.0]])
    p = softmax(logits)[0]
    moved = softmax(logits + 1e-30j * np.array([1, 0, 0]))[0].imag / 1e-30
    assert moved == pytest.approx(p[0] * (np.array([1, 0, 0]) - p), rel=1e-14)


def test_linear_logits_by_hand():
    """X W + b."""
    found = linear_logits(np.array([[1.0, 2.0]]), np.array([[1.0, 0.0], [0.0, 3.0]]), np.ones(2))
    assert found.tolist() == [[2.0, 7.0]]


def test_one_hot_refuses_a_label_outside():
    """A label must be below the number of classes."""
    with pytest.raises(IndexError):
        one_hot(np.array([3]), 3)
