"""Scaling of features: (X - shift) / divisor, fitted on the part that is trained on, nothing else.

raw       X as it is, dtype included: learning rates mean what they mean for raw pixels
unit      divided by one number, the largest magnitude
standard  every feature to mean 0 and standard deviation 1; constant features become 0
l2-rows   every row divided by its Euclidean norm; a row of zeros stays one

Of raw and standard, some columns scaled are the same numbers, bit for bit, as all columns scaled
and cut down to them: so they need not be stored twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hpsoft.data.rows import Matrix, Rows
from hpsoft.data.tables.matrix import fits_a_byte, row_slices
from hpsoft.errors import DataError, unknown
from hpsoft.softmax.probabilities import Array

ROWS = "l2-rows"
SCALES = ("raw", "unit", "standard", ROWS)
BY_COLUMN = ("raw", "standard")  # each column for itself
SLAB_ROWS, SLAB_COLUMNS = 2048, 512  # 8 MB in float64
READ_BYTES = 1 << 26  # of samples that are read at a time
FEWEST_PIXELS = 4  # columns of a table that may be images
DIMMEST = 16  # that the brightest pixel may be: digits have 0 .. 16, ratings and counts less


@dataclass(frozen=True, eq=False)
class Scaler:
    """A fitted scaling. `Scaler(kind, shift, divisor)` restores one from a saved model."""

    kind: str  # one of SCALES
    shift: Array  # float64, () or (n_features,)
    divisor: Array  # float64, () or (n_features,), never 0

    @classmethod
    def fit(cls, kind: str, X: Matrix, weight: NDArray[np.float64] | None = None) -> "Scaler":
        """Fit to X (n_samples, n_features).

        With weights (n_samples,), not all 0, mean and deviation are as of samples that are there
        so many times; samples of weight 0 are not looked at. `weight` None: all alike.

        Raises:
            DataError: there is no such scale.
        """
        check_scale(kind)
        if weight is not None:
            counted = weight > 0
            X, weight = np.asarray(X)[counted], weight[counted]
        if kind == "unit":
            top = max(float(np.abs(X[rows].astype(np.float64)).max()) for rows in row_slices(X))
            return cls(kind, np.zeros(()), np.array(top or 1.0))
        if kind == "standard":
            return cls(kind, *_moments(X, weight))
        return cls(kind, np.zeros(()), np.ones(()))

    def apply(self, X: Matrix, dtype: DTypeLike) -> Array:
        """Return X (n_samples, n_features) scaled, in `dtype`; raw returns an array as it is."""
        if self.kind == "raw":  # but nothing is computed in float16
            return np.asarray(X, dtype if X.dtype == np.float16 else None)
        out = np.empty(X.shape, dtype)
        for rows in row_slices(X):
            out[rows] = scaled_rows(X[rows], self.kind, self.shift, self.divisor)
        return out

    def arrays(self) -> dict[str, Array]:
        """Return the fitted numbers by name, to be saved beside `kind`."""
        return {"shift": self.shift, "divisor": self.divisor}


def scaled_rows(X: Array, kind: str, shift: Array, divisor: Array) -> Array:
    """Return X (n, n_features), an array, by a scaling that was fitted."""
    return unit_rows(X) if kind == ROWS else (X - shift) / divisor


def unit_rows(X: Array) -> Array:
    """Return the rows of X (n, n_features) divided by their Euclidean norms, in float64."""
    exact = X.astype(np.float64)
    peak = np.abs(exact).max(axis=1, keepdims=True)
    exact /= np.where(peak == 0, 1.0, peak)  # so that no square leaves the range
    norm = np.sqrt(np.vecdot(exact, exact))[:, None]
    return exact / np.where(norm == 0, 1.0, norm)


def check_scale(kind: str) -> None:
    """Check that `kind` is one of SCALES.

    Raises:
        DataError: it is not.
    """
    if kind not in SCALES:
        raise DataError(unknown("scale", kind, SCALES))


def usual_scale(shape: tuple[int, ...], X: Matrix) -> str:
    """Return the default scale: unit for images, standard for other features.

    `shape` is that in which the features were stored, X (n_samples, n_features) how they are used.
    Images have two axes or more besides that of the samples, of a length above 1, or look like
    pixels: so the same pixels are scaled alike whatever file, shape or type they are stored in.
    """
    n_axes = sum(length > 1 for length in shape[1:])
    return "unit" if n_axes > 1 or like_pixels(X) else "standard"


def like_pixels(X: Matrix, fewest: int = FEWEST_PIXELS) -> bool:
    """Tell whether the numbers of X (n_samples, n_features) look like pixels of images.

    These are whole, 0 .. 255, and at least `fewest` a sample; most columns have one range: from
    about 0 up to at least half of the largest number.
    """
    if X.shape[1] < fewest or not all(fits_a_byte(X[rows]) for rows in row_slices(X)):
        return False
    low = np.min([X[rows].min(axis=0) for rows in row_slices(X)], axis=0)
    high = np.max([X[rows].max(axis=0) for rows in row_slices(X)], axis=0)
    top = int(high.max())
    if top < DIMMEST:
        return False
    varied = high > low
    return bool(np.median(high[varied]) >= top / 2 and np.median(low[varied]) <= top / 8)


def _moments(X: Matrix, weight: NDArray[np.float64] | None = None) -> tuple[Array, Array]:
    """Return mean and standard deviation of the columns; (value, 1) for a constant column.

    In slabs whose numbers of rows do not depend on how many columns there are, so neither do the
    sums. Two passes, since a sum of squares loses all digits where the mean is large. Constant
    columns are found by comparison: their computed deviation is rounding, not always 0.
    """
    n_samples, n_features = X.shape
    share = None if weight is None else weight / weight.mean()
    peak, total, squares = np.zeros((3, n_features))
    constant, first = np.ones(n_features, bool), np.asarray(X[0], np.float64)
    for _, at, slab in _slabs(X):
        peak[at] = np.maximum(peak[at], np.abs(slab).max(axis=0))
    peak[peak == 0] = 1.0  # divided by, so that no sum of squares leaves the range
    for rows, at, slab in _slabs(X):
        total[at] += _sums(slab / peak[at], share, rows)
    mean = total / n_samples
    for rows, at, slab in _slabs(X):
        constant[at] &= (slab == first[at]).all(axis=0)
        squares[at] += _sums(np.square(slab / peak[at] - mean[at]), share, rows)
    deviation = np.sqrt(squares / n_samples) * peak
    shift = np.where(constant, first, mean * peak)
    return shift, np.where(constant | (deviation == 0), 1.0, deviation)


def _slabs(X: Matrix) -> Iterator[tuple[slice, slice, Array]]:
    """Yield rows, columns and what is there of X in float64; each row is read once if it fits."""
    width = max(SLAB_COLUMNS, READ_BYTES // (SLAB_ROWS * X.itemsize))
    for start in range(0, X.shape[1], width):
        wide = slice(start, min(start + width, X.shape[1]))
        for row in range(0, len(X), SLAB_ROWS):
            rows = slice(row, row + SLAB_ROWS)
            read = X.part(rows, wide) if isinstance(X, Rows) else X[rows, wide]
            for i in range(0, read.shape[1], SLAB_COLUMNS):
                slab = read[:, i : i + SLAB_COLUMNS].astype(np.float64)
                yield rows, slice(start + i, start + i + slab.shape[1]), slab


def _sums(slab: Array, share: NDArray[np.float64] | None, rows: slice) -> Array:
    """Return the sums of columns, row after row: NumPy would add up a single one in pairs.

    `share` (n_samples,) is what each sample of X counts, `rows` those of the slab.
    """
    if share is not None:
        slab = slab * share[rows, None]
    return slab.sum(axis=0) if slab.shape[1] > 1 else slab.cumsum(axis=0)[-1]
