"""Which columns of a table fit a terminal, and how wide each is.

Tried in this order, until a table fits: titles and descriptions in several lines, hyperparameters
that are the same in all rows said once, spare columns left out, all hyperparameters in one column;
then the same with names in several lines, then with names cut after marks, and at last with words
cut anywhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

from rich.cells import cell_len

from hpsoft.report.text.columns import NARROWEST, Column, prose
from hpsoft.report.text.wrapping import TIED, longest_number, longest_piece, longest_word

GAP = "  "
FOLDED = prose("hyperparameters", least=20)  # a name and its value

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Fitted:
    """A table that fits, if anything does."""

    columns: Sequence[Column]
    rows: Rows
    widths: Sequence[int]
    left_out: Sequence[str]  # titles
    shared: Sequence[str]  # names and values of what is the same in all rows


def fit(columns: Sequence[Column], rows: Rows, width: int) -> Fitted:
    """Return the first layout that is at most `width` cells wide, the last if none is."""
    tries = _tries(_Layout(columns, rows))
    found = next(tries)
    for narrower in tries:
        if _total(found.limits) <= width:
            break
        found = narrower
    return Fitted(found.columns, found.rows, _shrunk(found, width), found.left_out, found.shared)


class _Cut(IntEnum):
    """Where a cell may be cut into lines."""

    NOWHERE = 0
    WORDS = 1  # between words
    MARKS = 2  # after a mark in a word too
    ANYWHERE = 3


# Of names, of descriptions.
WAYS = (
    (_Cut.NOWHERE, _Cut.WORDS),
    (_Cut.WORDS, _Cut.WORDS),
    (_Cut.MARKS, _Cut.WORDS),
    (_Cut.NOWHERE, _Cut.ANYWHERE),
    (_Cut.ANYWHERE, _Cut.ANYWHERE),
)


@dataclass(frozen=True)
class _Layout:
    columns: Sequence[Column]
    rows: Rows
    names: _Cut = _Cut.NOWHERE
    prose: _Cut = _Cut.WORDS
    left_out: list[str] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)

    @cached_property
    def cells(self) -> list[tuple[str, ...]]:
        """The title and the cells of every column."""
        return list(zip([column.title for column in self.columns], *self.rows, strict=True))

    @cached_property
    def limits(self) -> list[int]:
        """The smallest width of every column."""
        return [
            _limit(cells, column.least or NARROWEST, self._cut(column))
            for column, cells in zip(self.columns, self.cells, strict=True)
        ]

    def _cut(self, column: Column) -> _Cut:
        if column.least:
            return self.prose
        return _Cut.NOWHERE if column.right else self.names


def _limit(cells: Sequence[str], least: int, cut: _Cut) -> int:
    """Return the smallest width of a column, `least` or more where its cells may be cut."""
    title, *body = cells
    if cut is _Cut.NOWHERE:
        return max([longest_word(title), *map(cell_len, body)])
    found = max([min(least, max(map(cell_len, cells))), *map(longest_number, body)])
    if cut is _Cut.ANYWHERE:
        return found
    return max([found, *map(longest_word if cut is _Cut.WORDS else longest_piece, cells)])


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(GAP) * (len(widths) - 1)


def _tries(whole: _Layout) -> Iterator[_Layout]:
    yield whole
    shared = _shared(whole)
    layouts = [shared]
    if any(column.folds for column in shared.columns):
        layouts.append(_folded(shared))
    by_need = sorted(whole.columns, key=lambda column: -column.spare)
    spare = [column for column in by_need if column.spare]
    for cuts in WAYS:
        for layout in layouts:
            for n in range(len(spare) + 1):
                yield _without(layout, spare[:n], *cuts)


def _without(layout: _Layout, spare: list[Column], names: _Cut, prose_: _Cut) -> _Layout:
    places = [i for i, column in enumerate(layout.columns) if column not in spare]
    columns, rows = _picked(layout, places)
    left_out = [column.title for column in spare]
    return _Layout(columns, rows, names, prose_, left_out, layout.shared)


def _picked(layout: _Layout, places: Sequence[int]) -> tuple[list[Column], list[list[str]]]:
    return [layout.columns[i] for i in places], [[row[i] for i in places] for row in layout.rows]


def _shared(layout: _Layout) -> _Layout:
    """Take hyperparameters out that are the same in all of several rows."""
    same = [
        column.folds and len(layout.rows) > 1 and len(set(cells[1:])) == 1
        for column, cells in zip(layout.columns, layout.cells, strict=True)
    ]
    columns, rows = _picked(layout, [i for i, is_same in enumerate(same) if not is_same])
    said = [
        f"{cells[0]} {cells[1]}"
        for cells, is_same in zip(layout.cells, same, strict=True)
        if is_same
    ]
    return _Layout(columns, rows, shared=said)


def _folded(layout: _Layout) -> _Layout:
    """Put the hyperparameters into one column, where the first of them is."""
    places = [i for i, column in enumerate(layout.columns) if column.folds]
    columns, rows = _picked(layout, [i for i in range(len(layout.columns)) if i not in places])
    first = places[0]
    columns.insert(first, FOLDED)
    for row, whole in zip(rows, layout.rows, strict=True):
        told = [f"{layout.columns[i].title}{TIED}{whole[i]}" for i in places]
        row.insert(first, ", ".join(told))
    return _Layout(columns, rows, shared=layout.shared)


def _shrunk(layout: _Layout, width: int) -> list[int]:
    """Take what is too wide from the widest column, again and again."""
    widths = [max(map(cell_len, cells)) for cells in layout.cells]
    for _ in range(_total(widths) - width):
        wide = [i for i, limit in enumerate(layout.limits) if widths[i] > limit]
        if not wide:
            break
        widths[max(wide, key=widths.__getitem__)] -= 1
    return widths
