"""Accuracy and Wilson's interval."""

import subprocess
import sys
from math import sqrt
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsoft.softmax import accuracy, wilson_interval


def test_accuracy_by_hand():
    """Two of four; a tie goes to the lower class."""
    logits = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [2.0, 2.0]])
    assert accuracy(logits, np.array([0, 0, 1, 0])) == 0.5


@given(st.data(), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_is_its_formula(data, confidence):
    """SciPy's of whole numbers, ours of others, are one formula: printed intervals stay."""
    whole = data.draw(st.booleans())
    n = data.draw(st.integers(1, 10_000) if whole else st.floats(0.01, 1e4))
    k = data.draw(st.integers(0, n) if whole else st.floats(0, n))
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    half_width = z * sqrt(k * (n - k) / n + z * z / 4)
    expected = [(k + z * z / 2 + sign * half_width) / (n + z * z) for sign in (-1, 1)]
    assert wilson_interval(k, n, confidence) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("k", "n"), [(0, 10), (10, 10)])
def test_wilson_stays_inside(k, n):
    """At the ends the interval touches 0 or 1 and has a width."""
    low, high = wilson_interval(k, n)
    assert 0 <= low < high <= 1


@pytest.mark.parametrize(
    ("k", "n", "confidence"), [(-1, 5, 0.95), (6, 5, 0.95), (0, 0, 0.95), (1, 2, 1.0), (1, 2, 0.0)]
)
def test_wilson_refuses_nonsense(k, n, confidence):
    """No proportion, no interval."""
    with pytest.raises(ValueError, match="no proportion"):
        wilson_interval(k, n, confidence)


def test_import_is_cheap():
    """hpsoft.softmax brings NumPy and nothing heavier."""
    code = (
        "import sys, hpsoft.softmax; "
        "print(*{m.split('.')[0] for m in sys.modules} & {'scipy', 'sklearn', 'rich', 'sympy'})"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == ""
