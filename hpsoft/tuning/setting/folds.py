"""Parts of the data in one dtype, scaled by what is trained on."""

import numpy as np
from numpy.typing import NDArray

from hpsoft.data import Samples, Scaler
from hpsoft.data.side.weights import check_some_weight
from hpsoft.engine.setup import Fold


def make_fold(
    train: Samples, validation: Samples, *, scale: str, dtype: str, by_weight: bool = False
) -> tuple[Fold, Scaler]:
    """Return two parts scaled by the first, weights of mean 1, and the scaler.

    With `by_weight` samples count in the scale what they count in the training; a search scales
    by all alike, whatever their weights.

    Raises:
        DataError: the samples of a part have weights, all of them 0.
    """
    for title, part in (("train on", train), ("choose by", validation)):
        check_some_weight(part.weight, title)
    scaler = Scaler.fit(scale, train.X, train.weight if by_weight else None)
    X, X_validation = (scaler.apply(part.X, np.dtype(dtype)) for part in (train, validation))
    weights = _relative(train.weight), _relative(validation.weight)
    return Fold(X, train.labels, X_validation, validation.labels, *weights), scaler


def _relative(weight: NDArray[np.float64] | None) -> NDArray[np.float64] | None:
    """Return weights (n_samples,) in the range of any dtype: only their ratios count."""
    return weight if weight is None or not len(weight) else weight / weight.mean()
