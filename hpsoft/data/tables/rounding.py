"""Whole numbers that float64 does not hold: it has 53 bits for them."""

import numpy as np

from hpsoft.softmax.probabilities import Array

EXACT = 1 << 53  # up to which float64 holds all whole numbers


def n_rounded(column: Array) -> int:
    """Return how many whole numbers (n,) are none of float64's: they have more than 53 bits."""
    if column.dtype.kind not in "ui" or column.dtype.itemsize < 8:
        return 0
    size = np.abs(column[(column > EXACT) | (column < -EXACT)]).astype(np.uint64)
    return int(np.count_nonzero(size // (size & (~size + np.uint64(1))) > EXACT))


def rounding_warning(name: str, n: int, where: str) -> str:
    """Return what is said of a column of which n numbers are rounded."""
    return (
        f"Warning: {n:,} whole numbers in column {name!r} of {where} are beyond 2^53 and are "
        "rounded to float64's, so that different ones may become one. If they matter, subtract a "
        "constant from the column; if they only name rows, --drop leaves it out."
    )
