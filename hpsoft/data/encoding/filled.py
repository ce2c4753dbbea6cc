"""Rows with gaps that are filled in anew by what is trained on, and never copied for it.

A matrix is stored once, with where values were missing in it. Each split sees its rows with fills
of its own: the medians or means of the rows that it trains on, as its scaling is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hpsoft.data.encoding.date import Date
from hpsoft.data.encoding.encoding import Encoding
from hpsoft.data.encoding.number import CELLS_AT_A_TIME, Number, Numbers, fills_of
from hpsoft.data.encoding.table import Table
from hpsoft.data.rows import Matrix, Rows


@dataclass(frozen=True, eq=False)
class Holes:
    """Where values are missing in the columns that have gaps."""

    at: NDArray[np.intp]  # (n_gappy,), columns of X, ascending
    missing: NDArray[np.bool_]  # (n, n_gappy)
    fills: Numbers  # (n_gappy,)

    def among(self, columns: NDArray[np.intp]) -> "Holes":
        """Return those of some columns of X, by their places among them."""
        places = {int(column): k for k, column in enumerate(columns)}
        mine = [g for g, j in enumerate(self.at.tolist()) if j in places]
        at = np.array([places[int(self.at[g])] for g in mine], np.intp)
        return Holes(at, self.missing[:, mine], self.fills[mine])


class Filled(Rows):
    """Rows of a matrix whose gaps hold the fills of these rows' own choice."""

    def __init__(self, X: NDArray[Any], index: NDArray[np.intp], holes: Holes, how: str) -> None:
        """Take the rows of X with these indices; `how` is median or mean."""
        super().__init__(X, index)
        self._holes, self._how = holes, how

    def __getitem__(self, rows: Any) -> NDArray[Any]:
        """Return a copy of some of the rows, filled in."""
        places = self._index[rows]
        return self._fill(self._X[places], places, self._holes)

    def columns(self, columns: slice) -> NDArray[Any]:
        """Return a copy of some columns."""
        return self.part(slice(None), columns)

    def part(self, rows: slice, columns: slice) -> NDArray[Any]:
        """Return a copy of some columns of some of the rows."""
        places = self._index[rows]
        holes = self._holes.among(np.arange(self.shape[1])[columns])
        return self._fill(self._X[places, columns], places, holes)

    def with_columns(self, cut: Callable[[NDArray[Any]], NDArray[Any]]) -> "Filled":
        """Return these rows of the matrix that `cut` makes of the whole one, of some columns."""
        left = cut(np.arange(self.shape[1])[None])[0]
        return Filled(cut(self._X), self._index, self._holes.among(left), self._how)

    def take(self, rows: NDArray[np.intp]) -> "Filled":
        """Return some of these rows, as rows of the same matrix."""
        return Filled(self._X, self._index[rows], self._holes, self._how)

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        """Return a copy of all rows."""
        return np.asarray(self[:], dtype)

    def fitted(self, cells: int = CELLS_AT_A_TIME) -> Numbers:
        """Return the fills by the values that these rows have; as before where they have none."""
        fills, n = self._holes.fills.copy(), len(self._index)
        step = max(1, cells // max(1, n))
        for start in range(0, len(fills), step):
            some = slice(start, start + step)
            block = self._X[self._index[:, None], self._holes.at[some]].astype(np.float64)
            block[self._holes.missing[self._index, some]] = np.nan
            found = fills_of(block, self._how)
            fills[some] = np.where(np.isnan(found), fills[some], found)
        return fills

    def with_fills(self, fills: Numbers) -> "Filled":
        """Return the same rows with other fills (n_gappy,)."""
        holes = Holes(self._holes.at, self._holes.missing, fills)
        return Filled(self._X, self._index, holes, self._how)

    def under(self, other: Self) -> "Filled":
        """Return these rows, and below them those of another part, with the fills of these."""
        holes, theirs = self._holes, other._holes
        mask = np.concatenate([holes.missing[self._index], theirs.missing[other._index]])
        X = np.concatenate([np.asarray(self), np.asarray(other)])
        return Filled(X, np.arange(len(X)), Holes(holes.at, mask, holes.fills), self._how)

    def _fill(self, out: NDArray[Any], places: NDArray[np.intp], holes: Holes) -> NDArray[Any]:
        if len(holes.at):
            fills = holes.fills.astype(out.dtype)
            out[..., holes.at] = np.where(holes.missing[places], fills, out[..., holes.at])
        return out


def stacked(parts: Iterable[Matrix]) -> Matrix:
    """Return the rows of one or two matrices below each other, copied; gaps stay gaps."""
    first, *others = parts
    if others and isinstance(first, Filled) and isinstance(others[0], Filled):
        return first.under(others[0])
    return np.concatenate([np.asarray(part) for part in (first, *others)])


def holes_of(encoding: Encoding, tables: Mapping[str, Table]) -> dict[str, Holes]:
    """Return the holes of every part, in the columns that have some in any; none: nothing.

    `tables` are the parts as they were read, which `encoding` makes features of.
    """
    found = {title: dict(_missing(encoding, table)) for title, table in tables.items()}
    fills = {at: fill for part in found.values() for at, (_, fill) in part.items()}
    if not fills:
        return {}
    at = sorted(fills)
    return {
        title: Holes(
            np.array(at, np.intp),
            np.column_stack(
                [part[j][0] if j in part else np.zeros(len(tables[title]), bool) for j in at]
            ),
            np.array([fills[j] for j in at]),
        )
        for title, part in found.items()
    }


def _missing(
    encoding: Encoding, table: Table
) -> Iterator[tuple[int, tuple[NDArray[np.bool_], float]]]:
    """Yield the features with gaps: their place, which rows lack them, and what fills them.

    The numbers of a part as it was read are an array.
    """
    texts = iter(table.texts)
    gappy = _gappy(table.numbers)
    start = j = 0
    for column in encoding.columns:
        if column.is_text:
            text = next(texts)
            if isinstance(column, Date) and column.fill is not None:
                missing = np.isnan(column.days(text))
                if missing.any():
                    yield start, (missing, column.fill)
        else:
            if isinstance(column, Number) and column.fill is not None and gappy[j]:
                yield start, (np.isnan(table.numbers[:, j]), column.fill)
            j += 1
        start += len(column.features)


def _gappy(X: Matrix) -> NDArray[np.bool_]:
    """Tell which columns of X (n_rows, n_columns) have NaN."""
    found = np.zeros(X.shape[1], bool)
    step = max(1, CELLS_AT_A_TIME // max(1, X.shape[1]))
    for start in range(0, len(X) if X.dtype.kind == "f" else 0, step):
        found |= np.isnan(X[start : start + step]).any(axis=0)
    return found
