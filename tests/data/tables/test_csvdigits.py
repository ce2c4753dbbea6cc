"""Whole numbers of a table of text that float64 does not hold are counted and told."""

import numpy as np
import pytest

from hpsoft.data.spec import DataSpec
from hpsoft.data.tables.arrow import csvarrow
from hpsoft.data.tables.csvdigits import beyond, is_rounded
from hpsoft.data.tables.numerals import PLAIN, NumberStyle
from hpsoft.data.tables.rounding import n_rounded

EDGE = 2**53


def table(tmp_path, cells, header="id;x;y"):
    path = tmp_path / "t.csv"
    rows = [f"{cell};0.{i};{'ab'[i % 2]}" for i, cell in enumerate(cells)]
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def rounded(path, **options):
    notes = DataSpec(str(path), **options).load().notes
    return [note for note in notes if "beyond 2^53" in note]


@pytest.mark.parametrize("fast", [False, True], ids=["row by row", "Arrow"])
def test_they_are_counted_by_column_and_file(tmp_path, monkeypatch, fast):
    monkeypatch.setattr(csvarrow, "SMALL", 0 if fast else 1 << 60)
    cells = [EDGE + 1 + k for k in range(10)] + [EDGE, 7] * 5
    path = table(tmp_path, cells)
    (note,) = rounded(path)
    assert note.startswith(f"Warning: 5 whole numbers in column 'id' of {path} are beyond 2^53")
    assert rounded(path, drop=("id",)) == []


def test_a_column_that_numbers_the_rows_is_told_of_where_it_is_kept(tmp_path):
    path = table(tmp_path, [EDGE + 5 * k + 1 for k in range(20)])
    assert rounded(path) == []
    (note,) = rounded(path, keep=("id",))
    assert note.startswith("Warning: 10 whole numbers in column 'id' of ")


def test_numbers_that_were_never_whole_digits_lose_nothing(tmp_path):
    assert rounded(table(tmp_path, [f"{k}e30" for k in range(1, 21)])) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_cell_is_counted_as_the_same_number_of_an_array_is(seed):
    rng = np.random.default_rng(seed)
    numbers = rng.integers(-(2**63), 2**63 - 1, 200) >> rng.integers(0, 40, 200)
    numbers[:4] = EDGE, EDGE + 1, -EDGE - 1, -(2**63)
    for style, mark in ((PLAIN, ""), (NumberStyle(",", "."), ".")):
        cells = [f" {int(n):,} ".replace(",", mark) for n in numbers]
        assert sum(is_rounded(cell, style) for cell in cells) == n_rounded(numbers)


@pytest.mark.parametrize(
    "cell", ["", "NA", "1e300", "90071992547409.93", "9" * 15, "+" + "9" * 16 + "x"]
)
def test_other_cells_are_not(cell):
    assert not is_rounded(cell, PLAIN)


def test_columns_beyond_are_found_beside_gaps():
    X = np.array([[1.0, np.nan, 2.0**53], [-(2.0**54), 2.0**60, 0.0], [np.nan, 1.0, 0.0]])
    assert beyond(X).tolist() == [True, True, False]
    assert beyond(X[2:]).tolist() == [False] * 3
    assert beyond(np.zeros((0, 3))).tolist() == [False] * 3
    assert beyond(np.full((2, 1), 255, np.uint8)).tolist() == [False]


@pytest.mark.parametrize("number", [EDGE, EDGE + 2, -EDGE - 2, 1e300, -1e300, np.nan])
def test_the_first_beyond_is_found_among_small_ones(number):
    """One pass of squares tells of slices what a look at each number tells."""
    X = np.random.default_rng(0).normal(size=(100, 3))
    X[7, 1] = number
    np.testing.assert_array_equal(beyond(X), (np.abs(X) > EDGE).any(axis=0))
