"""Whole numbers in text that have more digits than float64 holds: counted, and told."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.tables import csvrows
from hpsoft.data.tables.csvlayout import Layout
from hpsoft.data.tables.matrix import row_slices
from hpsoft.data.tables.numerals import NumberStyle
from hpsoft.data.tables.rounding import EXACT, rounding_warning
from hpsoft.data.tables.textfile import TextFile
from hpsoft.softmax.probabilities import Array

FEWEST_DIGITS, MOST_DIGITS = 16, 309  # of 10^15, and of float64's largest number


def beyond(X: Array) -> NDArray[np.bool_]:
    """Tell which columns of X (n, n_columns) hold whole numbers only, some of 2^53 or more.

    What is read as 2^53 may have been 2^53 + 1. Where there are fractions, numbers are measured.
    """
    found = np.zeros(X.shape[1], bool)
    if X.dtype != np.float64 or not X.size:
        return found
    for rows in row_slices(X):
        part = X[rows]
        numbers = part.reshape(-1)
        # A sum of squares takes one pass, and none of them is greater; NaN is not small either.
        if not float(np.einsum("i,i", numbers, numbers)) < EXACT**2:
            found |= (np.abs(part) >= EXACT).any(axis=0)
    for rows in row_slices(X) if found.any() else ():
        part = X[rows][:, found]
        found[found] = ~(part != np.trunc(part)).any(axis=0, where=~np.isnan(part))
    return found


def warnings(file: TextFile, layout: Layout, columns: Sequence[int]) -> Iterator[str]:
    """Yield what is said of each column some of whose whole numbers are rounded."""
    if not columns:
        return
    counts = dict.fromkeys(columns, 0)
    with file.text() as lines:
        for _, cells in csvrows.below(lines, layout, file.path):
            for i in columns:
                counts[i] += is_rounded(cells[i], layout.style)
    for i, n in counts.items():
        if n:
            yield rounding_warning(layout.header.names[i], n, str(file.path))


def is_rounded(cell: str, style: NumberStyle) -> bool:
    """Tell whether a cell is a whole number, digit by digit, that float64 does not hold.

    One beyond its range is no number to it, and no matter of digits.
    """
    digits = cell.strip().translate(dict.fromkeys(map(ord, style.grouping)))
    digits = digits.lstrip("+-").lstrip("0")
    if not (FEWEST_DIGITS <= len(digits) <= MOST_DIGITS and digits.isdecimal()):
        return False
    held = float(digits)
    return math.isfinite(held) and int(held) != int(digits)
