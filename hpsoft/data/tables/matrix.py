"""The design matrix: shape and dtype that the rest of hpsoft relies on, checked chunk by chunk.

Nothing here makes a copy of an array that is already as it should be, so that a memory map stays
one; passes over X hold a few megabytes at a time.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from hpsoft.data.rows import Matrix
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array
from hpsoft.system import room
from hpsoft.system.cores import n_cores

CHUNK_BYTES = 1 << 23
MOST_THREADS = 8
CACHED = 1 << 21  # bytes that are written before they leave the cache
FEW = 16  # rows that mostly tell that a matrix is not of bytes


def row_slices(X: Matrix, chunk_bytes: int = CHUNK_BYTES) -> Iterator[slice]:
    """Yield slices of rows of X (n, ...) that cover it, of about so many bytes each."""
    row_bytes = max(1, X.itemsize * (X.size // max(1, len(X))))
    step = max(1, chunk_bytes // row_bytes)
    for start in range(0, len(X), step):
        yield slice(start, start + step)


def side_by_side(columns: Sequence[Array], cached: int = CACHED) -> Array:
    """Return columns (n,) as X (n, n_columns), in the type that holds them all.

    `cached` bytes of all columns at a time are copied into one piece and turned there: a whole
    column at a time would write each line of the cache once a column. On all cores: most of the
    time goes to memory that was never touched.
    """
    X = np.empty((len(columns[0]), len(columns)), np.result_type(*columns))
    step = max(1, cached // X[:1].nbytes)

    def fill(start: int) -> None:
        rows = slice(start, start + step)
        X[rows] = np.stack([column[rows] for column in columns]).T

    starts = range(0, len(X), step)
    if len(starts) > 1 and room.limit() is None:
        with ThreadPoolExecutor(min(n_cores(), MOST_THREADS)) as threads:
            list(threads.map(fill, starts))
    else:
        list(map(fill, starts))
    return X


def conform(X: Array, where: str) -> Array:
    """Return X as (n_samples, n_features) of uint8, float16, float32 or float64.

    Images (n, h, w, ...) are flattened. Whole numbers within 0..255 become uint8 and other
    integers the smallest float that holds them exactly (float64 at most). Whether all are finite
    is not looked at.

    Raises:
        DataError: no samples, no features, one axis only, or no numbers.
    """
    X = np.asarray(X)
    if X.dtype.kind not in "buif":
        raise DataError(
            f"{where} holds {X.dtype} values, not numbers. Store X as a numeric array "
            "(object arrays and pickles are never loaded)."
        )
    if X.ndim < 2:
        raise DataError(
            f"{where} has shape {X.shape}; X needs a row per sample, (n_samples, n_features). "
            "A single feature is stored as (n_samples, 1)."
        )
    if X.size == 0:
        raise DataError(f"{where} is empty: its shape is {X.shape}. Give it samples and features.")
    return _plain_dtype(X.reshape(len(X), -1))


def _plain_dtype(X: Array) -> Array:
    if X.dtype.kind == "b":
        return X.view(np.uint8)
    if X.dtype.kind in "ui":
        return compact(X)
    wanted = X.dtype if X.dtype.itemsize <= 4 else np.float64
    wanted = np.dtype(wanted).newbyteorder("=")
    return X.astype(wanted, copy=False)  # native byte order included


def compact(X: Array) -> Array:
    """Return X as uint8 where that is exact, else as a float type that is, if one is."""
    if X.dtype == np.uint8:
        return X
    if all(fits_a_byte(X[rows]) for rows in row_slices(X)):
        return X.astype(np.uint8)
    return X.astype(np.result_type(X.dtype, np.float32).newbyteorder("="), copy=False)


def fits_a_byte(chunk: Array) -> bool:
    """Tell whether all numbers are whole ones of 0 .. 255."""
    if chunk.dtype == np.uint8:
        return True
    if len(chunk) > FEW and not fits_a_byte(chunk[:FEW]):
        return False
    inside = bool(np.all((chunk >= 0) & (chunk <= 255)))
    return inside and (chunk.dtype.kind != "f" or bool(np.all(chunk == np.trunc(chunk))))
