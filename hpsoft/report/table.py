"""Plain aligned tables. Drawn by hand: rich takes a millisecond a row, and a study has thousands."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from hpsoft.report.format import printable

GAP = "  "
NARROWEST = 16  # a column that wraps is never narrower


@dataclass(frozen=True)
class Column:
    """One column: numbers stand right, names left; a description may take several lines."""

    title: str
    right: bool = True
    wraps: bool = False


def name(title: str) -> Column:
    """Return a column of names."""
    return Column(title, right=False)


def prose(title: str) -> Column:
    """Return a column of descriptions."""
    return Column(title, right=False, wraps=True)


def draw(console: Console, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Print a table under its header."""
    header, *body = lines(columns, rows, console.width)
    console.print(Text(header, style="bold"), soft_wrap=True)
    if body:
        console.out("\n".join(body), highlight=False)


def lines(columns: Sequence[Column], rows: Iterable[Sequence[str]], width: int) -> list[str]:
    """Return the header and the lines of a table."""
    cells = [[printable(cell) for cell in row] for row in rows]
    titles = [printable(column.title) for column in columns]
    widths = [max(map(cell_len, texts)) for texts in zip(titles, *cells, strict=True)]
    _narrow(columns, widths, width)
    wrapped = [line for row in (titles, *cells) for line in _split(columns, row, widths)]
    return [_line(columns, row, widths) for row in wrapped]


def _narrow(columns: Sequence[Column], widths: list[int], width: int) -> None:
    """Take what is too wide from the columns that wrap."""
    excess = sum(widths) + len(GAP) * (len(widths) - 1) - width
    for i, column in enumerate(columns):
        if column.wraps and excess > 0:
            taken = min(excess, max(0, widths[i] - NARROWEST))
            widths[i] -= taken
            excess -= taken


def _split(
    columns: Sequence[Column], row: Sequence[str], widths: Sequence[int]
) -> list[list[str]]:
    """Return the lines of a row: one, or more where a description wraps."""
    parts = [
        textwrap.wrap(cell, size) or [""] if column.wraps else [cell]
        for column, cell, size in zip(columns, row, widths, strict=True)
    ]
    height = max(len(part) for part in parts)
    return [[part[i] if i < len(part) else "" for part in parts] for i in range(height)]


def _line(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int]) -> str:
    padded = []
    for column, cell, size in zip(columns, row, widths, strict=True):
        space = " " * (size - cell_len(cell))
        padded.append(space + cell if column.right else cell + space)
    return GAP.join(padded).rstrip()
