"""What is read: chunks of rows, and what is asked of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from hpsoft.data.encoding.encoding import Column, Encoding
from hpsoft.data.encoding.left import Left
from hpsoft.data.encoding.table import Coded, Field, Table, unnamed
from hpsoft.data.tables.columns import Kind
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

CELLS_AT_A_TIME = 1 << 21  # of a chunk: 16 MB in float64
FEWEST_AT_A_TIME = 64  # rows of a chunk, however wide they are


@dataclass(frozen=True)
class Wanted:
    """What a model takes."""

    n_features: int  # of X
    encoding: Encoding | None = None  # of a table: its columns -> X; None: X is what is taken
    used: frozenset[int] | None = None  # places in X of the features that it looks at; None: all
    blocks: tuple[tuple[str, int], ...] = ()  # arrays or columns of lists: name, features
    label: str | None = None  # what the labels were called where it was trained
    known: frozenset[str] | None = None  # columns that were there, no features; None: not kept
    split: str | None = None  # column or array that said of which part each row was
    missing_values: tuple[str, ...] = ()  # words, or COLUMN=WORD, that say `missing` too
    categorical: frozenset[str] = frozenset()  # columns whose numbers are names
    chunk_cells: int = CELLS_AT_A_TIME  # about so many are read at a time

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that become X; those of an array are called by their positions."""
        return () if self.encoding is None else self.encoding.columns

    @property
    def fields(self) -> tuple[Field, ...]:
        """What a table for the encoding has."""
        if self.encoding is None:
            return unnamed(self.n_features)
        return tuple(Field(c.name, _kind(c)) for c in self.encoding.columns)

    @property
    def needed(self) -> frozenset[str]:
        """Names of the columns without which nothing can be predicted."""
        start, names = 0, []
        for column in self.columns:
            stop = start + len(column.features)
            places = range(start, stop)
            if not isinstance(column, Left) and (
                self.used is None or not self.used.isdisjoint(places)
            ):
                names.append(column.name)
            start = stop
        return frozenset(names)

    def rows_at_a_time(self, width: int) -> int:
        """Return how many rows of so many columns make a chunk."""
        return max(FEWEST_AT_A_TIME, self.chunk_cells // max(1, width))

    @property
    def has_names(self) -> bool:
        """Whether the columns have names of their own, which are no positions."""
        names = [column.name for column in self.columns]
        return bool(names) and names != [str(i) for i in range(len(names))]


def _kind(column: Column) -> Kind:
    return Kind.TEXT if column.is_text else Kind.NUMBER


@dataclass(frozen=True)
class Asked:
    """What the user says of the data."""

    labels: str | None = None  # column or array of the labels
    features: tuple[str, ...] = ()  # arrays, or columns of lists, that are the features
    part: str | None = None  # train, val, test or all; None: the test part, else all
    encoding: str | None = None  # of text
    delimiter: str | None = None  # between its columns
    drop: tuple[
        str, ...
    ] = ()  # columns that the model does not know; `*` at the end: any so begun


@dataclass(frozen=True, eq=False)
class Chunk:
    """Rows that follow each other."""

    table: Table  # columns as the model takes them, not encoded yet
    labels: Array | None  # (n,) of str, "" where missing; None: there are none
    parts: Array | None = None  # (n,) of str: of which part a row is, where a column says so
    rows: Array | None = None  # (n,), places in the data, from 0; None: all, one after the other

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.table)


@dataclass(frozen=True, eq=False)
class Incoming:
    """Data that was opened; nothing but its beginning is read yet."""

    name: str
    origin: str
    chunks: Callable[[], Iterator[Chunk]]
    label: str | None  # what the labels are called; None: there are none
    notes: tuple[str, ...] = field(default=())
    n_rows: int | None = None  # where that is known before all is read
    split: str | None = None  # column or array by which a part of the rows is taken
    part: str | None = None  # which part that is


def chunk_of(X: Array, wanted: Wanted, labels: Array | None, parts: Array | None = None) -> Chunk:
    """Return rows of an array (n, width), whose columns are told by their positions.

    Where the model takes columns of a table, those that it leaves out may lack.
    """
    fields = wanted.fields
    numbers = [i for i, f in enumerate(fields) if not f.is_text]
    if X.shape[1] != len(numbers):
        kept = [k for k, i in enumerate(numbers) if not isinstance(wanted.columns[i], Left)]
        whole = np.zeros((len(X), len(numbers)), X.dtype)
        whole[:, kept] = X
        X = whole
    nothing = Coded(np.full(len(X), -1), ())
    texts = tuple(nothing for f in fields if f.is_text)
    return Chunk(Table(X, texts, fields), labels, parts)


def widths(wanted: Wanted) -> tuple[int, ...]:
    """Return how many columns an array may have; none where the model needs text."""
    if wanted.encoding is None:
        return (wanted.n_features,)
    needed = wanted.needed
    if any(c.is_text and c.name in needed for c in wanted.columns):
        return ()
    numbers = [c for c in wanted.columns if not c.is_text]
    return len(numbers), sum(not isinstance(c, Left) for c in numbers)


def takes_text(where: str, wanted: Wanted) -> DataError:
    """Return the error for numbers alone, where the model takes columns of text."""
    texts = [c.name for c in wanted.columns if c.is_text and c.name in wanted.needed]
    return DataError(
        f"{where} holds numbers without names, and the model takes columns of text: "
        f"{', '.join(map(repr, texts[:5]))}. Give it a table with the model's columns; `hpsoft model "
        "show` lists them."
    )
