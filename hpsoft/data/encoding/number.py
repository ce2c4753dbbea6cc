"""Numbers: as they are, the missing ones filled in."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.encoding.policy import MEAN, MEDIAN
from hpsoft.data.rows import Matrix, Rows

Numbers = NDArray[np.float64]

CELLS_AT_A_TIME = 1 << 20


@dataclass(frozen=True)
class Number:
    """A column of numbers: one feature."""

    TYPE: ClassVar = "number"

    name: str
    fill: float | None = None  # in the place of a missing value; None: there may be none
    kind: str = "number"  # what it was taken for: number, truth or date

    is_text: ClassVar = False

    @property
    def features(self) -> tuple[str, ...]:
        """Names of its features."""
        return (self.name,)

    @property
    def taken_for(self) -> str:
        """What it is taken for."""
        return self.kind

    @property
    def becomes(self) -> str:
        """What is done to it, in words."""
        what = {"truth": "0 or 1", "date": "days since 1970"}.get(self.kind, "as it is")
        return what if self.fill is None else f"{what}, {self.fill:.6g} where missing"


def fit_fills(X: Matrix, how: str, cells: int = CELLS_AT_A_TIME) -> Numbers:
    """Return what fills the columns of X (n_rows, n_columns): their median or mean without NaN.

    A column of NaN alone has none: NaN. So many `cells` are looked at at a time.
    """
    n_rows, n_columns = X.shape
    step = max(1, cells // max(1, n_rows))
    found = np.empty(n_columns)
    for start in range(0, n_columns, step):
        block = _columns(X, slice(start, start + step)).astype(np.float64)
        found[start : start + step] = fills_of(block, how)
    return found


def fills_of(block: Numbers, how: str) -> Numbers:
    """Return the same of a block of its own, (n_rows, n_columns), which is lost."""
    return {MEDIAN: _median, MEAN: _mean}[how](block)


def _columns(X: Matrix, columns: slice) -> NDArray[np.generic]:
    """Return some columns, copied."""
    if isinstance(X, Rows):
        return X.columns(columns)
    return np.array(X[:, columns])


def _median(block: Numbers) -> Numbers:
    block.sort(axis=0)  # NaN come last
    n_known = (~np.isnan(block)).sum(axis=0)
    top = np.maximum(n_known - 1, 0)
    at = np.arange(block.shape[1])
    low, high = block[top // 2, at], block[(top + 1) // 2, at]
    return low + (high - low) / 2


def _mean(block: Numbers) -> Numbers:
    known = ~np.isnan(block)
    n_known = known.sum(axis=0)
    total = np.where(known, block, 0.0).sum(axis=0)
    return np.where(n_known > 0, total / np.maximum(n_known, 1), np.nan)


def fit_ranges(X: Matrix) -> tuple[Numbers, Numbers]:
    """Return the smallest and the largest number of each column of X (n_rows, n_columns).

    NaN does not count; a column of NaN alone has NaN.
    """
    n_rows, n_columns = X.shape
    low, high = np.full(n_columns, np.nan), np.full(n_columns, np.nan)
    step = max(1, CELLS_AT_A_TIME // max(1, n_columns))
    for start in range(0, n_rows, step):
        chunk = X[start : start + step]
        low = np.fmin(low, np.fmin.reduce(chunk, axis=0))
        high = np.fmax(high, np.fmax.reduce(chunk, axis=0))
    return low, high
