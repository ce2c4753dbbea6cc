"""What models are trained on: parts of the data in one dtype, scaled by what is trained on.

The one place where a search, its repetitions and the final model have it made.
"""

from collections.abc import Iterable

import numpy as np

from hpsoft.data import Samples, Scaler, Split
from hpsoft.engine.setup import Fold, TrainingSetup
from hpsoft.errors import DataError
from hpsoft.optimizers.protocol import Optimizer


def make_setup(
    optimizer: Optimizer,
    splits: Iterable[Split],
    *,
    scale: str,
    dtype: str,
    seed: int,
    curves: bool = False,
) -> TrainingSetup:
    """Return the setting of a search over some splits; `seed` is that of the sample order.

    With `curves` AUROC and average precision are measured too.
    """
    splits = tuple(splits)
    folds = [
        make_fold(split.train, split.validation, scale=scale, dtype=dtype) for split in splits
    ]
    return TrainingSetup(
        optimizer=optimizer,
        folds=tuple(fold for fold, _ in folds),
        n_classes=len(splits[0].classes),
        dtype=np.dtype(dtype),
        seed=seed,
        curves=curves,
    )


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
