"""Reading a large table with Arrow's parser, several times as fast as row by row.

It is asked for plain tables only and for nothing that it could read in another way than
`csvrows`: whatever it refuses is read there, and said there with its line.
"""

import codecs
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import IO, Any

import numpy as np

from hpsoft.data.tables.columns import Kind
from hpsoft.data.tables.csvlayout import Layout
from hpsoft.data.tables.csvrows import Block
from hpsoft.data.tables.growing import Dictionary
from hpsoft.data.tables.matrix import MOST_THREADS, fits_a_byte
from hpsoft.data.tables.textfile import TextFile
from hpsoft.softmax.probabilities import Array
from hpsoft.system import room
from hpsoft.system.cores import n_cores

# What says that a number is missing, as far as tables that are large say it.
_MARKS = (
    *("", "?", "-", ".", "*", "NA", "N/A", "n/a", "na", "#N/A", "NaN", "nan", "NAN", "null"),
    *("NULL", "None", "none", "<NA>"),
)
MISSING = [mark for text in _MARKS for mark in (text, f" {text}")]
BLOCK_BYTES = 1 << 21
COLUMN_BYTES = 1 << 10  # of a block, a column at least: a column of a few cells is mostly overhead
MOST_BYTES = 1 << 25
SMALL = 1 << 21  # bytes: below, importing Arrow takes longer than reading


class OddError(Exception):
    """The table is not as plain as it seemed."""


def is_worth_it(file: TextFile, layout: Layout, head: Sequence[str]) -> bool:
    """Tell whether a table is large, and plain as far as its first lines tell.

    Not under a limit on address space, where Arrow hangs or aborts.
    """
    size = file.path.stat().st_size * (1 if file.magic is None else 4)
    style = layout.style
    plain = file.is_bytewise and layout.is_plain and not style.grouping
    plain = plain and room.limit() is None
    return plain and size >= SMALL and not any(line.endswith("\r") for line in head)


def n_expected(file: TextFile, layout: Layout, head: Sequence[str]) -> int:
    """Return about how many rows a file has, more rather than less; 0: it is not known."""
    if file.magic is not None:
        return 0
    size = file.path.stat().st_size
    most = size // (2 * len(layout.header.names)) + 1  # a byte a cell, and a separator
    return min(most, int(1.1 * size * len(head) / max(1, sum(map(len, head)))))


def blocks(
    file: TextFile, layout: Layout, numeric: Sequence[int], texts: Sequence[int]
) -> Iterator[Block]:
    """Yield the rows of a table, some columns as numbers and some as text.

    Whole lines, a few megabytes at a time, are parsed by as many threads as there are cores.

    Raises:
        OddError: something is not as it should be, or would be read otherwise by `csvrows`.
        OSError: the file cannot be read.
    """
    if set(numeric) & set(texts):
        raise OddError("a column is wanted both as numbers and as text")
    parse = _Parser(file, layout, numeric, texts)
    n_threads = min(n_cores(), MOST_THREADS)
    ahead: deque[Future[Block]] = deque()
    with file.bytes() as stream, ThreadPoolExecutor(n_threads) as threads:
        for _ in range(layout.n_lines_above):
            stream.readline()
        size = min(max(BLOCK_BYTES, COLUMN_BYTES * len(layout.header.names)), MOST_BYTES)
        for i, lines in enumerate(_whole_lines(stream, size)):
            ahead.append(threads.submit(parse, lines, is_first=i == 0))
            if len(ahead) > n_threads:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _whole_lines(stream: IO[bytes], size: int) -> Iterator[bytes]:
    """Yield the lines of a file, about `size` bytes at a time and never blank ones alone."""
    rest = b""
    while more := stream.read(size):
        end = more.rfind(b"\n") + 1
        if end and not (lines := b"".join((rest, memoryview(more)[:end]))).isspace():
            yield lines
        rest = more[end:] if end else rest + more
    if rest and not rest.isspace():
        yield rest


def _check_lines(lines: bytes, *, is_first: bool) -> None:
    """Refuse what Arrow would read in another way when it sees these lines alone."""
    if b'"' in lines and np.count_nonzero(np.frombuffer(lines, np.uint8) == ord('"')) % 2:
        raise OddError("a quoted cell that goes on in the next line, or never ends")
    if not is_first and lines.startswith(codecs.BOM_UTF8):
        raise OddError("a byte order mark amid the text")


