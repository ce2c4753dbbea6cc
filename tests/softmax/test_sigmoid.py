"""The sigmoid far from zero, and two-class softmax as logistic regression."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from hpsoft.softmax import (
    linear_logits,
    sigmoid,
    sigmoid_derivative,
    softmax,
    two_class_difference,
)

Z = st.floats(-708, 708)  # beyond -709 scipy gives 0, where we give subnormal numbers


@given(Z)
def test_sigmoid_is_scipys(z):
    """The same value to rounding, wherever float64 has one."""
    assert float(sigmoid(np.float64(z))) == pytest.approx(float(expit(z)), rel=4e-15, abs=0)


@given(Z)
def test_mirror(z):
    """sigma(z) + sigma(-z) = 1."""
    assert sigmoid(np.float64(z)) + sigmoid(np.float64(-z)) == pytest.approx(1, rel=1e-15)


@pytest.mark.parametrize("z", [-1e300, -800.0, 800.0, 1e300])
def test_no_overflow_anywhere(z):
    """Beyond the range of exp the limits are exact, without a warning."""
    with np.errstate(over="raise", invalid="raise"):
        assert sigmoid(np.array([z])) == [float(z > 0)]
        assert sigmoid_derivative(np.array([z])) == [0.0]


def test_derivative_keeps_its_digits_far_right():
    """sigma'(40) = e^-40 up to 1e-17, where 1 - sigma(40) is 0 in float64."""
    assert float(sigmoid_derivative(np.float64(40.0))) == pytest.approx(np.exp(-40.0), rel=1e-14)


@given(st.floats(-30, 30))
def test_derivative_is_the_complex_step(z):
    """sigmoid takes complex numbers."""
    step = float(np.imag(sigmoid(np.array([z + 1e-30j])))[0] / 1e-30)
    assert float(sigmoid_derivative(np.float64(z))) == pytest.approx(step, rel=1e-13)


def test_two_classes_are_a_logistic_regression():
    """p_1 = sigma(x.w + b) of the differences."""
    rng = np.random.default_rng(0)
    X, W, b = rng.normal(size=(5, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)
    w, c = two_class_difference(W, b)
    assert softmax(linear_logits(X, W, b))[:, 1] == pytest.approx(sigmoid(X @ w + c), rel=1e-14)
