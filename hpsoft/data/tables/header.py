"""Whether the first row of a table names its columns, and what they are called.

A row names columns where one of its cells is no number and all below it are; where its cells count
(0, 1, 2, ... or 1, 2, 3, ...); where a cell is a usual name of labels; where text in it never
occurs again. Without names, columns are called 0, 1, 2, ...
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from hpsoft.data.tables.columnnames import is_label_name
from hpsoft.data.tables.numerals import NumberStyle, is_missing

ROW_NAMES = "row names"
LONG_COUNT = 8  # cells that count, whatever is below them
Cells = Sequence[str]


@dataclass(frozen=True)
class Header:
    """The names of the columns."""

    names: tuple[str, ...]
    n_rows: int  # of the table that they take: 0 or 1
    remark: str | None = None  # what is not a matter of course about them


def read_header(
    rows: Sequence[Cells], comments: Sequence[str], style: NumberStyle, target: str | None
) -> Header:
    """Tell the names of the columns from the first rows, and from the cells of a comment above.

    `target` is the column that the user calls the labels: a row that has this name is a header.
    """
    first, body = [cell.strip() for cell in rows[0]], rows[1:]
    width = table_width(body or rows)
    body = [row for row in body if len(row) == width]
    while len(first) > width and first[-1] == "":  # of a spreadsheet that is wider than the table
        first.pop()
    if len(first) == width - 1 and len(body) > 1 and _can_name(first, style):
        remark = (
            "The header has one cell less than the rows: the first cell of each is taken for its "
            "name, as pandas does, and left out."
        )
        return Header((ROW_NAMES, *first), 1, remark)
    if _is_header(first, body, style, target):
        return Header(_named(first), 1, _about_numbers(first, style))
    above = [cell.strip() for cell in comments]
    if len(above) == len(first) and _is_header(above, rows, style, target):
        remark = f"The columns are named by the last comment above the table: {_shown(above)}."
        return Header(_named(above), 0, remark)
    remark = "The first row is data, not names: columns are numbered from 0."
    return Header(tuple(map(str, range(len(first)))), 0, remark)


def _about_numbers(first: Cells, style: NumberStyle) -> str | None:
    if sum(map(style.is_number, first)) < 2:
        return None
    return f"The first row, {_shown(first)}, is taken for the names of the columns."


def table_width(rows: Sequence[Cells]) -> int:
    """Return how many cells most rows have."""
    return Counter(map(len, rows)).most_common(1)[0][0]


def _named(cells: Cells) -> tuple[str, ...]:
    return tuple(cell or f"Unnamed: {i}" for i, cell in enumerate(cells))


def _shown(cells: Cells) -> str:
    shown = cells if len(cells) < 7 else [*cells[:3], "...", cells[-1]]
    return ", ".join(cell if cell == "..." else repr(cell) for cell in shown)


def _can_name(cells: Cells, style: NumberStyle) -> bool:
    return not all(map(style.is_number, cells)) or _counts(cells)


def _is_header(
    first: Cells, body: Sequence[Cells], style: NumberStyle, target: str | None
) -> bool:
    positions = [str(i) for i in range(len(first))]
    if list(first) == positions or (target not in positions and target in first):
        return True
    columns = _Columns([row for row in body if len(row) == len(first)])
    pairs = [(cell, i) for i, cell in enumerate(first)]
    if any(is_label_name(cell) and cell not in columns[i] for cell, i in pairs):
        return True
    if any(_stands_out(cell, columns[i], style) for cell, i in pairs):
        return True
    numbers = [i for i, cell in enumerate(first) if style.is_number(cell)]
    texts = [i for i, cell in enumerate(first) if i not in numbers and not is_missing(cell)]
    if len(numbers) > 2 and _numbers_name(first, columns, numbers, texts, style):
        return True
    return len(texts) > 1 and not any(first[i] in columns[i] for i in texts)


class _Columns:
    """Columns of rows of one length, made when they are asked for."""

    def __init__(self, rows: Sequence[Cells]) -> None:
        self._rows = rows
        self._made: dict[int, list[str]] = {}

    def __getitem__(self, i: int) -> list[str]:
        if i not in self._made:
            self._made[i] = [row[i].strip() for row in self._rows]
        return self._made[i]


def _stands_out(cell: str, column: Cells, style: NumberStyle) -> bool:
    """Tell whether a cell is no number where all below it are numbers."""
    below = [other for other in column if not is_missing(other)]
    if style.is_number(cell) or not below or not all(map(style.is_number, below)):
        return False
    # Nothing stands above the row numbers of R and pandas; elsewhere it may be a missing value.
    return not is_missing(cell) or (cell == "" and _counts(column))


def _counts(cells: Cells) -> bool:
    """Tell whether cells are 0, 1, 2, ... or 1, 2, 3, ..."""
    return any(list(cells) == [str(start + i) for i in range(len(cells))] for start in (0, 1))


def _numbers_name(
    first: Cells,
    columns: "_Columns",
    numbers: Sequence[int],
    texts: Sequence[int],
    style: NumberStyle,
) -> bool:
    """Tell whether a row that is mostly numbers names the columns below it."""
    names = [first[i] for i in numbers]
    if _counts(names) and len(names) >= LONG_COUNT:
        return True
    # A row of data has a label that occurs again, as a rule.
    labels = texts or [len(first) - 1]
    if any(first[i] in columns[i] or not _recur(columns[i]) for i in labels):
        return False
    if _counts(names):
        return True
    below = [[columns[i][k] for i in numbers] for k in range(len(columns[0]))]
    if _rises(names, style) and not any(_rises(row, style) for row in below):
        return True
    measured = [i for i in numbers if i not in labels]
    whole = all(first[i].isdecimal() for i in measured)
    return whole and not any(cell.isdecimal() for i in measured for cell in columns[i][:20])


def _recur(column: Cells) -> bool:
    """Tell whether most values of a column occur more than once."""
    counts = Counter(column)
    return sum(count > 1 for count in counts.values()) > len(counts) / 2


def _rises(cells: Cells, style: NumberStyle) -> bool:
    if not all(map(style.is_number, cells)):
        return False
    values = [style.number(cell) for cell in cells]
    rising = all(a < b for a, b in pairwise(values))
    return rising or all(a > b for a, b in pairwise(values))
