"""Rows of text files: .csv and the like.

The kinds of the columns are the model's: a number is read as one, text as text, whatever the first
rows look like. Large plain tables go through Arrow's parser; where it gives up, the standard
library goes on at the row that it had come to.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hpsoft.data.encoding.date import Date
from hpsoft.data.encoding.number import Number
from hpsoft.data.encoding.table import Coded, Table
from hpsoft.data.stream.incoming import Asked, Chunk, Incoming, Wanted, chunk_of
from hpsoft.data.stream.labels import label_texts
from hpsoft.data.stream.matching import Match, match_columns
from hpsoft.data.stream.recoding import is_read_as_text, numbers_in
from hpsoft.data.tables import csvrows, textfile
from hpsoft.data.tables.arrow import csvarrow
from hpsoft.data.tables.columns import Kind
from hpsoft.data.tables.csvfile import reading_text, separator
from hpsoft.data.tables.csvlayout import Layout, layout_of
from hpsoft.data.tables.growing import Dictionary, Texts
from hpsoft.data.tables.tabular import no_rows
from hpsoft.data.tables.textfile import TextFile
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array


def open_text(path: Path, asked: Asked, wanted: Wanted) -> Incoming:
    """Open a table of text.

    Raises:
        DataError: it cannot be read, or lacks a column; while it is read, also a cell of a column
            of numbers that is none, or a row with too few or too many cells.
    """
    with reading_text(path):
        file = textfile.find(path, asked.encoding)
        return textfile.in_its_encoding(file, lambda found: _open(found, asked, wanted))


def _open(file: TextFile, asked: Asked, wanted: Wanted) -> Incoming:
    head = file.head()
    names = {column.name for column in wanted.columns}
    first = next(iter(csv.reader(head[:1])), []) if head else []
    target = next((cell.strip() for cell in first if cell.strip() in names), asked.labels)
    layout = layout_of(head, target, separator(asked.delimiter))
    if layout is None or not layout.rows:
        raise no_rows(file.path)
    match = match_columns(layout.header.names, asked, wanted, str(file.path))
    plan = _plan(match, wanted)
    return Incoming(
        file.path.name.partition(".")[0],
        str(file.path),
        lambda: _whole_chunks(_Open(file, head, layout, plan, wanted)),
        None if match.label is None else layout.header.names[match.label],
        (*match.notes, *layout.remarks(file.encoding)),
        split=None if match.split is None else layout.header.names[match.split],
    )


@dataclass(frozen=True)
class _Plan:
    """Which column is read as what."""

    numbers: tuple[int, ...]
    texts: tuple[int, ...]  # those of dates that the model takes as numbers among them
    label: int | None
    split: int | None
    fields: tuple[int | None, ...]  # the column of each field; none: by position
    kinds: dict[int, Kind]


def _plan(match: Match, wanted: Wanted) -> _Plan:
    columns = wanted.columns
    kinds: dict[int, Kind] = {}
    if len(columns) != len(match.places):  # those that are left out may lack
        columns = tuple(Number(str(i)) for i in match.places)
    for column, i in zip(columns, match.places, strict=True):
        if i is not None:
            kind = getattr(column, "kind", "")
            as_text = column.is_text or kind == "date" or is_read_as_text(column.name, wanted)
            kinds[i] = Kind.TEXT if as_text else Kind.TRUTH if kind == "truth" else Kind.NUMBER
    texts = [i for i, kind in kinds.items() if kind is Kind.TEXT]
    texts += [i for i in (match.label, match.split) if i is not None]
    numbers = [i for i, kind in kinds.items() if kind is not Kind.TEXT]
    read = tuple(numbers), tuple(dict.fromkeys(texts))
    return _Plan(*read, match.label, match.split, match.places, kinds)


@dataclass(frozen=True)
class _Open:
    file: TextFile
    head: Sequence[str]
    layout: Layout
    plan: _Plan
    wanted: Wanted


def _whole_chunks(opened: _Open) -> Iterator[Chunk]:
    """Yield the rows; errors are told as they are for people."""
    path = opened.file.path
    with reading_text(path):
        try:
            begin = 0
            for numbers, cells in _blocks(opened):
                if len(numbers):
                    yield _chunk(numbers, cells, opened, begin)
                begin += len(numbers)
        except UnicodeError as error:
            raise textfile.undecodable(opened.file, error) from None


def _blocks(opened: _Open) -> Iterator[csvrows.Block]:
    file, plan = opened.file, opened.plan
    layout = replace(opened.layout, known=plan.kinds)
    n = 0
    if csvarrow.is_worth_it(file, layout, opened.head):
        try:
            for numbers, cells in csvarrow.blocks(file, layout, plan.numbers, plan.texts):
                yield np.ascontiguousarray(numbers), cells
                n += len(numbers)
        except csvarrow.OddError:
            pass  # the rest is read row by row, or refused with a line
        else:
            return
    try:
        most = min(opened.wanted.chunk_cells, csvrows.NUMBERS_AT_A_TIME)
        for numbers, cells in csvrows.blocks(file, layout, plan.numbers, plan.texts, most):
            known = min(n, len(numbers))
            n -= known
            yield numbers[known:], [_after(some, known) for some in cells]
    except csvrows.OddCellError as odd:
        raise _odd(file, layout, odd.column) from None


def _after(cells: Texts, n: int) -> Texts:
    assert not isinstance(cells, Dictionary), "rows that are read one by one are lists"
    return cells[n:]


def _odd(file: TextFile, layout: Layout, column: int) -> DataError:
    found = csvrows.odd_cells(file, layout, column)
    many = f"; {found.n_odd:,} of {found.n_known:,} cells are none" if found.n_odd > 1 else ""
    return DataError(
        f"Column {layout.header.names[column]!r} of {file.path} holds numbers for the model, and "
        f"line {found.line} has {found.cell!r}{many}. Correct the cells; NA or an empty cell says "
        "that a number is missing."
    )


def _chunk(numbers: Array, cells: Sequence[Texts], opened: _Open, begin: int) -> Chunk:
    plan, wanted = opened.plan, opened.wanted
    texts = {i: _coded(some) for i, some in zip(plan.texts, cells, strict=True)}
    labels, parts = (
        None if i is None else _labels(cells[plan.texts.index(i)])
        for i in (plan.label, plan.split)
    )
    at = {i: k for k, i in enumerate(plan.numbers)}
    if not wanted.columns or len(wanted.columns) != len(plan.fields):
        X = numbers[:, [at[i] for i in plan.fields if i is not None]]
        return chunk_of(X, wanted, labels, parts)
    n = len(numbers)
    columns: list[Array] = []
    coded: list[Coded] = []
    for column, i in zip(wanted.columns, plan.fields, strict=True):
        if column.is_text:
            coded.append(Coded(np.full(n, -1), ()) if i is None else texts[i])
        elif i is None:
            columns.append(np.zeros(n))
        elif i in texts and getattr(column, "kind", "") == "date":
            columns.append(Date(column.name, "ymd").days(texts[i]))
        elif i in texts:
            number = opened.layout.style.number
            where = str(opened.file.path)
            found = numbers_in(texts[i], column.name, wanted, where, number, begin=begin)
            columns.append(found)
        else:
            columns.append(numbers[:, at[i]])
    matrix = np.column_stack(columns) if columns else np.empty((n, 0))
    return Chunk(Table(matrix, tuple(coded), wanted.fields), labels, parts)


def _coded(cells: Texts) -> Coded:
    if isinstance(cells, Dictionary):
        return Coded.of(cells.codes, cells.values)
    return Coded.from_texts(cells)


def _labels(cells: Texts) -> Array:
    """Return labels; a cell that says `missing` in words may be the name of a class."""
    if isinstance(cells, Dictionary):
        values = np.array([*cells.values, ""], dtype=str)
        return label_texts(values[cells.codes])
    return label_texts(np.array(list(cells), dtype=str))
