"""Columns as they were read: numbers, and texts that are kept once each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.rows import Matrix, Rows
from hpsoft.data.tables.columns import Columns, Kind
from hpsoft.data.tables.numerals import is_unknown

MISSING = -1  # code of a text that is not there


@dataclass(frozen=True)
class Field:
    """A column that may be a feature."""

    name: str
    kind: Kind = Kind.NUMBER

    @property
    def is_text(self) -> bool:
        """Whether it is stored as texts."""
        return self.kind is Kind.TEXT


def fields_of(columns: Columns) -> tuple[Field, ...]:
    """Return the columns of a table that are features."""
    return tuple(Field(columns.names[i], columns.kinds[i]) for i in columns.features)


@dataclass(frozen=True, eq=False)
class Coded:
    """A column of texts: codes[i] is the place of row i's text in `levels`, or MISSING."""

    codes: NDArray[np.int64]  # (n,)
    levels: tuple[str, ...]  # different ones, in any order

    @classmethod
    def of(cls, codes: NDArray[np.integer], levels: Sequence[str | None]) -> "Coded":
        """Return a column whose levels may repeat, have spaces around them, or say `missing`.

        A code below 0 is missing too.
        """
        places: dict[str, int] = {}
        new = [
            MISSING
            if level is None or is_unknown(level)
            else places.setdefault(level.strip(), len(places))
            for level in levels
        ]
        lookup = np.array([*new, MISSING], np.int64)
        return cls(lookup[np.where(codes < 0, len(new), codes)], tuple(places))

    @classmethod
    def from_texts(cls, texts: Iterable[str | None]) -> "Coded":
        """Return a column of these texts."""
        places: dict[str | None, int] = {}
        codes = np.array([places.setdefault(text, len(places)) for text in texts], np.int64)
        return cls.of(codes, list(places))

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.codes)

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Which rows (n,) have no text."""
        return self.codes == MISSING

    def counts(self) -> NDArray[np.int64]:
        """Return how often each level occurs, and last how often none does."""
        return np.bincount(
            np.where(self.missing, len(self.levels), self.codes), minlength=len(self.levels) + 1
        ).astype(np.int64)

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "Coded":
        """Return some rows; levels that none of them has stay."""
        return Coded(self.codes[rows], self.levels)


@dataclass(frozen=True, eq=False)
class Table:
    """Columns that may be features: `fields` in their order, numbers and texts apart.

    NaN among the numbers is a missing one.
    """

    numbers: Matrix  # (n, as many as fields that are not text): uint8, float32 or float64
    texts: tuple[Coded, ...]
    fields: tuple[Field, ...]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.numbers)

    def take(self, rows: NDArray[np.intp]) -> "Table":
        """Return some rows; of the numbers nothing is copied yet."""
        numbers = self.numbers
        taken = numbers.take(rows) if isinstance(numbers, Rows) else Rows(numbers, rows)
        return Table(taken, tuple(text.take(rows) for text in self.texts), self.fields)

    @property
    def number_fields(self) -> tuple[Field, ...]:
        """The fields of the columns of `numbers`."""
        return tuple(field for field in self.fields if not field.is_text)

    @property
    def text_fields(self) -> tuple[Field, ...]:
        """The fields of `texts`."""
        return tuple(field for field in self.fields if field.is_text)


def unnamed(n_features: int) -> tuple[Field, ...]:
    """Return the fields of an array, which are called by their positions from 0."""
    return tuple(Field(str(i)) for i in range(n_features))
