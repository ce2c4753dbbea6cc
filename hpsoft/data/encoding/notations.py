"""Numbers as people write them: with signs that no program reads, or the other decimal mark."""

import re
import unicodedata
from collections.abc import Callable

from hpsoft.data.tables.numerals import NumberStyle

Number = Callable[[str], float]

_CODES = re.compile(
    r"(USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|SEK|NOK|DKK|PLN|Fr\.|kr\.?)", re.IGNORECASE
)
_GROUPED = tuple(
    NumberStyle(decimal, grouping) for decimal, other in (".,", ",.") for grouping in (other, "'\u2019", " \u00a0\u202f")
)  # fmt: skip


def notation_of(cell: str, number: Number) -> str | None:
    """Return how a number is written that `number` does not read; None: it is none.

    `number` reads what the file's numbers are like, and raises ValueError.
    """
    if not re.search(r"\d", cell):  # as most texts
        return None
    found = []
    bare = cell.strip()
    for name, without in _SIGNS:
        if (rest := without(bare)) != bare:
            found.append(name)
            bare = rest
    if not re.match(r"[-+]?[.,]?\d", bare):
        return None
    if not is_number(bare, number):
        marks = _marks(bare, is_comma=is_number("1,5", number))
        if marks is None:
            return None
        found.append(marks)
    return " and ".join(found) or None


def is_number(cell: str, number: Number) -> bool:
    """Tell whether `number` reads a cell."""
    try:
        number(cell)
    except ValueError:
        return False
    return True


def _marks(bare: str, *, is_comma: bool) -> str | None:
    """Return what stands between digits, in another way than the file's."""
    own, other = (",", ".") if is_comma else (".", ",")
    for style in _GROUPED:
        if style.decimal == own and style.is_number(bare):
            return "signs between thousands"
    for style in (NumberStyle(other), *_GROUPED):
        if style.decimal == other and style.is_number(bare):
            return f"a decimal {'point' if is_comma else 'comma'}"
    return None


def _without_parentheses(cell: str) -> str:
    return f"-{cell[1:-1].strip()}" if cell[:1] + cell[-1:] == "()" else cell


def _without_minus(cell: str) -> str:
    return cell.replace("\u2212", "-").replace("\u2013", "-")


def _without_currency(cell: str) -> str:
    bare = "".join(letter for letter in cell if unicodedata.category(letter) != "Sc")
    return re.sub(r"^([-+]?)\s+", r"\1", _CODES.sub("", bare).strip())


def _without_percent(cell: str) -> str:
    return cell.rstrip("%‰").rstrip() if cell[-1:] in "%‰" else cell


_SIGNS = (
    ("parentheses for minus", _without_parentheses),
    ("a minus that is no '-'", _without_minus),
    ("a percent sign", _without_percent),
    ("a currency", _without_currency),
)
