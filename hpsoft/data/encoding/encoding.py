"""What was fitted: the columns of a table, each with its features; to JSON and back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import accumulate
from types import NoneType
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.encoding.category import Category
from hpsoft.data.encoding.date import Date
from hpsoft.data.encoding.left import KEEP, Left
from hpsoft.data.encoding.number import CELLS_AT_A_TIME, Number
from hpsoft.data.encoding.table import Coded, Table
from hpsoft.data.errors import nth
from hpsoft.data.rows import Matrix
from hpsoft.errors import DataError

Column: TypeAlias = Number | Category | Date | Left
_TYPES: Mapping[str, type[Column]] = {kind.TYPE: kind for kind in (Number, Category, Date, Left)}
_FIELDS: Mapping[str, Any] = {  # JSON's types
    **dict.fromkeys(("name", "kind", "order", "why", "hint"), str),
    **dict.fromkeys(("levels", "rare"), list),
    "is_text": bool,
    "fill": (float, int, NoneType),
}


@dataclass(frozen=True)
class Encoding:
    """How the columns of a table become features; the same for every row, whenever it comes."""

    columns: tuple[Column, ...]  # one for each field of the table, in its order

    @cached_property
    def features(self) -> tuple[str, ...]:
        """Names of the features, in the order of the columns of X."""
        return tuple(name for column in self.columns for name in column.features)

    @property
    def keepable(self) -> tuple[str, ...]:
        """Names of the columns that are left out, and that --keep would take."""
        return tuple(c.name for c in self.columns if isinstance(c, Left) and c.hint == KEEP)

    @property
    def is_plain(self) -> bool:
        """Whether every column is a number that stays as it is."""
        return all(isinstance(c, Number) and c.fill is None for c in self.columns)

    def apply(self, table: Table, where: str = "the table") -> Matrix:
        """Return X (n_rows, n_features) of uint8, float32 or float64.

        Where nothing is to be done, it is the table's own matrix. A text that was never seen is
        zeros: `unseen` counts them.

        Raises:
            DataError: other columns than those it was fitted to, or a number that is missing
                though nothing fills it in.
        """
        self._check_fields(table, where)
        if all(isinstance(c, Number) for c in self.columns) and not _has_gaps(table.numbers):
            return table.numbers
        out = np.empty((len(table), len(self.features)), self._dtype(table))
        starts = list(accumulate((len(c.features) for c in self.columns), initial=0))
        places = [(c, start) for c, start in zip(self.columns, starts, strict=False)]
        self._numbers(table.numbers, [p for p in places if not p[0].is_text], out, where)
        texts = (place for place in places if place[0].is_text)
        for (column, start), text in zip(texts, table.texts, strict=True):
            if isinstance(column, Category):
                out[:, start : start + len(column.features)] = column.apply(text)
            elif isinstance(column, Date):
                days = column.days(text)
                fill = np.nan if column.fill is None else column.fill
                out[:, start] = np.where(np.isnan(days), fill, days)
                if column.fill is None:
                    _check_dates(text, days, column.name, where)
                _check_known(out[:, start : start + 1], [column], where)
        return out

    def unseen(self, table: Table) -> dict[str, int]:
        """Return how many rows of a table have a text that was never seen, by column.

        Of dates: text that is no date in the order of the others.
        """
        found = {}
        columns = (c for c in self.columns if c.is_text)
        for column, text in zip(columns, table.texts, strict=True):
            if isinstance(column, Category):
                found[column.name] = int(np.sum(column.places(text) < 0))
            elif isinstance(column, Date):
                found[column.name] = int(np.sum(np.isnan(column.days(text)) & ~text.missing))
        return {name: count for name, count in found.items() if count}

    def to_json(self) -> list[dict[str, Any]]:
        """Return it in JSON's types."""
        return [{"as": column.TYPE, **_plain(column)} for column in self.columns]

    @classmethod
    def from_json(cls, kept: Any) -> Self:
        """Return what `to_json` has made.

        Raises:
            TypeError, KeyError: it has made no such thing.
        """
        return cls(tuple(_column(dict(column)) for column in kept))

    def _dtype(self, table: Table) -> np.dtype[Any]:
        kept = [c for c in self.columns if isinstance(c, Number)]
        dtype = table.numbers.dtype if kept else np.dtype(np.uint8)
        has_dates = any(isinstance(c, Date) for c in self.columns)
        return np.dtype(np.float64) if has_dates else dtype

    def _numbers(
        self,
        X: Matrix,
        places: list[tuple[Column, int]],
        out: NDArray[Any],
        where: str,
    ) -> None:
        """Write the numbers to their places in `out`, filled in."""
        kept = [j for j, (column, _) in enumerate(places) if isinstance(column, Number)]
        columns = [places[j][0] for j in kept]
        at = [places[j][1] for j in kept]
        fills = np.array(
            [np.nan if c.fill is None else c.fill for c in columns if isinstance(c, Number)]
        )
        step = max(1, CELLS_AT_A_TIME // max(1, X.shape[1]))
        for start in range(0, len(X) if kept else 0, step):
            rows = slice(start, start + step)
            chunk = X[rows][:, kept]
            if chunk.dtype.kind == "f":
                chunk = np.where(np.isnan(chunk), fills.astype(chunk.dtype), chunk)
                _check_known(chunk, columns, where)
            out[rows, at] = chunk

    def _check_fields(self, table: Table, where: str) -> None:
        mine = [(column.name, column.is_text) for column in self.columns]
        given = [(field.name, field.is_text) for field in table.fields]
        if mine == given:
            return
        what = "they have another order or type"
        if lacking := [name for name, _ in mine if name not in dict(given)]:
            what = f"{', '.join(map(repr, lacking[:5]))} is not there"
        elif besides := [name for name, _ in given if name not in dict(mine)]:
            what = f"{', '.join(map(repr, besides[:5]))} is there besides"
        raise DataError(
            f"The columns of {where} are not those that the features were made from: {what}. "
            "Give it the same columns, in the same order."
        )


def _has_gaps(X: Matrix) -> bool:
    step = max(1, CELLS_AT_A_TIME // max(1, X.shape[1]))
    starts = range(0, len(X) if X.dtype.kind == "f" else 0, step)
    return any(bool(np.isnan(X[start : start + step]).any()) for start in starts)


def _check_known(chunk: NDArray[Any], columns: Sequence[Column], where: str) -> None:
    """Raise a DataError where a number is missing."""
    missing = np.isnan(chunk).any(axis=0)
    if missing.any():
        name = columns[int(np.argmax(missing))].name
        raise DataError(
            f"Column {name!r} of {where} has a missing value, and nothing was fitted to fill it in. "
            "Fit with --missing median or mean, or fill it in."
        )


def _check_dates(text: Coded, days: NDArray[np.float64], name: str, where: str) -> None:
    """Raise a DataError where a text is no date, as all that the column was fitted to are."""
    odd = np.isnan(days) & ~text.missing
    if odd.any():
        row = int(np.argmax(odd))
        word = text.levels[text.codes[row]]
        raise DataError(
            f"Column {name!r} of {where} holds dates in all training rows, but {word!r} in row "
            f"{nth(row)}; {int(odd.sum()):,} are none. --missing median fills them in, --categorical "
            "COLUMN takes all for names, and --drop COLUMN leaves the column out."
        )


def _plain(column: Column) -> dict[str, Any]:
    found = asdict(column)
    return {k: list(v) if isinstance(v, tuple) else v for k, v in found.items()}


def _column(kept: dict[str, Any]) -> Column:
    """Return a column from JSON's types.

    Raises:
        TypeError, KeyError: it is none.
    """
    kind: Any = _TYPES[kept.pop("as")]
    values: dict[str, Any] = {}
    for name, value in kept.items():
        of = _FIELDS[name]
        if not isinstance(value, of) or (of is list and not all(type(v) is str for v in value)):
            raise TypeError(f"{name} of a column is {value!r}")
        values[name] = tuple(value) if of is list else value
    column: Column = kind(**values)
    return column
