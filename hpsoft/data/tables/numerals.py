"""How numbers are written in a file: which mark begins the fraction, which one groups digits."""

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

_SPACES = " \u00a0\u202f"  # that group digits in French
_APOSTROPHES = "'\u2019"  # in Swiss German
_MARKS = f".,{_APOSTROPHES}{_SPACES}"
_NUMERIC = re.compile(rf"[+-]?[\d{_MARKS}]*\d[.,]?([eE][+-]?\d+)?")
_OTHER_MARKS = re.compile(f"[{_MARKS.replace('.', '')}]")
_ONE_GROUP = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_HUNDREDS, _THOUSANDS = re.compile(r"[+-]?[1-9]\d\d"), re.compile(r"[+-]?[1-9]\d{3,}")
MANY_GROUPED = 50  # fractions whose zeros at the end are left out have some with fewer digits
_GROUPED_BY_POINTS = re.compile(r"\.\d{3}\.")
_MISSING = frozenset(
    ("", "?", "-", "*", ".", "na", "n/a", "#n/a", "nan", "null", "none", "missing", "nil", "<na>")
)
# Texts and labels: what may well be a value of its own, such as `none`, is one.
UNKNOWN = frozenset(("", "?", "na", "n/a", "#n/a", "nan", "null", "<na>"))
TRUTH = {"true": 1.0, "false": 0.0}


@dataclass(frozen=True)
class NumberStyle:
    """A way to write numbers; the default is that of programs: 1234.5."""

    decimal: str = "."
    grouping: str = ""  # characters that may stand between groups of three digits

    @cached_property
    def _grouped(self) -> re.Pattern[str]:
        mark = f"[{re.escape(self.grouping)}]"
        return re.compile(rf"[+-]?[1-9]\d{{0,2}}({mark}\d{{3}})+({re.escape(self.decimal)}\d*)?")

    @property
    def is_plain(self) -> bool:
        """Whether Python's `float` reads it as it is."""
        return self == PLAIN

    def number(self, cell: str) -> float:
        """Return the number that a cell holds.

        Raises:
            ValueError: it is none, or written in another style.
        """
        cell = cell.strip()
        if self.grouping and self._grouped.fullmatch(cell):
            cell = cell.translate(dict.fromkeys(map(ord, self.grouping)))
        if self.decimal == ",":
            if "." in cell:
                raise ValueError(cell)
            cell = cell.replace(",", ".")
        if "_" in cell:  # Python reads "1_0" as 10
            raise ValueError(cell)
        return float(cell)

    def is_number(self, cell: str) -> bool:
        """Tell whether a cell holds a number."""
        try:
            self.number(cell)
        except ValueError:
            return False
        return True

    def count(self, cells: Sequence[str]) -> int:
        """Return how many cells hold a number."""
        if self.is_plain and _are_floats(cells):
            return len(cells)
        return sum(map(self.is_number, cells))


PLAIN = NumberStyle()


class AmbiguousError(ValueError):
    """Numbers of one column are thousands or fractions, and nothing tells which."""


def _are_floats(cells: Sequence[str]) -> bool:
    """Tell whether Python's `float` reads all cells, and would as numbers."""
    try:
        array("d", map(float, cells))
    except ValueError:
        return False
    return "_" not in "".join(cells)  # Python reads "1_0" as 10


def looks_numeric(cell: str) -> bool:
    """Tell whether a cell is a number in some style, a truth value, or a mark of a missing one."""
    cell = cell.strip()
    if _NUMERIC.fullmatch(cell):
        return True
    lower = cell.lower()
    return lower in TRUTH or (bool(cell) and is_missing(cell)) or lower.lstrip("+-") == "inf"


def is_missing(cell: str) -> bool:
    """Tell whether a cell says that its value is not known."""
    return cell.strip().lower() in _MISSING


def is_unknown(text: str) -> bool:
    """Tell whether a text, where texts are expected, says that nothing is known."""
    return text.strip().casefold() in UNKNOWN


