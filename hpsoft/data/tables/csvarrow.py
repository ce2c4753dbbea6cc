"""Reading a large table with Arrow's parser, several times as fast as row by row.

It is asked for plain tables only and for nothing that it could read in another way than
`csvrows`: whatever it refuses is read there, and said there with its line.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from hpsoft.data.tables.columns import Kind
from hpsoft.data.tables.csvlayout import Layout
from hpsoft.data.tables.csvrows import Block
from hpsoft.data.tables.growing import Dictionary
from hpsoft.data.tables.textfile import TextFile
from hpsoft.softmax.probabilities import Array
from hpsoft.system import room

# What says that a number is missing, as far as tables that are large say it.
_MARKS = (
    *("", "?", "-", ".", "*", "NA", "N/A", "n/a", "na", "#N/A", "NaN", "nan", "NAN", "null"),
    *("NULL", "None", "none", "<NA>"),
)
MISSING = [mark for text in _MARKS for mark in (text, f" {text}")]
BLOCK_BYTES = 1 << 20
SMALL = 1 << 22  # bytes: below, importing Arrow takes longer than reading


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


def blocks(
    file: TextFile, layout: Layout, numeric: Sequence[int], texts: Sequence[int]
) -> Iterator[Block]:
    """Yield the rows of a table, some columns as numbers and some as text.

    Raises:
        OddError: something is not as it should be, or would be read otherwise by `csvrows`.
        OSError: the file cannot be read.
    """
    import pyarrow as pa
    from pyarrow import csv

    if set(numeric) & set(texts):
        raise OddError("a column is wanted both as numbers and as text")
    names = [str(i) for i in range(len(layout.header.names))]
    types = {
        names[i]: pa.bool_() if layout.kinds[i] is Kind.TRUTH else pa.float64() for i in numeric
    }
    types |= {names[i]: pa.dictionary(pa.int32(), pa.string()) for i in texts}
    with file.bytes() as stream:
        for _ in range(layout.n_lines_above):
            stream.readline()
        try:
            reader = csv.open_csv(
                stream,
                read_options=csv.ReadOptions(
                    column_names=names,
                    block_size=BLOCK_BYTES,
                    encoding="utf8" if file.is_plain else file.encoding,
                ),
                # A line end in a quoted cell at the end of a block is an error then, which is read
                # row by row; looking for it in every block would parse the file twice.
                parse_options=csv.ParseOptions(
                    delimiter=layout.dialect.separator, newlines_in_values=False
                ),
                convert_options=csv.ConvertOptions(
                    column_types=types,
                    include_columns=[names[i] for i in (*numeric, *texts)],
                    null_values=MISSING,
                    true_values=["true", "True", "TRUE"],
                    false_values=["false", "False", "FALSE"],
                    decimal_point=layout.style.decimal,
                ),
            )
            for batch in reader:
                yield _block(batch, len(numeric))
        except pa.ArrowInvalid as error:
            raise OddError(str(error)) from None


def _block(batch: Any, n_numeric: int) -> Block:
    X = np.empty((batch.num_rows, n_numeric))
    for i, column in enumerate(batch.columns[:n_numeric]):
        X[:, i] = _numbers(column)
    texts = [_texts(column) for column in batch.columns[n_numeric:]]
    if np.isinf(X).any() or any('"' in text or "\n" in text for t in texts for text in t.values):
        raise OddError("not finite, or a quote that did not begin its cell")
    if _has_blank_row(X, texts):
        raise OddError("a row that may be blank, which is none")
    return X, texts


def _has_blank_row(X: Array, texts: Sequence[Dictionary]) -> bool:
    """Tell whether nothing is known of a row."""
    blank = np.isnan(X).all(axis=1) if X.shape[1] else np.ones(len(X), bool)
    for cells in texts if blank.any() else ():
        empty = np.array([not text.strip() for text in cells.values], bool)
        blank &= empty[cells.codes] if len(empty) else False
    return bool(blank.any())


def _numbers(column: Any) -> Array:
    """Return numbers or truth values as float64, NaN where they are missing."""
    if str(column.type) == "bool":
        column = column.cast("double")
    return np.asarray(column.to_numpy(zero_copy_only=False))


def _texts(column: Any) -> Dictionary:
    return Dictionary(column.dictionary.to_pylist(), column.indices.to_numpy(zero_copy_only=False))
