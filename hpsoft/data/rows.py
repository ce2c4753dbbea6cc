"""Some rows of a matrix, not copied before they are read.

A split of a split of a memory map is one index array each, so rows are copied once: when they are
scaled, by `numpy.asarray`, or a slice at a time. Rows that are not among them are out of reach.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Rows:
    """What code that reads X (n_samples, n_features) row by row needs of an array."""

    def __init__(self, X: NDArray[Any], index: NDArray[np.intp]) -> None:
        """Take the rows of X with these indices, in this order."""
        self._X = X
        self._index = index
        self.shape = (len(index), *X.shape[1:])
        self.dtype = X.dtype
        self.ndim = X.ndim
        self.itemsize = X.itemsize
        self.size = int(np.prod(self.shape))

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._index)

    def __getitem__(self, rows: Any) -> NDArray[Any]:
        """Return a copy of some of the rows: one, a slice, or those with given indices."""
        return self._X[self._index[rows]]

    def columns(self, columns: slice) -> NDArray[Any]:
        """Return a copy of some columns."""
        return self._X[self._index, columns]

    def part(self, rows: slice, columns: slice) -> NDArray[Any]:
        """Return a copy of some columns of some of the rows."""
        if columns == slice(0, self.shape[1]):
            return self[rows]
        return self._X[self._index[rows], columns]

    def with_columns(self, cut: Callable[[NDArray[Any]], NDArray[Any]]) -> "Rows":
        """Return these rows of the matrix that `cut` makes of the whole one, of some columns."""
        return Rows(cut(self._X), self._index)

    def take(self, rows: NDArray[np.intp]) -> "Rows":
        """Return some of these rows, as rows of the same matrix."""
        return Rows(self._X, self._index[rows])

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        """Return a copy of all rows."""
        return np.asarray(self._X[self._index], dtype)


Matrix: TypeAlias = NDArray[Any] | Rows
