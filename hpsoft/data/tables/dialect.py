"""How a table is written as text: what separates its cells, and which lines are no rows.

    TextFile -> head -> sniff -> Dialect -> rows

The separator is the one that divides the first lines evenly and into numbers: a comma, semicolon,
tab, bar, or runs of spaces. Excel's line `sep=;` names it. Where comments come first, every line
that begins as they do is one.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from hpsoft.data.tables.numerals import looks_numeric
from hpsoft.errors import DataError

# Number of the line that it is on, from 1, and its cells. Of several lines it is the one where the
# quoted cell begins that goes on in the next.
Row = tuple[int, list[str]]

SEPARATORS = (",", ";", "\t", "|", " ")
SPACES = " "  # the separator that stands for runs of spaces and tabs
SEPARATOR_NAMES = {
    "comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "bar": "|", "pipe": "|",
    "space": " ", "spaces": " ", "colon": ":",
}  # fmt: skip
NO_SEPARATORS = frozenset("\"'\n\r+-._")
COMMENTS = ("#", "%", "@", "//")
ROWS_LOOKED_AT = 500
CELLS_LOOKED_AT = 20_000
_INNER_SPACE = re.compile(r"\S[ \t]+\S")
_NAMED = re.compile(r'"?sep=(.|\\t)"?\s*', re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """How a table is written."""

    separator: str = ","
    named: str | None = None  # by a first line `sep=`, which is no row
    comment: str | None = None  # what comments begin with; None: there are none
    comments: tuple[str, ...] = field(default=(), compare=False)  # the first ones, without that
    padded: bool = False  # every row ends with a separator

    def rows(self, lines: Iterable[str], *, whole: bool = False) -> Iterator[Row]:
        """Yield the rows of a file that hold something; `whole`: lines are all that there are.

        Raises:
            OpenQuoteError: a quoted cell never ends.
            csv.Error: a cell is longer than any cell should be.
        """
        taken: list[tuple[int, str]] = []  # the lines of the row that is read
        cleaned = self._cleaned(lines, taken, whole=whole)
        reader = csv.reader(cleaned, delimiter=self.separator, skipinitialspace=True)
        try:
            for cells in reader:
                if self.padded and cells and not cells[-1].strip():
                    del cells[-1]
                if len(taken) > 1 and self._runs_on(taken):
                    raise OpenQuoteError(self._opened(taken))
                if any(cells):
                    yield taken[0][0] if len(taken) == 1 else self._opened(taken), cells
                taken.clear()
        except csv.Error as error:
            if len(taken) > 1 and not isinstance(error, OpenQuoteError):
                raise OpenQuoteError(self._opened(taken)) from None
            raise

    def cells(self, line: str) -> list[str]:
        """Return the cells of one line."""
        return next((cells for _, cells in self.rows([line])), [])

    def n_lines(self, lines: Iterable[str], n_rows: int) -> int:
        """Return how many lines the first rows take, with what lies between them."""
        n_passed = 0

        def passed() -> Iterator[str]:
            nonlocal n_passed
            for line in lines:
                n_passed += 1
                yield line

        for _ in islice(self.rows(passed()), n_rows):
            pass
        return max(n_passed, int(self.named is not None))

    def _cleaned(
        self, lines: Iterable[str], taken: list[tuple[int, str]], *, whole: bool
    ) -> Iterator[str]:
        for number, line in enumerate(lines, 1):
            if (self.named is not None and number == 1) or (
                self.comment and _begins(line, self.comment)
            ):
                continue
            taken.append((number, line))
            yield " ".join(line.split()) + "\n" if self.separator == SPACES else line
        if whole and taken:
            raise OpenQuoteError(self._opened(taken))

    def _runs_on(self, taken: Sequence[tuple[int, str]]) -> bool:
        """Tell whether a quoted cell of several lines ends amid text: at the quote of another."""
        if self.separator == SPACES:
            return False
        joined = re.sub(r'" +(?=\S)', '"', "".join(line for _, line in taken).rstrip())
        lines = io.StringIO(joined, newline="")
        reader = csv.reader(lines, delimiter=self.separator, skipinitialspace=True, strict=True)
        try:
            next(reader)
        except csv.Error as error:
            return "expected after" in str(error)
        return False

    def _opened(self, taken: Sequence[tuple[int, str]]) -> int:
        """Return the line where a row of several lines begins the quoted cell that it ends in."""
        found, is_open = taken[0][0], False
        for number, line in taken:
            text = f'"{line}' if is_open else line
            cells = next(csv.reader([text], delimiter=self.separator, skipinitialspace=True), [])
            if is_open and len(cells) == 1:
                continue  # it goes on
            is_open = _is_open(text, self.separator)
            found = number if is_open else found
        return found


class OpenQuoteError(csv.Error):
    """A quoted cell that begins in `line` never ends, or where another one begins."""

    def __init__(self, line: int) -> None:
        """Name the line, from 1."""
        super().__init__(line)
        self.line = line


def _is_open(line: str, separator: str) -> bool:
    """Tell whether a quoted cell does not end with its line."""
    two = [line, "x"]  # the second is a row of its own, if it is not
    return len(list(csv.reader(two, delimiter=separator, skipinitialspace=True))) == 1


def separator_of(text: str) -> str:
    """Return the character that the user calls the separator, by its name or as it is.

    Raises:
        DataError: it can be none.
    """
    wanted = SEPARATOR_NAMES.get(text.lower(), text)
    if len(wanted) == 1 and not wanted.isalnum() and wanted not in NO_SEPARATORS:
        return wanted
    names = ", ".join(SEPARATOR_NAMES)
    raise DataError(
        f"--delimiter {text!r} separates no cells: give one character that is no letter, digit, "
        f"quote, sign or point, or one of {names}. For longer ones, replace them in the file."
    )


def sniff(head: Sequence[str], separator: str | None = None) -> Dialect:
    """Tell the dialect from the first lines of a file; `separator` is the user's word.

    Raises:
        csv.Error: a cell is longer than any cell should be.
    """
    return sniff_rows(head, separator)[0]


def sniff_rows(head: Sequence[str], separator: str | None = None) -> tuple[Dialect, list[Row]]:
    """Return the dialect, as `sniff`, and the first rows."""
    match = _NAMED.fullmatch(head[0]) if head else None
    named = match[1].replace("\\t", "\t") if match else None
    below = head[1:] if match else head
    comment, comments = _leading_comments(below)
    if separator is None:
        text = "".join(below)
        there = [mark for mark in SEPARATORS if _occurs(mark, text)] or [","]
        separator = named or _best(there, comment, below)
    plain = Dialect(separator, named, comment, comments)
    rows = list(islice(plain.rows(head), ROWS_LOOKED_AT))
    if len(rows) < 2 or separator == SPACES or any(row[-1].strip() for _, row in rows[1:]):
        return plain, rows
    if rows[0][1][-1].strip() and all(len(row) == len(rows[0][1]) for _, row in rows[1:]):
        return plain, rows  # the last column has a name: it is empty
    padded = replace(plain, padded=True)
    return padded, list(islice(padded.rows(head), ROWS_LOOKED_AT))


def _best(separators: Sequence[str], comment: str | None, lines: Sequence[str]) -> str:
    """Return the separator that fits best."""
    if len(separators) == 1:  # as in most files
        return separators[0]
    return max(separators, key=lambda mark: _fit(Dialect(mark, comment=comment), lines))


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


def _occurs(mark: str, text: str) -> bool:
    """Tell whether a separator may be one: most are not there, and told at once."""
    if mark != SPACES:
        return mark in text
    return (" " in text or "\t" in text) and _INNER_SPACE.search(text) is not None


def _fit(dialect: Dialect, head: Sequence[str]) -> float:
    """Return how well a separator fits: even rows, times the share of cells that are numbers."""
    rows: list[list[str]] = []
    try:
        rows.extend(cells for _, cells in islice(dialect.rows(head), ROWS_LOOKED_AT))
    except csv.Error:  # a cell that would not end: what is above it tells
        if not rows:
            return -1.0
    body = [row for row in rows[1:] if not row[0].startswith(COMMENTS)] or rows[:1]
    if not body:
        return 0.0
    width, count = Counter(map(len, body)).most_common(1)[0]
    if width < 2:
        return 0.0
    n_rows = max(3, min(50, CELLS_LOOKED_AT // width))
    even = [row for row in body[:n_rows] if len(row) == width] or [[]]
    numbers = [looks_numeric(cell) for row in even for cell in row]
    if dialect.separator == SPACES and _spaces_divide_text(even):
        return 0.0
    return count / len(body) * (sum(numbers) / max(1, len(numbers)) + 0.01)
