"""What the first lines of a text file tell of its table: dialect, names, styles and kinds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from hpsoft.data.tables.columns import Kind, counts_rows
from hpsoft.data.tables.dialect import SEPARATORS, SPACES, Dialect, Row, sniff_rows
from hpsoft.data.tables.header import Header, read_header, table_width
from hpsoft.data.tables.numerals import (
    PLAIN,
    TRUTH,
    NumberStyle,
    is_missing,
    is_unknown,
    looks_numeric,
    style_of,
    with_thousands,
)
from hpsoft.data.tables.textfile import LATIN, WINDOWS
from hpsoft.errors import DataError

FEWEST_ODD, MOST_ODD = 3, 0.1  # cells that are no numbers, in a column of text


@dataclass(frozen=True)
class Layout:
    """How a table lies in a text file."""

    dialect: Dialect
    header: Header
    style: NumberStyle
    rows: Sequence[Row]  # the first ones, below the header
    n_rows_above: int  # the first row of data: the header, and a title above it
    n_lines_above: int
    turned_out: frozenset[int] = frozenset()  # to be text, by what is below the first rows
    known: Mapping[int, Kind] = field(default_factory=dict)  # kinds, whatever the rows look like

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """What most cells of each column are."""
        return tuple(
            Kind.TEXT
            if i in self.turned_out
            else self.known.get(i) or _kind(self.column(i), self.style)
            for i in range(len(self.header.names))
        )

    @property
    def is_plain(self) -> bool:
        """Whether the rows are as programs write them: commas or the like, and no comments."""
        dialect = self.dialect
        return dialect.separator != SPACES and not (dialect.comment or dialect.padded)

    def column(self, i: int) -> list[str]:
        """Return the first cells of a column."""
        if self._even is not None:
            return list(map(str.strip, self._even[i])) if i < len(self._even) else []
        return [cells[i].strip() for _, cells in self.rows if i < len(cells)]

    @cached_property
    def _even(self) -> Sequence[Sequence[str]] | None:
        """The columns, where every row has as many cells."""
        lengths = {len(cells) for _, cells in self.rows}
        return (
            list(zip(*(cells for _, cells in self.rows), strict=True))
            if len(lengths) == 1
            else None
        )

    def counts(self, i: int) -> bool:
        """Tell whether the first cells of a column count the rows."""
        cells = self.column(i)
        if not all(map(self.style.is_number, cells)):
            return False
        return counts_rows(np.array([self.style.number(cell) for cell in cells]))

    def remarks(self, encoding: str) -> tuple[str, ...]:
        """Return what is not a matter of course about the file, in sentences."""
        found = [] if encoding.startswith("utf-8") else [_encoding_remark(encoding)]
        if (n_title := self.n_rows_above - self.header.n_rows) > 0:
            found.append(f"The first {n_title} rows are too short for the table, and left out.")
        named, separator = self.dialect.named, self.dialect.separator
        if named is not None and named != separator:
            found.append(
                f"The first line says that {named!r} separates cells, --delimiter {separator!r}: "
                "the option is followed."
            )
        if self.dialect.comment:
            found.append(f"Lines that begin with {self.dialect.comment} are comments.")
        if self.header.remark:
            found.append(self.header.remark)
        if not self.style.is_plain:
            found += self._style_remarks()
        return tuple(found)

    def _style_remarks(self) -> list[str]:
        """Say how numbers are written, with an example from the columns that hold numbers."""
        columns = [i for i, kind in enumerate(self.kinds) if kind is Kind.NUMBER]
        cells = (cell for i in columns for cell in self.column(i))
        other = (cell for cell in cells if looks_numeric(cell) and self._is_read_otherwise(cell))
        cell = next((cell for cell in other if self.style.is_number(cell)), None)
        if cell is None and self.style.decimal == ".":
            return []
        example = "" if cell is None else f", so {cell!r} is {self.style.number(cell):.10g}"
        mark = {",": "comma", ".": "point"}[self.style.decimal]
        return [f"Fractions begin with a {mark}{example}."]

    def _is_read_otherwise(self, cell: str) -> bool:
        """Tell whether a program would read another number, or none; 1.141 may be 1141."""
        if not PLAIN.is_number(cell):
            return True
        return self.style.is_number(cell) and self.style.number(cell) != PLAIN.number(cell)


def layout_of(
    head: Sequence[str], target: str | None, separator: str | None = None
) -> Layout | None:
    """Tell the layout from the first lines; None where there is no row.

    `target` is the column of the labels, `separator` what separates cells, by the user's word.

    Raises:
        csv.Error: a cell is longer than any cell should be.
        AmbiguousError: numbers are thousands or fractions, and nothing tells which.
    """
    dialect, rows = sniff_rows(head, separator)
    if not rows:
        return None
    n_title = _title([cells for _, cells in rows])
    table = [cells for _, cells in rows[n_title:]]
    style = style_of([cell for cells in table for cell in cells], dialect.separator)
    style = with_thousands(style, rows[n_title:])
    comment = dialect.cells(dialect.comments[-1]) if dialect.comments else []
    header = read_header(table, comment, style, target)
    n_above = n_title + header.n_rows
    n_lines = dialect.n_lines(head, n_above)
    return Layout(dialect, header, style, rows[n_above:], n_above, n_lines)


def _title(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows above the table are too short to be its header, as titles are."""
    width = table_width(rows)
    n_short = next(i for i, cells in enumerate(rows) if len(cells) >= width - 1)
    return n_short if len(rows) > 2 * n_short + 1 else 0


