"""Plain aligned tables. Drawn by hand: rich takes a millisecond a row, and a study has
thousands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from hpsoft.report.text.columns import Column, name, parameter, prose
from hpsoft.report.text.fitting import GAP, Fitted, fit
from hpsoft.report.text.format import printable
from hpsoft.report.text.wrapping import wrap

__all__ = ["Column", "draw", "lines", "name", "parameter", "prose"]


def draw(console: Console, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Print a table under its header, no line wider than the console; say what is not in it."""
    table = _fitted(columns, rows, console.width)
    console.print(Text("\n".join(_header(table)), style="bold"), soft_wrap=True)
    if body := _body(table):
        console.out("\n".join(body), highlight=False)
    if table.shared:
        console.print(Text(f"In all rows: {', '.join(table.shared)}", style="dim"))
    if table.left_out:
        left_out = f"Too narrow for: {', '.join(table.left_out)}. --json has all."
        console.print(Text(left_out, style="dim"))


def lines(columns: Sequence[Column], rows: Iterable[Sequence[str]], width: int) -> list[str]:
    """Return the header and the lines of a table."""
    table = _fitted(columns, rows, width)
    return [*_header(table), *_body(table)]


def _fitted(columns: Sequence[Column], rows: Iterable[Sequence[str]], width: int) -> Fitted:
    columns = [replace(column, title=printable(column.title)) for column in columns]
    return fit(columns, [[printable(cell) for cell in row] for row in rows], width)


def _header(table: Fitted) -> list[str]:
    """Return the titles; those of several lines end where the others do."""
    parts = _parts(table, [column.title for column in table.columns])
    height = max(map(len, parts))
    return _joined(table, [[""] * (height - len(part)) + part for part in parts])


def _body(table: Fitted) -> list[str]:
    return [line for row in table.rows for line in _joined(table, _parts(table, row))]


def _parts(table: Fitted, row: Sequence[str]) -> list[list[str]]:
    """Return the lines of every cell: one, or more where it wraps."""
    return [wrap(cell, width) for cell, width in zip(row, table.widths, strict=True)]


def _joined(table: Fitted, parts: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a row."""
    height = max(map(len, parts))
    rows = [[part[i] if i < len(part) else "" for part in parts] for i in range(height)]
    return [_line(table, row) for row in rows]


def _line(table: Fitted, row: Sequence[str]) -> str:
    padded = []
    for column, cell, width in zip(table.columns, row, table.widths, strict=True):
        space = " " * (width - cell_len(cell))
        padded.append(space + cell if column.right else cell + space)
    return GAP.join(padded).rstrip()
