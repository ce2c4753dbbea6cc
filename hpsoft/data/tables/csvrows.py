"""Reading a table row by row with the standard library: every dialect, errors with their line."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from pathlib import Path

import numpy as np

from hpsoft.data.tables.columns import Kind
from hpsoft.data.tables.csvlayout import Layout
from hpsoft.data.tables.dialect import COMMENTS, Row
from hpsoft.data.tables.numerals import TRUTH
from hpsoft.data.tables.tabular import not_finite, not_numeric
from hpsoft.data.tables.textfile import TextFile
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

NUMBERS_AT_A_TIME = 1 << 19

# Numbers (n, n_columns) in float64, and the cells (n,) of each column of texts.
Block = tuple[Array, Sequence[Sequence[str]]]


def blocks(
    file: TextFile, layout: Layout, numeric: Sequence[int], texts: Sequence[int]
) -> Iterator[Block]:
    """Yield the rows of a table, some columns as numbers and some as text.

    Raises:
        DataError: a row with too few or too many cells, a number that is none or not finite.
        csv.Error, UnicodeDecodeError, OSError: the file cannot be read.
    """
    size = max(1, NUMBERS_AT_A_TIME // max(1, len(numeric)))
    with file.text() as lines:
        below = islice(layout.dialect.rows(lines), layout.n_rows_above, None)
        rows = _even(below, len(layout.header.names), file.path)
        while block := list(islice(rows, size)):
            X = _numbers(block, layout, numeric, file.path)
            yield X, [[cells[i] for _, cells in block] for i in texts]


def _even(rows: Iterator[Row], width: int, path: Path) -> Iterator[Row]:
    """Yield rows that have a cell a column, and no comments."""
    for line, cells in rows:
        if len(cells) == width:
            yield line, cells
        elif not cells[0].startswith(COMMENTS):
            raise DataError(
                f"Line {line} of {path} has {len(cells)} cells where there are {width} columns. "
                "Every row needs a cell a column; quote cells that contain the separator."
            )


def _numbers(block: Sequence[Row], layout: Layout, numeric: Sequence[int], path: Path) -> Array:
    """Return the numbers of some rows, (n, n_columns)."""
    if not numeric:
        return np.empty((len(block), 0))
    pick = _picker(numeric)
    convert = _converter(layout, numeric)
    values = array("d")
    for row in block:
        cells = pick(row[1])
        try:
            values.extend(convert(cells))
        except ValueError:
            raise _what_is_no_number(row, layout, numeric, path) from None
    X = np.frombuffer(values).reshape(len(block), -1)
    if not np.isfinite(X).all():
        i, j = np.argwhere(~np.isfinite(X))[0]
        name = layout.header.names[numeric[j]]
        raise not_finite(path, name, f"line {block[i][0]} has {X[i, j]}")
    return X


def _picker(numeric: Sequence[int]) -> Callable[[list[str]], Sequence[str]]:
    if len(numeric) > 1:
        return itemgetter(*numeric)
    return lambda cells: (cells[numeric[0]],)


def _converter(
    layout: Layout, numeric: Sequence[int]
) -> Callable[[Sequence[str]], Iterator[float]]:
    number = layout.style.number
    if any(layout.kinds[i] is Kind.TRUTH for i in numeric):
        each = [_truth if layout.kinds[i] is Kind.TRUTH else number for i in numeric]
        return lambda cells: (read(cell) for read, cell in zip(each, cells, strict=True))
    if layout.style.is_plain:
        return _plain
    return lambda cells: map(number, cells)


def _plain(cells: Sequence[str]) -> Iterator[float]:
    if "_" in "".join(cells):  # Python reads "1_0" as 10
        raise ValueError
    return map(float, cells)


def _truth(cell: str) -> float:
    try:
        return TRUTH[cell.strip().lower()]
    except KeyError:
        raise ValueError from None


def _what_is_no_number(row: Row, layout: Layout, numeric: Sequence[int], path: Path) -> DataError:
    line, cells = row
    for i in numeric:
        is_truth = layout.kinds[i] is Kind.TRUTH
        try:
            (_truth if is_truth else layout.style.number)(cells[i])
        except ValueError:
            what = f"line {line} has {cells[i]!r}" if cells[i].strip() else f"line {line} is empty"
            return not_numeric(path, layout.header.names[i], what)
    raise AssertionError("a row that could not be converted has a cell that is no number")
