"""Rows of an .arff file -> cells: quoted, escaped, sparse, with the line of every error."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hpsoft.errors import DataError

COMMENT = "%"
MISSING = "?"
_TOKEN = re.compile(
    r"""\s*(?:'(?P<single>(?:[^'\\]|\\.)*)'|"(?P<double>(?:[^"\\]|\\.)*)"|(?P<bare>[^,'"]*?))\s*(?:,|$)"""
)
_ESCAPED = re.compile(r"\\(.)")
_LETTERS = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True)
class Attribute:
    """A column as the header declares it."""

    name: str
    is_numeric: bool
    levels: tuple[str, ...] = ()  # of a nominal one

    @property
    def zero(self) -> str:
        """What a sparse row does not say: zero, or the first level of a nominal attribute."""
        return self.levels[0] if self.levels else "0"


def rows(
    lines: Iterable[tuple[int, str]], attributes: Sequence[Attribute], path: Path
) -> Iterator[tuple[int, list[str | None]]]:
    """Yield the number of each line that is a row, and its cells; None is a missing one.

    Raises:
        DataError: a row of another length, or a quote that does not end.
    """
    for number, line in lines:
        text = line.strip()
        if not text or text.startswith(COMMENT):
            continue
        cells = (
            _sparse(text, attributes, number, path)
            if text.startswith("{")
            else split(text, number, path)
        )
        if len(cells) == 1 < len(attributes):
            cells = text.split()
        if len(cells) != len(attributes):
            raise DataError(
                f"Line {number} of {path} has {len(cells)} values where {len(attributes)} "
                "attributes are declared. Every row needs one each; quote values with a comma."
            )
        yield number, [None if cell == MISSING else cell for cell in cells]


def split(text: str, number: int, path: Path) -> list[str]:
    """Return the values of a line, separated by commas, without their quotes.

    Raises:
        DataError: a quote that does not end, or more behind one that does.
    """
    if "'" not in text and '"' not in text:
        return [cell.strip() for cell in text.split(",")]
    cells, start = [], 0
    while start <= len(text):
        match = _TOKEN.match(text, start)
        if match is None:
            raise DataError(
                f"Line {number} of {path} has a quote that does not end, or text beside one: "
                f"{text[start : start + 60]!r}. Quote a whole value, and write \\' for a quote in it."
            )
        bare = match["bare"]
        quoted = match["single"] if match["double"] is None else match["double"]
        cells.append(_ESCAPED.sub(_letter, quoted or "") if bare is None else bare)
        if match.end() >= len(text) and not match[0].endswith(","):
            break
        start = match.end()
    return cells


def _letter(match: re.Match[str]) -> str:
    return _LETTERS.get(match[1], match[1])


def _sparse(text: str, attributes: Sequence[Attribute], number: int, path: Path) -> list[str]:
    """Return the cells of `{index value, ...}`; what is not there is zero."""
    cells = [attribute.zero for attribute in attributes]
    inside = text.removeprefix("{").partition("}")[0].strip()
    for pair in _pairs(inside):
        index, _, value = pair.strip().partition(" ")
        if not index.isdecimal() or int(index) >= len(cells) or not value.strip():
            raise DataError(
                f"Line {number} of {path} has {pair.strip()!r} in a sparse row. Wanted is the "
                f"number of an attribute, 0 to {len(cells) - 1}, and its value."
            )
        cells[int(index)] = split(value.strip(), number, path)[0]
    return cells


def _pairs(inside: str) -> list[str]:
    """Divide at commas that are not quoted."""
    return re.findall(r"""(?:[^,'"]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")+""", inside)
