"""How a table is written as text: what separates its cells, and which lines are no rows.

    TextFile -> head -> sniff -> Dialect -> rows

The separator is the one that divides the first lines evenly and into numbers: a comma, semicolon,
tab, bar, or runs of spaces. Excel's line `sep=;` names it. Where comments come first, every line
that begins as they do is one.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from hpsoft.data.tables.numerals import looks_numeric

Row = tuple[int, list[str]]  # number of the (last) line that it is on, from 1, and its cells

SEPARATORS = (",", ";", "\t", "|", " ")
SPACES = " "  # the separator that stands for runs of spaces and tabs
COMMENTS = ("#", "%", "@", "//")
ROWS_LOOKED_AT = 500
_NAMED = re.compile(r'"?sep=(.|\\t)"?\s*', re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """How a table is written."""

    separator: str = ","
    named: bool = False  # by a first line `sep=`, which is no row
    comment: str | None = None  # what comments begin with; None: there are none
    comments: tuple[str, ...] = field(default=(), compare=False)  # the first ones, without that
    padded: bool = False  # every row ends with a separator

    def rows(self, lines: Iterable[str]) -> Iterator[Row]:
        """Yield the rows of a file that hold something.

        Raises:
            csv.Error: a cell is longer than any cell should be.
        """
        counted = _Counted(lines)
        cleaned = self._cleaned(counted)
        for cells in csv.reader(cleaned, delimiter=self.separator, skipinitialspace=True):
            if self.padded and cells and not cells[-1].strip():
                del cells[-1]
            if any(cells):
                yield counted.number, cells

    def cells(self, line: str) -> list[str]:
        """Return the cells of one line."""
        return next((cells for _, cells in self.rows([line])), [])

    def _cleaned(self, lines: Iterable[str]) -> Iterator[str]:
        for i, line in enumerate(lines):
            if (self.named and i == 0) or (self.comment and _begins(line, self.comment)):
                continue
            yield " ".join(line.split()) + "\n" if self.separator == SPACES else line


class _Counted:
    """Lines, and the number of the one that was read last."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.number = 0
        self._lines = iter(lines)

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.number += 1
            yield line


def sniff(head: Sequence[str]) -> Dialect:
    """Tell the dialect from the first lines of a file.

    Raises:
        csv.Error: a cell is longer than any cell should be.
    """
    named = _NAMED.fullmatch(head[0]) if head else None
    below = head[1:] if named else head
    comment, comments = _leading_comments(below)
    if named:
        separator = named[1].replace("\\t", "\t")
    else:
        separator = max(SEPARATORS, key=lambda mark: _fit(Dialect(mark, comment=comment), below))
    plain = Dialect(separator, named is not None, comment, comments)
    rows = [cells for _, cells in islice(plain.rows(head), ROWS_LOOKED_AT)]
    padded = bool(rows) and separator != SPACES and all(row[-1].strip() == "" for row in rows[1:])
    return Dialect(separator, named is not None, comment, comments, padded and len(rows) > 1)


def _leading_comments(lines: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """Return what comments begin with, and the first ones without it; None where none is first."""
    mark = next((m for m in COMMENTS if lines and _begins(lines[0], m)), None)
    if mark is None:
        return None, ()
    found = []
    for line in lines:
        if line.strip() and not _begins(line, mark):
            break
        found.append(line.strip().strip('"').lstrip(mark).strip())
    return mark, tuple(found)


def _begins(line: str, mark: str) -> bool:
    return line.lstrip(' \t"').startswith(mark)


def _spaces_divide_text(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether what is no number holds another separator: `0.35 kg,red` by spaces."""
    marks = set(SEPARATORS) - {SPACES}
    return any(marks & set(cell) for row in rows for cell in row if not looks_numeric(cell))


def _fit(dialect: Dialect, head: Sequence[str]) -> float:
    """Return how well a separator fits: even rows, times the share of cells that are numbers."""
    try:
        rows = [cells for _, cells in islice(dialect.rows(head), ROWS_LOOKED_AT)]
    except csv.Error:  # a cell that would not end
        return -1.0
    body = [row for row in rows[1:] if not row[0].startswith(COMMENTS)] or rows[:1]
    if not body:
        return 0.0
    width, count = Counter(map(len, body)).most_common(1)[0]
    if width < 2:
        return 0.0
    even = [row for row in body[:50] if len(row) == width] or [[]]
    numbers = [looks_numeric(cell) for row in even for cell in row]
    if dialect.separator == SPACES and _spaces_divide_text(even):
        return 0.0
    return count / len(body) * (sum(numbers) / max(1, len(numbers)) + 0.01)
