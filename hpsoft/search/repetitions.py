"""The same data again, split otherwise: by other seeds, or into stratified folds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from hpsoft.data import Samples, Scaler, TrainingData, divide
from hpsoft.data.splitting import take
from hpsoft.engine.train import Setting
from hpsoft.errors import DataError
from hpsoft.optimizers.protocol import Optimizer


def repetitions(
    about: Mapping[str, Any],
    optimizer: Optimizer,
    data: TrainingData,
    seeds: Sequence[int],
    *,
    folds: bool,
) -> Iterator[Setting]:
    """Yield a setting a seed, made when it is asked for: each holds a copy of the data.

    Raises:
        DataError: there cannot be so many folds.
    """
    if folds:
        parts = _folds(data, len(seeds), about["seed"])
    else:
        given = data.validation
        fraction = about["val_fraction"] if given is None else len(given) / len(data)
        parts = _splits(data, fraction, seeds)
    dtype = np.dtype(about["dtype"])
    for seed, (train, held) in zip(seeds, parts, strict=True):
        scaler = Scaler.fit(about["scale"], train.X)
        yield Setting(
            optimizer,
            scaler.apply(train.X, dtype),
            train.labels,
            scaler.apply(held.X, dtype),
            held.labels,
            data.n_classes,
            dtype,
            seed,
        )


def _splits(
    data: TrainingData, fraction: float, seeds: Sequence[int]
) -> Iterator[tuple[Samples, Samples]]:
    samples = data.everything  # a validation part of the data's own is divided anew as well
    for seed in seeds:
        parts = divide(samples, data.classes, fraction, seed)
        yield parts.train, parts.validation


def _folds(data: TrainingData, n: int, seed: int) -> Iterator[tuple[Samples, Samples]]:
    """Yield the training and the held-out part of stratified folds.

    Raises:
        DataError: fewer than two folds, or a class with fewer samples than folds.
    """
    from sklearn.model_selection import StratifiedKFold

    samples = data.everything
    fewest = int(np.bincount(samples.labels, minlength=data.n_classes).min())
    if not 2 <= n <= fewest:
        raise DataError(
            f"--cv takes 2 folds or more, and no more than the smallest class has samples, "
            f"{fewest:,}: {n}."
        )
    folds = StratifiedKFold(n, shuffle=True, random_state=seed)
    for kept, held in folds.split(samples.labels, samples.labels):
        yield take(samples, kept), take(samples, held)