def style_of(cells: Iterable[str], separator: str) -> NumberStyle:
    """Tell the style from cells of a file whose cells are separated by `separator`.

    A mark that stands twice in a number groups its digits, and of two different marks the first
    one does. Where commas alone occur, once a number, they begin the fraction, except where commas
    separate the (then quoted) cells and three digits follow each: these are thousands.
    """
    cells = list(cells)
    joined = "\n".join(cells)
    if not (_OTHER_MARKS.search(joined) or _GROUPED_BY_POINTS.search(joined)):
        return PLAIN  # as most files are, and told at once
    numeric = [cell.strip() for cell in cells if any(mark in cell for mark in _MARKS)]
    numeric = [cell for cell in numeric if _NUMERIC.fullmatch(cell)]
    for group in (_APOSTROPHES, _SPACES):
        if any(mark in cell for mark in group for cell in numeric):
            bare = [cell.translate(dict.fromkeys(map(ord, group))) for cell in numeric]
            style = NumberStyle(_decimal(bare, separator), group)
            if all(map(style.is_number, numeric)):
                return style
    decimal = _decimal(numeric, separator)
    other = "," if decimal == "." else "."
    grouped = NumberStyle(decimal, other)
    # Only where something is grouped so: no other number may be read as one by chance.
    if any(other in cell and grouped.is_number(cell) for cell in numeric):
        return grouped
    return NumberStyle(decimal)


def _decimal(numeric: list[str], separator: str) -> str:
    """Return the mark that begins the fraction."""
    commas = [cell for cell in numeric if "," in cell]
    points = [cell for cell in numeric if "." in cell and "," not in cell]
    for cell in commas:
        if "." in cell:
            return max(",.", key=cell.rfind)
        if cell.count(",") > 1:
            return "."
    european, english = NumberStyle(",", "."), NumberStyle(".", ",")
    if any(cell.count(".") > 1 and european.is_number(cell) for cell in points):
        return ","
    if not commas:
        return "."
    if not all(map(english.is_number, commas)):
        return "," if all(map(european.is_number, points)) else "."
    return "." if separator == "," or points else ","


def with_thousands(style: NumberStyle, rows: Sequence[tuple[int, Sequence[str]]]) -> NumberStyle:
    """Return the style where a column tells that what seemed to begin fractions groups digits.

    Such a column holds 968 and 1.140: all marks stand before three digits, numbers without one end
    below 1000, and a zero at the end is one that no fraction has beside whole numbers. `rows` are
    lines and cells; the first may be a header.

    Raises:
        AmbiguousError: a column is so, but for the zero, and too short to do without it.
    """
    if style.grouping or not _is_grouped_alone(style, rows):
        return style
    for i in range(max(len(cells) for _, cells in rows)):
        column = [(line, cells[i].strip()) for line, cells in rows[1:] if i < len(cells)]
        marked = [(line, cell) for line, cell in column if _ONE_GROUP.fullmatch(cell)]
        hundreds = list(dict.fromkeys(c for _, c in column if _HUNDREDS.fullmatch(c)))
        beyond = any(_THOUSANDS.fullmatch(cell) for _, cell in column)
        if not marked or len(hundreds) < 2 or beyond:  # 100 alone: of percentages
            continue
        if len(marked) < MANY_GROUPED and not any(cell.endswith("0") for _, cell in marked):
            raise _ambiguous(_called(rows[0][1], i, style), marked, hundreds[0], style)
        return NumberStyle("." if style.decimal == "," else ",", style.decimal)
    return style


def _is_grouped_alone(style: NumberStyle, rows: Sequence[tuple[int, Sequence[str]]]) -> bool:
    """Tell whether three digits follow every mark, and there are some."""
    cells = (cell.strip() for _, row in rows for cell in row if style.decimal in cell)
    first = next((cell for cell in cells if style.is_number(cell)), "")
    if not _ONE_GROUP.fullmatch(first):
        return False
    return all(_ONE_GROUP.fullmatch(cell) for cell in cells if style.is_number(cell))


def _called(header: Sequence[str], i: int, style: NumberStyle) -> str:
    named = i < len(header) and header[i].strip() and not style.is_number(header[i])
    return repr(header[i].strip()) if named else str(i + 1)


def _ambiguous(
    column: str, marked: Sequence[tuple[int, str]], whole: str, style: NumberStyle
) -> AmbiguousError:
    line, cell = marked[0]
    bare = cell.replace(style.decimal, "")
    return AmbiguousError(
        f"column {column} has {cell!r} in line {line}, beside whole numbers such as {whole}: this is "
        f"{bare} where the {'comma' if style.decimal == ',' else 'point'} groups thousands, and "
        f"{style.number(cell):.10g} where it begins a fraction. {len(marked):,} cell(s) are so, and "
        f"nothing tells which. Write thousands without a mark, as {bare}, or whole numbers with as "
        f"many digits as the others, as {whole}{style.decimal}000."
    )
