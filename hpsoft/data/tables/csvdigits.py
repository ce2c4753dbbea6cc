"""Whole numbers in text that have more digits than float64 holds: counted, and told."""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.tables.csvlayout import Layout
from hpsoft.data.tables.matrix import row_slices
from hpsoft.data.tables.numerals import NumberStyle
from hpsoft.data.tables.rounding import EXACT, rounding_warning
from hpsoft.data.tables.textfile import TextFile
from hpsoft.softmax.probabilities import Array


def beyond(X: Array) -> NDArray[np.bool_]:
    """Tell which columns of X (n, n_columns) hold numbers beyond 2^53."""
    found = np.zeros(X.shape[1], bool)
    if X.dtype != np.float64 or not X.size:
        return found
    for rows in row_slices(X):
        part = X[rows]
        numbers = part.reshape(-1)
        # A sum of squares takes one pass, and none of them is greater; NaN is not small either.
        if not float(np.einsum("i,i", numbers, numbers)) <= EXACT**2:
            found |= (np.abs(part) > EXACT).any(axis=0)
    return found


def warnings(file: TextFile, layout: Layout, columns: Sequence[int]) -> Iterator[str]:
    """Yield what is said of each column some of whose whole numbers are rounded."""
    counts = dict.fromkeys(columns, 0)
    with file.text() as lines:
        rows = layout.dialect.rows(lines, whole=True) if columns else iter(())
        for _, cells in islice(rows, layout.n_rows_above, None):
            for i in columns:
                counts[i] += is_rounded(cells[i], layout.style)
    for i, n in counts.items():
        if n:
            yield rounding_warning(layout.header.names[i], n, str(file.path))


def is_rounded(cell: str, style: NumberStyle) -> bool:
    """Tell whether a cell is a whole number, digit by digit, that float64 does not hold."""
    digits = cell.strip().translate(dict.fromkeys(map(ord, style.grouping)))
    sign, digits = digits[:1], digits.lstrip("+-")
    if len(digits) < 16 or not digits.isdecimal():  # 16 digits: from 10^15 on
        return False
    exact = int(f"-{digits}" if sign == "-" else digits)
    return int(float(exact)) != exact