def _encoding_remark(encoding: str) -> str:
    if encoding in {WINDOWS, LATIN}:  # a guess, if a good one
        return f"The file is read as {encoding.upper()}; --encoding names another."
    return f"The file is read as {encoding.upper()}."


def _kind(cells: Sequence[str], style: NumberStyle) -> Kind:
    if cells and not is_missing(cells[0]) and style.count(cells) == len(cells):
        return Kind.NUMBER  # as most columns are, and told at once
    known = [cell for cell in cells if not is_missing(cell)]
    if not known and any(not is_unknown(cell) for cell in cells):
        return Kind.TEXT  # `none` and the like alone: a value, in a column of text
    if not known:
        return Kind.EMPTY
    if sum(cell.lower() in TRUTH for cell in known) > len(known) / 2:
        return Kind.TRUTH
    n_odd = len(known) - style.count(known)
    return Kind.TEXT if is_text(n_odd, len(known)) else Kind.NUMBER


def is_text(n_odd: int, n_known: int) -> bool:
    """Tell whether a column of so many cells that are no numbers is one of text.

    A few among numbers are mistakes, to be told with their lines.
    """
    return n_odd > n_known / 2 or (n_odd >= FEWEST_ODD and n_odd > MOST_ODD * n_known)


def check_divided(layout: Layout, head: Sequence[str], path: Path) -> None:
    """Check that lines are divided into cells; `head` are the first ones.

    Raises:
        DataError: there is one column.
    """
    if len(layout.header.names) > 1:
        return
    marks = [mark for mark in SEPARATORS if mark != SPACES]
    by = {
        mark: [n for n, line in enumerate(head, 1) if _only(mark, marks, line)] for mark in marks
    }
    found = [
        f"{len(numbers):,} of the first {len(head):,} lines by {mark!r}, as line {numbers[0]}"
        for mark, numbers in by.items()
        if numbers
    ]
    mixed = f" It has several separators: {'; '.join(found)}." if len(found) > 1 else ""
    raise DataError(
        f"{path} has 1 column; at least one feature and the labels are needed.{mixed} Columns of "
        "text are separated by commas, semicolons, tabs, bars or spaces, the same in every line; "
        "--delimiter names another separator."
    )


def _only(mark: str, marks: Sequence[str], line: str) -> bool:
    return [other for other in marks if other in line] == [mark]