class _Parser:
    """Whole lines of a table -> numbers and texts, in any thread."""

    def __init__(
        self, file: TextFile, layout: Layout, numeric: Sequence[int], texts: Sequence[int]
    ) -> None:
        """Choose the types of the columns."""
        import pyarrow as pa
        from pyarrow import csv

        names = [str(i) for i in range(len(layout.header.names))]
        truth = {names[i]: pa.bool_() for i in numeric if layout.kinds[i] is Kind.TRUTH}
        text = {names[i]: pa.dictionary(pa.int32(), pa.string()) for i in texts}
        wide, narrow = (
            {**dict.fromkeys((names[i] for i in numeric), kind), **truth, **text}
            for kind in (pa.float64(), pa.uint8())
        )
        self._names, self._n_numeric = names, len(numeric)
        self._encoding = None if file.is_plain else file.encoding
        self._parsing = csv.ParseOptions(
            delimiter=layout.dialect.separator, newlines_in_values=False
        )
        converting = partial(
            csv.ConvertOptions,
            include_columns=[names[i] for i in (*numeric, *texts)],
            true_values=["true", "True", "TRUE"],
            false_values=["false", "False", "FALSE"],
            decimal_point=layout.style.decimal,
        )
        # Looking for all marks in every cell takes a fifth of the time, and most tables have none.
        self._quick, self._thorough = (
            converting(column_types=wide, null_values=marks) for marks in ([""], MISSING)
        )
        self._has_marks = False
        # Pixels, say, take less time as what they are, a byte each: none of them is missing.
        self._bytes = converting(column_types=narrow, null_values=[])
        self._are_bytes = all(_is_whole(row, numeric) for _, row in layout.rows[:1])

    def __call__(self, lines: bytes, *, is_first: bool) -> Block:
        """Return what some lines hold.

        Raises:
            OddError: something is not as it should be.
        """
        import pyarrow as pa

        _check_lines(lines, is_first=is_first)
        if self._encoding is not None:
            lines = lines.decode(self._encoding).encode()
        try:
            table = self._read(lines)
        except pa.ArrowInvalid as error:
            raise OddError(str(error)) from None
        batches = table.to_batches()  # one, as it should be
        batch = batches[0] if len(batches) == 1 else table.combine_chunks().to_batches()[0]
        return _block(batch, self._n_numeric)

    def _read(self, lines: bytes) -> Any:
        import pyarrow as pa
        from pyarrow import csv

        size = len(lines) + 1  # all of them are one block
        reading = csv.ReadOptions(column_names=self._names, block_size=size, use_threads=False)

        def read(converting: Any) -> Any:
            return csv.read_csv(pa.BufferReader(lines), reading, self._parsing, converting)

        # What one thread finds holds for all, from then on.
        if self._are_bytes and not _may_be_hexadecimal(lines):
            try:
                return read(self._bytes)
            except pa.ArrowInvalid:
                self._are_bytes = False
        if not self._has_marks:
            try:
                return read(self._quick)
            except pa.ArrowInvalid:
                self._has_marks = True
        return read(self._thorough)


def _is_whole(cells: Sequence[str], numeric: Sequence[int]) -> bool:
    """Tell whether the numbers of a row are whole ones without a sign."""
    return all(i < len(cells) and cells[i].strip().isdecimal() for i in numeric)


def _may_be_hexadecimal(lines: bytes) -> bool:
    """Tell whether there may be 0x1F, a whole number to Arrow and none to `csvrows`."""
    return b"x" in lines or b"X" in lines


def _block(batch: Any, n_numeric: int) -> Block:
    X = np.empty((batch.num_rows, 0))
    if n_numeric:
        columns = _narrowed(np.array([_numbers(column) for column in batch.columns[:n_numeric]]))
        X = columns.T  # a view: it is put row by row where it is gathered, once
    texts = [_texts(column) for column in batch.columns[n_numeric:]]
    if any('"' in text or "\n" in text for cells in texts for text in cells.values):
        raise OddError("a quote that did not begin its cell")
    if not _is_finite(X):
        _check_odd(X, texts)
    return X, texts


def _narrowed(columns: Array) -> Array:
    """Return columns (n_columns, n) in bytes where those are exact."""
    if columns.dtype != np.uint8 and fits_a_byte(columns[:, :1]):
        with np.errstate(invalid="ignore"):  # of what is no byte
            narrow = columns.astype(np.uint8)
        if np.array_equal(narrow, columns):
            return narrow
    return columns


def _is_finite(X: Array) -> bool:
    """Tell whether all numbers are finite, at the cost of a sum; False where it may be."""
    if not X.size:
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        return X.dtype == np.uint8 or bool(np.isfinite(X.sum()))


def _check_odd(X: Array, texts: Sequence[Dictionary]) -> None:
    """Refuse numbers that are not finite, and rows that may be blank."""
    if np.isinf(X).any():
        raise OddError("not finite")
    if _has_blank_row(X, texts):
        raise OddError("a row that may be blank, which is none")


def _has_blank_row(X: Array, texts: Sequence[Dictionary]) -> bool:
    """Tell whether nothing is known of a row."""
    blank = np.isnan(X).all(axis=1) if X.shape[1] else np.ones(len(X), bool)
    for cells in texts if blank.any() else ():
        empty = np.array([not text.strip() for text in cells.values], bool)
        blank &= empty[cells.codes] if len(empty) else False
    return bool(blank.any())


def _numbers(column: Any) -> Array:
    """Return numbers as they are, truth values as float64, NaN where they are missing."""
    if column.type.bit_width == 1:  # truth values
        column = column.cast("double")
    return np.asarray(column.to_numpy(zero_copy_only=False))


def _texts(column: Any) -> Dictionary:
    return Dictionary(column.dictionary.to_pylist(), column.indices.to_numpy(zero_copy_only=False))
