"""Numbers and texts are gathered block by block."""

import numpy as np
import pytest

from hpsoft.data.tables.growing import GrowingMatrix, GrowingText


def gather(blocks):
    """Return the matrix of some blocks."""
    grown = GrowingMatrix(blocks[0].shape[1])
    for block in blocks:
        grown.add(block)
    return grown.matrix()


@pytest.mark.parametrize("n_blocks", [1, 2, 30])
def test_bytes_as_long_as_they_do(n_blocks):
    """Whole numbers of 0 .. 255 take a byte each."""
    blocks = [np.full((7, 3), i, np.float64) for i in range(n_blocks)]
    X = gather(blocks)
    assert X.dtype == np.uint8
    np.testing.assert_array_equal(X, np.concatenate(blocks))


@pytest.mark.parametrize("expected", [1, 20, 500])
@pytest.mark.parametrize("odd", [3, 0.5])
def test_fewer_or_more_than_expected(expected, odd):
    """The rows are those that came."""
    blocks = [np.full((7, 3), i, np.float64) for i in [*range(9), odd, 10]]
    grown = GrowingMatrix(3, expected)
    for block in blocks:
        grown.add(block)
    np.testing.assert_array_equal(grown.matrix(), np.concatenate(blocks))


@pytest.mark.parametrize("odd", [0.5, 256, -1])
@pytest.mark.parametrize("where", [0, 14, 29])
def test_floats_from_the_first_that_is_none(odd, where):
    """What was gathered before stays what it was."""
    blocks = [np.full((7, 3), i, np.float64) for i in range(30)]
    blocks[where][3, 1] = odd
    X = gather(blocks)
    assert X.dtype == np.float64
    np.testing.assert_array_equal(X, np.concatenate(blocks))


def test_no_columns():
    """Rows of nothing are counted."""
    assert gather([np.empty((3, 0)), np.empty((2, 0))]).shape == (5, 0)


def test_texts():
    """In their order, without spaces around them."""
    grown = GrowingText()
    grown.add(["b", " a "])
    grown.add(["b"])
    assert len(grown) == 3
    assert grown.texts().tolist() == ["b", "a", "b"]
