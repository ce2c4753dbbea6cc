"""What data say, in Markdown: nothing of it is markup, and no control character is left."""

import re
from collections.abc import Iterable, Sequence

from hpsoft.report.text.format import printable

# An underscore within a word is one: batch_size.
_MARKUP = re.compile(r"[\\`*\[\]<>|~$&#]|(?<![^\W_])_|_(?![^\W_])")


def escaped(text: object) -> str:
    """Return a text of one line that Markdown shows as it is.

    >>> print(escaped("batch_size | *a* [b](c)"))
    batch_size \\| \\*a\\* \\[b\\](c)
    """
    return _MARKUP.sub(r"\\\g<0>", printable(str(text)))


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return the lines of a table; all cells are escaped. Columns of numbers stand right."""
    body = [[escaped(cell) for cell in row] for row in rows]
    rules = ["---:" if _is_numeric(column) else "---" for column in zip(*body, strict=True)]
    head = [escaped(title) for title in header]
    return [_row(head), _row(rules or ["---"] * len(head)), *map(_row, body)]


def fenced(lines: Sequence[str], language: str) -> list[str]:
    """Return lines of code in a fence that none of them ends."""
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *lines, fence]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _is_numeric(column: Sequence[str]) -> bool:
    return all(re.fullmatch(r"[+-]?[\d.,]+(e[+-]\d+)?( %| points)?|-", cell) for cell in column)
