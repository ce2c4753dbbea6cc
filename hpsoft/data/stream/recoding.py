"""Columns as they were said to be in training: words for `missing`, numbers that are names."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from hpsoft.data.encoding.table import Coded, Table
from hpsoft.data.encoding.words import Words, number_or_none
from hpsoft.data.errors import nth
from hpsoft.data.recode import blank, name_of
from hpsoft.data.stream.incoming import Chunk, Wanted
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

Number = Callable[[str], float]


def words_for(name: str, wanted: Wanted, number: Number = float) -> Words | None:
    """Return what says `missing` in a column, besides the usual words; None: nothing."""
    names = {column.name for column in wanted.columns}
    found = []
    for word in wanted.missing_values:
        column, mark, rest = word.partition("=")
        if not (mark and rest and column in names):
            found.append(word)
        elif column == name:
            found.append(rest)
    return Words.of(found, number) if found else None


def is_read_as_text(name: str, wanted: Wanted) -> bool:
    """Tell whether a column of numbers may hold words, and so is read as text."""
    words = words_for(name, wanted)
    return words is not None and len(words.numbers) < len(words.texts)


def numbers_in(
    column: Coded,
    name: str,
    wanted: Wanted,
    where: str,
    number: Number = float,
    *,
    begin: int = 0,
) -> Array:
    """Return texts as numbers (n,), NaN where one is missing; `begin` rows were read before.

    Raises:
        DataError: one is no number, and does not say `missing`.
    """
    words = words_for(name, wanted, number)
    found = []
    for k, level in enumerate(column.levels):
        value = number_or_none(level, number)
        if value is None and not (words is not None and words.are(level, number)):
            row = begin + int(np.argmax(column.codes == k))
            raise DataError(
                f"Column {name!r} of {where} holds numbers for the model, and text here, such as "
                f"{level!r} in row {nth(row)}. Store it as numbers, with an empty "
                "cell or null where one is missing."
            )
        found.append(np.nan if value is None else value)
    return np.array([*found, np.nan])[column.codes]


def recoded_chunks(chunks: Iterator[Chunk], wanted: Wanted) -> Iterator[Chunk]:
    """Yield rows in which what says `missing` is missing, and numbers that are names are so."""
    if not (wanted.missing_values or wanted.categorical):
        return chunks
    return (replace(chunk, table=_recoded(chunk.table, wanted)) for chunk in chunks)


def _recoded(table: Table, wanted: Wanted) -> Table:
    numbers = table.numbers
    for j, field in enumerate(table.number_fields):
        words = words_for(field.name, wanted)
        if words is not None and words.numbers:
            column = blank(np.asarray(numbers[:, j]), words.numbers)
            if column.dtype.kind == "f" and np.isnan(column).any():
                numbers = np.array(numbers, np.result_type(numbers.dtype, column.dtype))
                numbers[:, j] = column
    pairs = zip(table.text_fields, table.texts, strict=True)
    return Table(numbers, tuple(_text(f.name, text, wanted) for f, text in pairs), table.fields)


def _text(name: str, column: Coded, wanted: Wanted) -> Coded:
    words = words_for(name, wanted)
    levels: list[str | None] = []
    for level in column.levels:
        value = number_or_none(level, float) if name in wanted.categorical else None
        missing = words is not None and words.are(level, float)
        levels.append(None if missing else level if value is None else name_of(value))
    return Coded.of(column.codes, levels)
