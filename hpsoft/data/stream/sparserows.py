"""Rows of svmlight files, made dense a chunk at a time.

Indices begin at 1, or at 0 where one of the file does: a first pass over the bytes tells.
"""

import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np

from hpsoft.data.errors import corrupt, reading
from hpsoft.data.sources.svmlight import PACKED
from hpsoft.data.stream.incoming import (
    Chunk,
    Incoming,
    Wanted,
    chunk_of,
    takes_text,
    widths,
)
from hpsoft.data.stream.labels import label_texts
from hpsoft.errors import DataError, out_of_memory

_ZERO = re.compile(rb"[ \t]0:")
LINES_AT_A_TIME = 4096


def open_sparse(path: Path, wanted: Wanted) -> Incoming:
    """Open a file of labels and index:value pairs.

    Raises:
        DataError: it cannot be read, or the model takes columns of text; while it is read, also a
            line that makes no sense, or an index beyond the model's features.
    """
    if not widths(wanted):
        raise takes_text(str(path), wanted)
    opener: Any = PACKED.get(path.suffix.lower(), open)
    with reading(path), opener(path, "rb") as lines:
        zero_based = any(_ZERO.search(line) for line in lines)
    note = f"Indices of {path.name} begin at {0 if zero_based else 1}."

    def chunks() -> Iterator[Chunk]:
        with reading(path), opener(path, "rb") as lines:
            yield from _chunks(lines, path, wanted, zero_based=zero_based)

    return Incoming(path.stem, str(path), chunks, "the first word of each line", (note,))


def _chunks(lines: IO[bytes], path: Path, wanted: Wanted, *, zero_based: bool) -> Iterator[Chunk]:
    from sklearn.datasets import load_svmlight_file

    (width, *_), above = widths(wanted), 0
    step = min(LINES_AT_A_TIME, wanted.rows_at_a_time(width))
    while some := list(islice(lines, step)):
        try:
            X, labels = load_svmlight_file(io.BytesIO(b"".join(some)), zero_based=zero_based)
        except (ValueError, OverflowError) as error:
            if out_of_memory(error):
                raise
            first, last = above + 1, above + len(some)
            raise corrupt(path, f"{error}; in lines {first:,} to {last:,}") from None
        above += len(some)
        if not X.shape[0]:  # comments alone
            continue
        if X.shape[1] > width and X[:, width:].nnz:
            raise DataError(
                f"{path} has index {X.shape[1] - zero_based:,}, and the model takes {width:,} "
                "features. Is it the data that the model is for?"
            )
        dense = np.zeros((X.shape[0], width))
        held = min(width, X.shape[1])
        dense[:, :held] = X[:, :held].toarray()
        yield chunk_of(dense, wanted, label_texts(labels))
