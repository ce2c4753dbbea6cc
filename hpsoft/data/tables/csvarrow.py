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
from hpsoft.data.tables.textfile import TextFile
from hpsoft.system import room

BLOCK_BYTES = 1 << 21
SMALL = 1 << 22  # bytes: below, importing Arrow takes longer than reading


class OddError(Exception):
    """The table is not as plain as it seemed."""


def is_worth_it(file: TextFile, layout: Layout, head: Sequence[str]) -> bool:
    """Tell whether a table is large, and plain as far as its first lines tell.

    Not under a limit on address space, where Arrow hangs or aborts.
    """
    size = file.path.stat().st_size * (1 if file.magic is None else 4)
    style = layout.style
    plain = file.is_plain and layout.is_plain and not style.grouping
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
    with file.bytes() as stream:
        for _ in range(layout.n_lines_above):
            stream.readline()
        try:
            reader = csv.open_csv(
                stream,
                read_options=csv.ReadOptions(column_names=names, block_size=BLOCK_BYTES),
                parse_options=csv.ParseOptions(
                    delimiter=layout.dialect.separator, newlines_in_values=True
                ),
                convert_options=csv.ConvertOptions(
                    column_types=types | {names[i]: pa.string() for i in texts},
                    include_columns=[*types, *(names[i] for i in texts)],
                    null_values=[],
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
    numbers = batch.columns[:n_numeric]
    X = np.empty((batch.num_rows, len(numbers)))
    for i, column in enumerate(numbers):
        X[:, i] = column.to_numpy(zero_copy_only=False)
    texts = [column.to_pylist() for column in batch.columns[n_numeric:]]
    odd = ('"' in text or "\n" in text for cells in texts for text in set(cells))
    if not np.isfinite(X).all() or any(odd):
        raise OddError("not finite, or a quote that did not begin its cell")
    return X, texts
