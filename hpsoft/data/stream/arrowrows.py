"""Rows of Parquet, Arrow, Feather and ARFF files, and of folders of shards.

Parquet is read by row groups, Arrow's files by record batches; Feather of version 1 and ARFF are
in memory as a whole.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.data.encoding.date import Date
from hpsoft.data.encoding.encoding import Column
from hpsoft.data.encoding.table import Coded, Table
from hpsoft.data.recode import names_of
from hpsoft.data.stream.incoming import (
    Asked,
    Chunk,
    Incoming,
    Wanted,
    chunk_of,
    widths,
)
from hpsoft.data.stream.labels import label_texts
from hpsoft.data.stream.matching import (
    dropped_columns,
    find_label,
    find_split,
    match_columns,
)
from hpsoft.data.stream.options import refuse
from hpsoft.data.stream.recoding import numbers_in
from hpsoft.data.tables.arrow.columnar import Columnar, batches, open_columnar
from hpsoft.data.tables.arrow.plain import kind_of, labels_of, numbers_of, texts_of
from hpsoft.data.tables.arrow.vectors import is_vector, vector
from hpsoft.data.tables.columns import Kind
from hpsoft.data.tables.tabular import column_index
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

Batches = Callable[[Sequence[str], int], Iterator[Any]]  # columns, rows at a time -> tables


def open_shards(paths: Sequence[Path], origin: Path, asked: Asked, wanted: Wanted) -> Incoming:
    """Open files of one table, one after the other.

    Raises:
        DataError: one cannot be read, or lacks a column of the model.
    """
    tables = [open_columnar(path) for path in paths]
    first = tables[0]
    for table in tables[1:]:
        if missing := [name for name in first.names if name not in table.names]:
            raise DataError(
                f"{table.path} lacks column {missing[0]!r}, which {first.path.name} has. Shards of "
                "one table have the same columns: take out what does not belong."
            )

    def read(names: Sequence[str], rows: int) -> Iterator[Any]:
        for path in paths:
            yield from batches(path, names, rows)

    name = origin.resolve().name if len(paths) > 1 else first.path.stem
    return open_table(first, read, (name, str(origin)), asked, wanted)


def open_whole(table: Columnar, asked: Asked, wanted: Wanted) -> Incoming:
    """Open a table that is in memory."""

    def read(names: Sequence[str], rows: int) -> Iterator[Any]:
        whole = table.read(names)
        return (whole.slice(start, rows) for start in range(0, whole.num_rows, rows))

    name = table.path.name.partition(".")[0]
    return open_table(table, read, (name, str(table.path)), asked, wanted)


def open_table(
    table: Columnar, read: Batches, called: tuple[str, str], asked: Asked, wanted: Wanted
) -> Incoming:
    """Open a table of Arrow's, whose rows `read` yields; `called` are its name and origin."""
    names, where = table.names, called[1]
    types = {name: table.schema.field(name).type for name in names}
    lists = [name for name in names if is_vector(types[name])]
    if lists and not wanted.has_names:
        return _open_lists(lists, names, read, called, asked, wanted)
    refuse(asked, where, "features")
    match = match_columns(names, asked, wanted, where)
    taken = [None if i is None else names[i] for i in match.places]
    label = None if match.label is None else names[match.label]
    split = None if match.split is None else names[match.split]
    columns = list(dict.fromkeys(n for n in (*taken, label, split) if n is not None))
    how = _How(where, taken, label, split, wanted)

    def chunks() -> Iterator[Chunk]:
        n_rows = wanted.rows_at_a_time(len(columns))
        for begin, batch in _numbered(read(columns, n_rows)):
            yield how.chunk(batch, begin)

    return Incoming(*called, chunks, label, match.notes, split=split)


def _numbered(batches: Iterator[Any]) -> Iterator[tuple[int, Any]]:
    """Yield the batches that have rows, each after how many rows were read before."""
    begin = 0
    for batch in batches:
        if batch.num_rows:
            yield begin, batch
        begin += batch.num_rows


