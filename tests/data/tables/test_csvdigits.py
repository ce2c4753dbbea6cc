"""Whole numbers of a table of text that float64 does not hold are counted and told."""

import numpy as np
import pytest

from hpsoft.data.encoding.policy import Policy
from hpsoft.data.spec import DataSpec
from hpsoft.data.tables.arrow import csvarrow
from hpsoft.data.tables.csvdigits import beyond, is_rounded
from hpsoft.data.tables.numerals import PLAIN, NumberStyle
from hpsoft.data.tables.rounding import n_rounded
from hpsoft.errors import DataError

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


@pytest.mark.parametrize("cell", [EDGE + 1, -EDGE - 1])
def test_the_first_that_is_rounded_is_read_as_the_last_that_is_not(tmp_path, cell):
    (note,) = rounded(table(tmp_path, [cell, *range(19)]), keep=("id",))
    assert note.startswith("Warning: 1 whole numbers in column 'id' ")


@pytest.mark.parametrize("at", [5, 21], ids=["in the middle", "at the end"])
def test_comments_have_no_numbers(tmp_path, at):
    path = table(tmp_path, [EDGE + 1, *range(19)])
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:at], "# a note", *lines[at:]]) + "\n")
    (note,) = rounded(path, keep=("id",))
    assert note.startswith("Warning: 1 whole numbers in column 'id' ")


@pytest.mark.parametrize("n_digits", [309, 400, 5000])
def test_numbers_beyond_float64_are_told_as_infinite(tmp_path, n_digits):
    """Python's int refuses more than 4,300 digits."""
    path = table(tmp_path, ["9" * n_digits, *range(19)])
    with pytest.raises(DataError, match=r"'id' .* row 1 \(from 1\) has inf"):
        DataSpec(str(path)).load()


def test_a_column_with_fractions_is_no_column_of_whole_numbers(tmp_path, monkeypatch):
    """A measurement of 1e18 is not worth a second look at the whole file."""
    path = table(tmp_path, [f"{EDGE + 1}", "", "1e18", *(f"{k}.5" for k in range(17))])
    monkeypatch.setattr(
        "hpsoft.data.tables.csvdigits.is_rounded", lambda *_: pytest.fail("read again")
    )
    assert rounded(path, policy=Policy(missing="median")) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_cell_is_counted_as_the_same_number_of_an_array_is(seed):
    rng = np.random.default_rng(seed)
    numbers = rng.integers(-(2**63), 2**63 - 1, 200) >> rng.integers(0, 40, 200)
    numbers[:4] = EDGE, EDGE + 1, -EDGE - 1, -(2**63)
    for style, mark in ((PLAIN, ""), (NumberStyle(",", "."), ".")):
        cells = [f" {int(n):,} ".replace(",", mark) for n in numbers]
        assert sum(is_rounded(cell, style) for cell in cells) == n_rounded(numbers)


@pytest.mark.parametrize(
    "cell",
    [
        *("", "NA", "1e300", "90071992547409.93", "9" * 15, "+" + "9" * 16 + "x"),
        *("0" * 5000 + "7", "9" * 309, "1" * 5000),
    ],
)
def test_other_cells_are_not(cell):
    assert not is_rounded(cell, PLAIN)


def test_fractions_are_found_in_each_chunk(monkeypatch):
    monkeypatch.setattr(
        "hpsoft.data.tables.csvdigits.row_slices", lambda X: (slice(0, 1), slice(1, 2))
    )
    X = np.array([[2.0**60, 2.0**60, 0.5, 3.0], [0.5, 7.0, 2.0**60, -(2.0**53)]])
    assert beyond(X).tolist() == [False, True, False, True]


def test_columns_beyond_are_found_beside_gaps():
    X = np.array([[1.0, np.nan, 2.0**53], [-(2.0**54), 2.0**60, 0.0], [np.nan, 1.0, 0.0]])
    assert beyond(X).tolist() == [True, True, True]
    assert beyond(X - [0, 0, 1]).tolist() == [True, True, False]
    assert beyond(X[2:]).tolist() == [False] * 3
    assert beyond(np.zeros((0, 3))).tolist() == [False] * 3
    assert beyond(np.full((2, 1), 255, np.uint8)).tolist() == [False]


@pytest.mark.parametrize("number", [EDGE - 1, EDGE, -EDGE, EDGE + 2, 1e300, -1e300, np.nan])
def test_the_first_beyond_is_found_among_small_ones(number):
    """One pass of squares tells of slices what a look at each number tells."""
    X = np.random.default_rng(0).integers(-9, 9, (100, 3)).astype(float)
    X[7, 1] = number
    np.testing.assert_array_equal(beyond(X), (np.abs(X) >= EDGE).any(axis=0))
