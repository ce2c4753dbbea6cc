"""Parts of the data in one dtype, scaled by what is trained on."""

import numpy as np

from hpsoft.data import Samples, Scaler
from hpsoft.engine.setup import Fold
from hpsoft.errors import DataError


def make_fold(
    train: Samples, validation: Samples, *, scale: str, dtype: str
) -> tuple[Fold, Scaler]:
    """Return two parts scaled by the first, and the scaler.

    Raises:
        DataError: the samples of a part have weights, all of them 0.
    """
    scaler = Scaler.fit(scale, train.X)
    X, X_validation = (scaler.apply(part.X, np.dtype(dtype)) for part in (train, validation))
    for title, part in (("train on", train), ("choose by", validation)):
        check_some_weight(part, title)
    weights = train.weight, validation.weight
    return Fold(X, train.labels, X_validation, validation.labels, *weights), scaler


def check_some_weight(samples: Samples, what_for: str) -> None:
    """Check that not all samples of a part have the weight 0.

    Raises:
        DataError: they have.
    """
    if samples.weight is not None and len(samples) and not samples.weight.any():
        raise DataError(
            f"All {len(samples):,} samples to {what_for} have the weight 0, so none of them counts. "
            "Take samples without weight out of the data, divide it otherwise (--cv, --seed, "
            "--val-fraction, --test-fraction), or leave --sample-weight out."
        )
