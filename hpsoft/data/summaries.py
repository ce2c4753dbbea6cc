"""The few numbers of a training part that a default space, or the choice of a dtype, depends
on.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.rows import Matrix
from hpsoft.data.tables.matrix import row_slices
from hpsoft.data.types import Samples
from hpsoft.softmax.classweight import class_factors
from hpsoft.softmax.summary import DataSummary

MAX_ROWS = 4000  # sampled for the curvature: its error is then far below the step of any grid
MAX_ITERATIONS = 100


def summary(
    train: Samples, name: str, n_classes: int, powers: Sequence[float] = (0.0,)
) -> DataSummary:
    """Summarise the part that is trained on, scaled as it will be.

    The curvature is that of at most 4000 rows, weighted as they are trained on: the largest over
    some powers of class weights.
    """
    found = max(curvature(train.X, _factors(train, n_classes, power)) for power in powers)
    return DataSummary(name, len(train), train.n_features, n_classes, found, mean_square(train.X))


def _factors(train: Samples, n_classes: int, power: float) -> NDArray[np.float64] | None:
    """Return what samples count, 1 in the mean; None: 1 each."""
    weight = None if train.weight is None else train.weight / train.weight.mean()
    if power == 0:
        return weight
    of_class = class_factors(train.labels, n_classes, np.array([power]), weight)[:, 0]
    factors: NDArray[np.float64] = of_class[train.labels]
    return factors if weight is None else factors * weight


def mean_square(X: Matrix) -> float:
    """Return the mean of the squared entries of X (n_samples, n_features)."""
    with np.errstate(over="ignore"):  # infinity is an answer: the caller refuses such features
        total = sum(float(np.square(X[rows], dtype=np.float64).sum()) for rows in row_slices(X))
        return total / X.size


def max_squared_norm(X: Matrix) -> float:
    """Return the largest squared Euclidean norm of a row of X (n_samples, n_features)."""
    top = 0.0
    for rows in row_slices(X):
        # Bytes need no float64: float32 is twice as fast and good to seven digits.
        chunk = X[rows].astype(np.float32 if X.dtype == np.uint8 else np.float64)
        with np.errstate(over="ignore"):  # infinity is an answer
            top = max(top, float(np.vecdot(chunk, chunk).max()))
    return top


def curvature(
    X: Matrix, weight: NDArray[np.float64] | None = None, most_iterations: int = MAX_ITERATIONS
) -> float:
    """Return the largest eigenvalue of [X 1].T diag(weight) [X 1] / (2 n) by power iteration.

    X (n_samples, n_features), weight (n_samples,) of the mean 1. Of more than MAX_ROWS rows,
    MAX_ROWS are used: evenly spaced, or in equal steps of the weights' sum, each then as heavy.
    Deterministic. Stops when the value settles to 1e-6, which is from below.
    """
    rows = np.linspace(0, len(X) - 1, min(len(X), MAX_ROWS)).astype(np.intp)
    if weight is not None and len(X) > MAX_ROWS:
        ends = np.cumsum(weight)
        middles = (np.arange(MAX_ROWS) + 0.5) * (ends[-1] / MAX_ROWS)
        rows, weight = np.searchsorted(ends, middles).clip(max=len(X) - 1), None
    sample = np.hstack([X[rows].astype(np.float64), np.ones((len(rows), 1))])
    if weight is not None:
        sample *= np.sqrt(weight)[:, None]
    scale = float(np.abs(sample).max())  # keeps squares of huge values in range
    sample /= scale
    vector = sample.sum(axis=0) + np.linspace(1, 2, sample.shape[1])  # no symmetry to get stuck in
    value = 0.0
    for _ in range(most_iterations):
        vector = vector / np.linalg.norm(vector)
        vector = sample.T @ (sample @ vector)
        previous, value = value, float(np.linalg.norm(vector))
        if abs(value - previous) <= 1e-6 * value:
            break
    with np.errstate(over="ignore"):  # infinity is an answer: the caller refuses such features
        return float(np.float64(value) / (2 * len(rows)) * np.square(np.float64(scale)))
