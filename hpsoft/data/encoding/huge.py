"""Numbers far beyond all others of their column: slips of a pen, or marks of missing values.

One of them decides shift and divisor of its column, so all others become one number; where it is
held out, costs are as large as it is. Columns that are large throughout are no such thing.
"""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hpsoft.data.encoding.number import fit_ranges
from hpsoft.data.encoding.table import Table
from hpsoft.data.errors import nth
from hpsoft.data.rows import Rows
from hpsoft.errors import DataError

FAR = 1e9  # times the median magnitude of what is not 0
LARGEST = float(np.sqrt(np.finfo(np.float32).max))  # whose square is in the range of float32
NEVER = float(np.sqrt(np.finfo(np.float64).max)) / 1e3  # no column holds such numbers


@dataclass(frozen=True)
class Huge:
    """The largest number of a column that is far beyond the others."""

    name: str
    row: int
    value: float
    n: int  # numbers of the column that are so
    median: float  # magnitude of the others that are not 0


def check_huge(table: Table, where: str, *, named: bool) -> tuple[str, ...]:
    """Return a warning for each column with a number far beyond the others.

    Raises:
        DataError: the square of one leaves the range of float32, in which models are trained.
    """
    found = list(_find(table))
    for huge in found:
        if abs(huge.value) > LARGEST:
            raise DataError(f"{_said(huge, where)} {_help(huge, named=named)}")
    return tuple(
        f"Warning: {_said(huge, where)} Scaled by it, the others hardly differ. "
        f"{_help(huge, named=named)}"
        for huge in found
    )


def _find(table: Table) -> Iterator[Huge]:
    X = table.numbers
    if X.dtype.kind != "f" or not X.size:
        return
    low, high = fit_ranges(X)
    peak = np.fmax(np.abs(low), np.abs(high))
    for j in np.flatnonzero(peak > FAR):
        whole = slice(int(j), int(j) + 1)
        column = (X.columns(whole) if isinstance(X, Rows) else X[:, whole])[:, 0]
        size = np.abs(column.astype(np.float64))
        known = np.sort(size[size > 0])  # no NaN
        median = float(np.median(known[:-1])) if len(known) > 1 else 0.0  # of the others
        least = min(FAR * median, NEVER)
        if peak[j] > least:
            row = int(np.nanargmax(size))
            n = int(np.sum(known > least))
            yield Huge(table.number_fields[j].name, row, float(column[row]), n, median)


def _said(huge: Huge, where: str) -> str:
    others = f" (and {huge.n - 1:,} more like it)" if huge.n > 1 else ""
    return (
        f"Column {huge.name!r} of {where} has {huge.value:.6g} in row {nth(huge.row)}{others}, "
        f"where the others have a median magnitude of {huge.median:.3g}."
    )


def _help(huge: Huge, *, named: bool) -> str:
    short = f"{huge.value:g}"
    value = short if float(short) == huge.value else repr(huge.value)
    if not named:
        return f"Correct it, or take it for missing: --missing-values {value} --missing drop-rows."
    word = shlex.quote(f"{huge.name}={value}") if huge.name.isprintable() else value
    drop = shlex.quote(huge.name) if huge.name.isprintable() else "COLUMN"
    return (
        f"Correct it, take it for missing (--missing-values {word} --missing median), or leave the "
        f"column out with --drop {drop}."
    )
