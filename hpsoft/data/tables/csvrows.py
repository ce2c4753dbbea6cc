"""Reading a table row by row with the standard library: every dialect, errors with their line."""

import csv
import math
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from pathlib import Path

import numpy as np

from hpsoft.data.tables.columns import Kind
from hpsoft.data.tables.csvlayout import Layout
from hpsoft.data.tables.dialect import COMMENTS, Row
from hpsoft.data.tables.growing import Texts
from hpsoft.data.tables.numerals import TRUTH, is_missing
from hpsoft.data.tables.textfile import TextFile
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

CLOSE = (
    "Close the quote there, or take it out; one that is part of the text is written twice, in a "
    "quoted cell."
)
NUMBERS_AT_A_TIME = 1 << 19

# Numbers (n, n_columns) in float64, NaN where missing, or in uint8 where that is exact; and the
# texts of each column of texts.
Block = tuple[Array, Sequence[Texts]]


def blocks(
    file: TextFile,
    layout: Layout,
    numeric: Sequence[int],
    texts: Sequence[int],
    numbers_at_a_time: int = NUMBERS_AT_A_TIME,
) -> Iterator[Block]:
    """Yield the rows of a table, some columns as numbers and some as text.

    Raises:
        DataError: a row with too few or too many cells.
        OddCellError: a cell in a column of numbers that is none, and does not say `missing`.
        OpenQuoteError, csv.Error, UnicodeDecodeError, OSError: the file cannot be read.
    """
    size = max(1, numbers_at_a_time // max(1, len(numeric)))
    with file.text() as lines:
        rows = below(lines, layout, file.path)
        while block := list(islice(rows, size)):
            X = _numbers(block, layout, numeric)
            yield X, [[cells[i] for _, cells in block] for i in texts]


def below(lines: Iterable[str], layout: Layout, path: Path) -> Iterator[Row]:
    """Yield the rows below the header, each with a cell a column.

    Raises:
        DataError: a row with too few or too many cells, which is no comment.
    """
    rows = islice(layout.dialect.rows(lines, whole=True), layout.n_rows_above, None)
    return _even(rows, len(layout.header.names), path)


def _even(rows: Iterator[Row], width: int, path: Path) -> Iterator[Row]:
    """Yield rows that have a cell a column, and no comments."""
    for line, cells in rows:
        if len(cells) == width:
            yield line, cells
        elif not cells[0].startswith(COMMENTS):
            raise _uneven(line, cells, width, path, rows)


def _uneven(
    line: int, cells: Sequence[str], width: int, path: Path, rest: Iterator[Row]
) -> DataError:
    if any("\0" in cell for cell in cells):
        return holds_nul(line, path)
    n_more = sum(cell.count("\n") for cell in cells)
    if n_more:
        return DataError(
            f"Line {line} of {path} begins a quoted cell that ends {n_more} or more lines below, "
            f"so that the row has {len(cells)} cells where there are {width} columns. {CLOSE}"
        )
    return DataError(
        f"Line {line} of {path} has {len(cells)} cells where there are {width} columns{_others(rest, width)}. Every row "
        "needs a cell a column; quote cells that contain the separator."
    )


def _others(rows: Iterator[Row], width: int) -> str:
    """Count the rows below that have another number of cells, as far as they can be read."""
    n, end = 0, ""
    try:
        for _, cells in rows:
            n += len(cells) != width and not cells[0].startswith(COMMENTS)
    except (csv.Error, UnicodeError):
        end = " at least"
    return f", and so {'has' if n == 1 else 'have'} {n:,} more row(s) below{end}" if n else ""


def holds_nul(line: int, path: Path) -> DataError:
    """Return the error for characters that no text has."""
    return DataError(
        f"Line {line} of {path} holds NUL characters, which no text has: it is damaged, as by a "
        "copy that broke off, or in another encoding, which --encoding names. Copy or export it "
        "again."
    )


def never_closed(line: int, path: Path) -> DataError:
    """Return the error for a quoted cell that never ends, or where another one begins."""
    return DataError(f"Line {line} of {path} begins a quoted cell that is never closed. {CLOSE}")


def _numbers(block: Sequence[Row], layout: Layout, numeric: Sequence[int]) -> Array:
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
            del values[len(values) - len(values) % len(numeric) :]  # the part that was read
            values.extend(_with_gaps(row, layout, numeric))
    return np.frombuffer(values).reshape(len(block), -1)


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


def _with_gaps(row: Row, layout: Layout, numeric: Sequence[int]) -> list[float]:
    """Return the numbers of a row, NaN where its cell says that they are missing.

    Raises:
        OddCellError: a cell is neither.
    """
    cells = row[1]
    found = []
    for i in numeric:
        try:
            found.append(_reader(layout, i)(cells[i]))
        except ValueError:
            if not is_missing(cells[i]):
                raise OddCellError(i) from None
            found.append(math.nan)
    return found


class OddCellError(Exception):
    """A column of numbers has a cell that is none: `column` is its position."""

    def __init__(self, column: int) -> None:
        """Name the column."""
        super().__init__(column)
        self.column = column


@dataclass(frozen=True)
class OddCells:
    """The cells of a column of numbers that are none."""

    line: int  # of the first
    cell: str
    n_odd: int
    n_known: int  # cells that are not missing
    row: tuple[str, ...]  # all cells of the first
    n_rows_like_it: int  # rows that are the same as that, it among them
    is_first: bool  # whether it is the first row of the table
    is_last: bool


def odd_cells(
    file: TextFile, layout: Layout, column: int, missing: Collection[str] = ()
) -> OddCells:
    """Count the cells of a column that are neither numbers nor missing, as `missing` says too."""
    read = _reader(layout, column)
    first: Row = (0, [])
    n_odd = n_known = n_alike = begin = line = 0
    with file.text() as lines:
        for line, cells in below(lines, layout, file.path):
            begin = begin or line
            if is_missing(cells[column]) or cells[column].strip().casefold() in missing:
                continue
            n_known += 1
            try:
                read(cells[column])
            except ValueError:
                n_odd += 1
                first = first if n_odd > 1 else (line, cells)
                n_alike += cells == first[1]
    at, row = first
    cell = row[column] if row else ""
    ends = at == begin, at == line
    return OddCells(at, cell, n_odd, n_known, tuple(row), n_alike, *ends)


def _reader(layout: Layout, column: int) -> Callable[[str], float]:
    return _truth if layout.kinds[column] is Kind.TRUTH else layout.style.number
