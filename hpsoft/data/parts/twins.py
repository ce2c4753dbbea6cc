"""Equal rows: samples that have the same features, number for number.

Rows are compared by a few columns first, in one pass of a few megabytes at a time; only those that
agree there are digested whole. So data without equal rows cost a pass over a part of their bytes,
and eight bytes a row. Parts of several dtypes are compared in the one that holds them all, since
a part of whole numbers below 256 is stored as such whatever the others are.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.rows import Matrix
from hpsoft.data.tables.matrix import row_slices
from hpsoft.softmax.probabilities import Array

Index = NDArray[np.intp]
Dtype = np.dtype[Any]

MOST_BYTES = 1 << 32  # of features; in more, equal rows are not looked for unasked
WORDS = 4  # of 8 bytes of each row that are compared first, evenly spread
DIGEST = 16  # bytes: among 10^9 rows two different ones agree with a chance below 10^-20
_FACTOR, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)


def first_equal(parts: Sequence[Matrix]) -> Index:
    """Return for each row of all parts (n,) the first row, in this order, that equals it."""
    first = np.arange(sum(map(len, parts)))
    dtype = np.result_type(*(X.dtype for X in parts))
    columns = _columns(parts[0].shape[1], dtype)
    sketches = [_sketch(X[rows][:, columns], dtype) for X in parts for rows in row_slices(X)]
    alike = _repeated(np.concatenate(sketches))
    seen: dict[bytes, int] = {}
    for row, digest in zip(alike.tolist(), _digests(parts, alike, dtype), strict=True):
        first[row] = seen.setdefault(digest, row)
    return first


def _columns(n: int, dtype: Dtype) -> Index:
    """Return which of n columns are compared first: runs of eight bytes."""
    run = max(1, 8 // dtype.itemsize)
    middles = (np.arange(WORDS) + 0.5) / WORDS  # pixels at the edges are all alike
    starts = (middles * max(0, n - run)).astype(np.intp)
    found = np.unique(starts[:, None] + np.arange(run))
    return found[found < n]


def _sketch(chunk: Array, dtype: Dtype) -> NDArray[np.uint64]:
    """Return a number for each row (n, n_columns); equal rows have equal ones."""
    data = np.ascontiguousarray(_plain(chunk, dtype)).view(np.uint8)
    words = np.zeros((len(data), -(-data.shape[1] // 8) * 8), np.uint8)
    words[:, : data.shape[1]] = data
    found = np.zeros(len(data), np.uint64)
    for word in words.view(np.uint64).T:
        found = (found ^ word) * _FACTOR
        found ^= found >> _SHIFT
    return found


def _digests(parts: Sequence[Matrix], rows: Index, dtype: Dtype) -> Iterator[bytes]:
    """Yield a digest of each of some rows, ascending in the order of all parts."""
    begin = 0
    for X in parts:
        mine = rows[(rows >= begin) & (rows < begin + len(X))] - begin
        step = next(row_slices(X)).stop
        for i in range(0, len(mine), step):
            chunk = np.ascontiguousarray(_plain(X[mine[i : i + step]], dtype))
            yield from (blake2b(row, digest_size=DIGEST).digest() for row in chunk)
        begin += len(X)


def _plain(chunk: Array, dtype: Dtype) -> Array:
    """Return numbers of which equal ones have equal bytes: there are two zeros."""
    chunk = chunk.astype(dtype, copy=False)
    return chunk + dtype.type(0) if dtype.kind == "f" else chunk


def _repeated(values: NDArray[np.uint64]) -> Index:
    """Return the rows, ascending, whose value occurs more than once."""
    order = np.argsort(values)
    same = np.concatenate([[False], np.diff(values[order]) == 0, [False]])
    return np.sort(order[same[1:] | same[:-1]])
