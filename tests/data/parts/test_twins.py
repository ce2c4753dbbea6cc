"""Equal rows: all of them, and no others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsoft.data.parts.twincounts import Twins, count_twins
from hpsoft.data.parts.twins import first_equal
from hpsoft.data.rows import Rows
from hpsoft.data.tables.matrix import CHUNK_BYTES


def reference(parts):
    """Return the first equal of each row, by comparing numbers."""
    seen = {}
    rows = (tuple(row.tolist()) for X in parts for row in np.asarray(X))
    return [seen.setdefault(row, i) for i, row in enumerate(rows)]


@settings(deadline=None)
@given(
    n_features=st.integers(1, 40),
    dtype=st.sampled_from(["u1", "f2", "f4", "f8"]),
    sizes=st.lists(st.integers(1, 30), min_size=1, max_size=3),
    seed=st.integers(0, 99),
)
def test_the_first_equal_row(n_features, dtype, sizes, seed):
    """As comparing all numbers of all rows finds it, in rows of any width."""
    rng = np.random.default_rng(seed)
    few = rng.integers(0, 3, (6, n_features))
    parts = [few[rng.integers(0, 6, n)].astype(dtype) for n in sizes]
    assert first_equal(parts).tolist() == reference(parts)


@pytest.mark.parametrize("dtypes", [("u1", "f4"), ("f4", "f8"), ("f8", "u1"), ("u1", "f2", "f8")])
def test_rows_are_equal_whatever_their_dtypes(dtypes):
    """Of parts that are stored in several: as their numbers are."""
    rng = np.random.default_rng(0)
    few = rng.integers(0, 3, (6, 5))
    parts = [few[rng.integers(0, 6, 4)].astype(dtype) for dtype in dtypes]
    assert first_equal(parts).tolist() == reference(parts)
    halves = [X + X.dtype.type(0.5) for X in parts if X.dtype.kind == "f"]
    assert first_equal([*parts, *halves]).tolist() == reference([*parts, *halves])


def test_a_number_that_a_dtype_rounds_is_another_one():
    """0.1 in float32 is not the 0.1 of float64."""
    assert first_equal([np.array([[0.1]], "f4"), np.array([[0.1]])]).tolist() == [0, 1]


@pytest.mark.parametrize("column", [0, 1, 511])
def test_rows_that_differ_in_one_number_are_not_equal(column):
    """Wherever it is, in the last bit."""
    X = np.tile(np.random.default_rng(0).normal(size=512).astype(np.float32), (3, 1))
    X[2, column] = np.nextafter(X[2, column], np.float32(9))
    assert first_equal([X]).tolist() == [0, 0, 2]


def test_the_two_zeros_are_one_number():
    """Their bytes differ."""
    assert first_equal([np.array([[0.0, 1.0], [-0.0, 1.0]])]).tolist() == [0, 0]


def test_rows_are_read_a_slice_at_a_time():
    """Also those of a part of a matrix."""
    X = np.repeat(np.arange(120.0).reshape(30, 4), CHUNK_BYTES // 512, axis=1)  # 16 rows a slice
    X[20:] = X[:10]
    rows = Rows(X, np.arange(29, -1, -1))
    assert first_equal([rows]).tolist() == [*range(20), *range(10)]


def test_they_are_counted_by_part():
    """And by whether their labels agree."""
    first = [np.array([0, 1, 1, 3]), np.array([0, 5]), np.array([3, 7, 7])]
    labels = np.array([0, 0, 1, 0, 0, 0, 0, 1, 1])
    assert count_twins(first, labels) == Twins(
        n_samples=8, n_conflicting=2, n_training=3, n_validation=1, n_test=1
    )
