"""X: shapes, dtypes, and no copies without need."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsoft.data.tables import matrix
from hpsoft.errors import DataError


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_right_arrays_are_not_copied(dtype):
    """uint8, float32 and float64 pass through, flattened without a copy."""
    X = np.ones((4, 3, 2), dtype)
    assert np.shares_memory(matrix.conform(X, "X"), X)
    assert matrix.conform(X, "X").shape == (4, 6)


@pytest.mark.parametrize(
    ("values", "dtype", "wanted"),
    [
        ([0, 255], np.int64, np.uint8),
        ([True, False], bool, np.uint8),
        ([-1, 5], np.int8, np.float32),
        ([0, 256], np.int16, np.float32),
        ([0, 70000], np.int32, np.float64),
        ([0, 256], ">u2", np.float32),
        ([0.5, 1], np.float16, np.float16),
        ([0.5, 1], ">f2", np.float16),
        ([0.5, 1], ">f4", np.float32),
        ([0.5, 1], ">f8", np.float64),
        ([0.5, 1], np.longdouble, np.float64),
    ],
)
def test_other_dtypes_are_converted_exactly(values, dtype, wanted):
    """Values stay the same in one of the four dtypes, in the machine's byte order."""
    X = matrix.conform(np.array([values], dtype), "X")
    assert X.dtype == wanted
    assert X.dtype.isnative
    assert X.tolist() == [values]


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.array([["a"]]), "holds <U1 values, not numbers"),
        (np.array([[{}]]), "holds object values"),
        (np.array([[1j]]), "holds complex128"),
        (np.arange(3), r"has shape \(3,\)"),
        (np.float64(1), r"has shape \(\)"),
        (np.empty((0, 3)), r"is empty: its shape is \(0, 3\)"),
        (np.empty((3, 0)), "is empty"),
    ],
)
def test_bad_arrays(X, message):
    """What cannot be learnt from is refused with the reason."""
    with pytest.raises(DataError, match=message):
        matrix.conform(X, "X")


def test_later_chunks_are_checked():
    """A number that is no byte, wherever it is."""
    whole = np.zeros((3, matrix.CHUNK_BYTES // 8), np.int64)  # a row a chunk
    whole[2, 1] = 300
    assert matrix.conform(whole, "X").dtype == np.float64


@pytest.mark.parametrize("shape", [(0, 3), (1, 1), (50, 7), (3, 100000)])
def test_slices_cover_all_rows(shape):
    """Slices are disjoint, in order and complete."""
    X = np.zeros(shape)
    rows = [i for part in matrix.row_slices(X, 1000) for i in range(len(X))[part]]
    assert rows == list(range(len(X)))


@pytest.mark.parametrize("where", [0, 15, 16, 99])
@pytest.mark.parametrize("odd", [0.5, -1, 256, np.nan, np.inf])
def test_one_number_of_any_row_is_no_byte(where, odd):
    """The first rows, which are looked at first, do not speak for the others."""
    X = np.full((100, 3), 255.0)
    assert matrix.fits_a_byte(X)
    X[where, 1] = odd
    assert not matrix.fits_a_byte(X)


@given(
    st.integers(1, 50), st.lists(st.sampled_from(["u1", "f2", "f4", "f8"]), min_size=1, max_size=5)
)
def test_columns_side_by_side(n, dtypes):
    """Block by block as NumPy does it at once."""
    columns = [np.arange(n).astype(dtype) + i for i, dtype in enumerate(dtypes)]
    X = matrix.side_by_side(columns, cached=64)
    expected = np.column_stack(columns)
    assert X.dtype == expected.dtype
    np.testing.assert_array_equal(X, expected)
