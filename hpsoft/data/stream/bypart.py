"""Rows of one part, where a column says of which part each row is, as in training."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from hpsoft.data.encoding.table import Table
from hpsoft.data.errors import nth
from hpsoft.data.side.given import KNOWN, TEST, TRAIN, VAL, part_codes
from hpsoft.data.stream.incoming import Asked, Chunk, Incoming
from hpsoft.data.stream.parts import ALL
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

CODES = {"train": TRAIN, "val": VAL, "test": TEST}


def of_part(opened: Incoming, asked: Asked) -> Incoming:
    """Return the rows of the part that is asked for, else of the test part.

    Data without such a column stay as they are.
    """
    if opened.split is None:
        return opened
    part = asked.part or "test"
    assert part != ALL, "then the column is not looked at"
    note = (
        f"{opened.split!r} says of which part each row is, as in training: the test rows are "
        f"predicted. --part names another (train, val), or {ALL} of them."
    )
    notes = opened.notes if asked.part is not None else (*opened.notes, note)
    chunks = partial(_chunks, opened, part)
    return replace(opened, chunks=chunks, notes=notes, n_rows=None, part=part)


def _chunks(opened: Incoming, part: str) -> Iterator[Chunk]:
    """Yield the rows of a part.

    Raises:
        DataError: a row is of no part, or none is of this one; all rows are read before.
    """
    assert opened.split is not None, "there is such a column"
    odd, n_rows, n_taken = _Odd(), 0, 0
    for chunk in opened.chunks():
        assert chunk.parts is not None, "the column was read"
        codes = part_codes(chunk.parts, opened.split)
        odd.look(chunk.parts, codes, n_rows)
        rows = np.flatnonzero(codes == CODES[part])
        if len(rows) and not odd.n:
            yield _taken(chunk, rows, n_rows)
        n_rows, n_taken = n_rows + len(chunk), n_taken + len(rows)
    where = f"{opened.origin}: {opened.split!r} says of which part each row is, as in training,"
    if odd.n:
        raise DataError(
            f"{where} and names no part in {odd.n:,} of {n_rows:,} rows, first in row "
            f"{nth(odd.row)}, which says {odd.text or 'nothing'!r}. Known are {KNOWN}; --part {ALL} predicts "
            "all rows."
        )
    if n_rows and not n_taken:
        raise DataError(
            f"{where} and none of {n_rows:,} rows is of the {part} part. --part names another "
            f"(train, val, test), or {ALL} of them."
        )


def _taken(chunk: Chunk, rows: Array, begin: int) -> Chunk:
    table = chunk.table
    texts = tuple(text.take(rows) for text in table.texts)
    taken = Table(np.asarray(table.numbers)[rows], texts, table.fields)
    labels = None if chunk.labels is None else chunk.labels[rows]
    return Chunk(taken, labels, rows=begin + rows)


@dataclass
class _Odd:
    """Rows of no part."""

    n: int = 0
    row: int = 0  # the first
    text: str = ""  # what it says

    def look(self, parts: Array, codes: Array, begin: int) -> None:
        """Count them among some rows."""
        rows = np.flatnonzero(codes < 0)
        if len(rows) and not self.n:
            self.row, self.text = begin + int(rows[0]), str(parts[rows[0]])
        self.n += len(rows)