@dataclass(frozen=True)
class _How:
    """How tables become chunks."""

    where: str
    taken: Sequence[str | None]  # the column of each field
    label: str | None
    split: str | None
    wanted: Wanted

    def chunk(self, table: Any, begin: int) -> Chunk:
        """Return the rows of a table, before which `begin` rows were read."""
        labels, parts = (
            None if name is None else label_texts(labels_of(table.column(name)))
            for name in (self.label, self.split)
        )
        columns = self.wanted.columns
        if len(columns) != len(self.taken):  # by position
            X = [self._numbers(table, name, begin) for name in self.taken]
            return chunk_of(np.column_stack(X), self.wanted, labels, parts)
        n = table.num_rows
        numbers: list[Array] = []
        texts: list[Coded] = []
        for column, name in zip(columns, self.taken, strict=True):
            if column.is_text:
                texts.append(
                    Coded(np.full(n, -1), ()) if name is None else _texts(table, name, column)
                )
            else:
                numbers.append(np.zeros(n) if name is None else self._numbers(table, name, begin))
        matrix = np.column_stack(numbers) if numbers else np.empty((n, 0))
        return Chunk(Table(matrix, tuple(texts), self.wanted.fields), labels, parts)

    def _numbers(self, table: Any, name: str | None, begin: int) -> Array:
        assert name is not None, "columns that are told by position are there"
        column = table.column(name)
        if kind_of(column.type) is not Kind.TEXT:
            return numbers_of(column, name, self.where)
        coded = texts_of(column)
        days = Date(name, "ymd").days(coded)
        if len(coded.levels) and not (np.isnan(days) & ~coded.missing).any():
            return days
        return numbers_in(coded, name, self.wanted, self.where, begin=begin)


def _texts(table: Any, name: str, column: Column) -> Coded:
    """Return a column as texts: numbers as they are written, dates in the model's order."""
    import pyarrow as pa
    from pyarrow import compute

    stored = table.column(name)
    kind = kind_of(stored.type)
    if kind is Kind.DATE:
        order = column.order if isinstance(column, Date) else "ymd"
        day = {"ymd": "%Y-%m-%d", "dmy": "%d.%m.%Y", "mdy": "%m/%d/%Y"}[order]
        stored = compute.strftime(stored.cast(pa.timestamp("us")), format=f"{day}T%H:%M:%S")
    elif kind is not Kind.TEXT:
        return names_of(np.asarray(numbers_of(stored, name, ""), np.float64))
    return texts_of(stored)


def _open_lists(
    lists: Sequence[str],
    names: Sequence[str],
    read: Batches,
    called: tuple[str, str],
    asked: Asked,
    wanted: Wanted,
) -> Incoming:
    """Open the columns of lists, or those that the user or the model names, side by side."""
    where = called[1]
    known = [name for name, _ in wanted.blocks]
    given = asked.features or (known if known and set(known) <= set(names) else ())
    X = [names[column_index(names, name, where, "--features")] for name in given] or list(lists)
    others = [name for name in names if name not in X]
    at = find_label(others, asked.labels, wanted, where)
    label = None if at is None else others[at]
    dropped_columns(others, asked.drop, at, wanted, where)  # nothing but X is read
    place = find_split(others, at, asked, wanted, where)
    split = None if place is None else others[place]
    columns = list(dict.fromkeys([*X, *(name for name in (label, split) if name is not None)]))

    def chunks() -> Iterator[Chunk]:
        n_rows = wanted.rows_at_a_time(wanted.n_features)
        for begin, table in _numbered(read(columns, n_rows)):
            blocks = [_numbers_of(table.column(name), name, where, begin) for name in X]
            whole = blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=1)
            if whole.shape[1] not in widths(wanted):
                raise DataError(
                    f"{where}: the model takes {wanted.n_features:,} features, and "
                    f"{', '.join(map(repr, X))} hold {whole.shape[1]:,}. Name the columns that "
                    "it was trained on with --features."
                )
            named = None if label is None else table.column(label)
            labels = None if named is None else _list_labels(named, str(label), where, begin)
            parts = None if split is None else label_texts(labels_of(table.column(split)))
            yield chunk_of(whole, wanted, labels, parts)

    notes = (f"Features: {', '.join(map(repr, X))}.",)
    return Incoming(*called, chunks, label, notes, split=split)


def _numbers_of(column: Any, name: str, where: str, begin: int) -> Array:
    if not is_vector(column.type):
        return numbers_of(column, name, where)[:, None]
    X = vector(column, name, Path(where), begin)
    return X.reshape(len(X), -1)


def _list_labels(column: Any, name: str, where: str, begin: int) -> Array:
    if is_vector(column.type):
        return label_texts(vector(column, name, Path(where), begin))
    return label_texts(labels_of(column))
