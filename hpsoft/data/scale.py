"""Scaling of features: (X - shift) / divisor, fitted on the part that is trained on, nothing else.

raw       X as it is, dtype included: learning rates mean what they mean for raw pixels
unit      divided by one number, the largest magnitude
standard  every feature to mean 0 and standard deviation 1; constant features become 0
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from hpsoft.data.rows import Matrix
from hpsoft.data.tables.matrix import fits_a_byte, row_slices
from hpsoft.errors import DataError, unknown
from hpsoft.softmax.probabilities import Array

SCALES = ("raw", "unit", "standard")
FEWEST_PIXELS = 4  # columns of a table that may be images
DIMMEST = 16  # that the brightest pixel may be: digits have 0 .. 16, ratings and counts less


@dataclass(frozen=True, eq=False)
class Scaler:
    """A fitted scaling. `Scaler(kind, shift, divisor)` restores one from a saved model."""

    kind: str  # one of SCALES
    shift: Array  # float64, () or (n_features,)
    divisor: Array  # float64, () or (n_features,), never 0

    @classmethod
    def fit(cls, kind: str, X: Matrix) -> "Scaler":
        """Fit to X (n_samples, n_features).

        Raises:
            DataError: there is no such scale.
        """
        check_scale(kind)
        if kind == "unit":
            top = max(float(np.abs(X[rows].astype(np.float64)).max()) for rows in row_slices(X))
            return cls(kind, np.zeros(()), np.array(top or 1.0))
        if kind == "standard":
            return cls(kind, *_moments(X))
        return cls(kind, np.zeros(()), np.ones(()))

    def apply(self, X: Matrix, dtype: DTypeLike) -> Array:
        """Return X (n_samples, n_features) scaled, in `dtype`; raw returns an array as it is."""
        if self.kind == "raw":  # but nothing is computed in float16
            return np.asarray(X, dtype if X.dtype == np.float16 else None)
        out = np.empty(X.shape, dtype)
        for rows in row_slices(X):
            out[rows] = (X[rows] - self.shift) / self.divisor
        return out

    def arrays(self) -> dict[str, Array]:
        """Return the fitted numbers by name, to be saved beside `kind`."""
        return {"shift": self.shift, "divisor": self.divisor}


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


def _moments(X: Matrix) -> tuple[Array, Array]:
    """Return mean and standard deviation of the columns; (value, 1) for a constant column.

    Two passes, since a sum of squares loses all digits where the mean is large. Constant columns
    are found by comparison: their computed deviation is rounding, not always 0.
    """
    peak = np.max(
        [np.abs(X[rows].astype(np.float64)).max(axis=0) for rows in row_slices(X)], axis=0
    )
    peak[peak == 0] = 1.0  # divided by, so that no sum of squares leaves the range
    mean = sum((X[rows] / peak).sum(axis=0) for rows in row_slices(X)) / len(X)
    constant = np.ones(X.shape[1], bool)
    squares = np.zeros(X.shape[1])
    for rows in row_slices(X):
        constant &= (X[rows] == X[0]).all(axis=0)
        squares += np.square(X[rows] / peak - mean).sum(axis=0)
    shift = np.where(constant, X[0], mean * peak).astype(np.float64)
    deviation = np.sqrt(squares / len(X)) * peak
    return shift, np.where(constant | (deviation == 0), 1.0, deviation)
