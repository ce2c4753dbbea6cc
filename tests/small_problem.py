"""A small problem for tests of the engine and the search: data, a setting, a grid of trials."""

import itertools
from dataclasses import replace

import numpy as np
from hpsoft_sgd import SGD
from reference_sgd import validation_costs

from hpsoft.engine.setup import Fold, TrainingSetup, sample_order

GRID = {
    "epochs": (1, 2, 4),
    "batch_size": (5, 16),
    "learning_rate": (0.01, 0.1, 0.3),
    "alpha": (0.0, 0.1),
}
DIVERGING = 1e308  # a learning rate that leaves float64 within a pass


def make_setup(n=48, dtype=np.float64, seed=0, **changes) -> TrainingSetup:
    """Return data of 4 features and 3 classes with SGD."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n + 20, 4))
    labels = (X @ rng.normal(size=(4, 3)) + rng.gumbel(size=(n + 20, 3))).argmax(axis=1)
    fields = {
        "optimizer": SGD(),
        "folds": (Fold(X[:n], labels[:n], X[n:], labels[n:]),),
        "n_classes": 3,
        "dtype": np.dtype(dtype),
        "seed": seed,
    }
    return TrainingSetup(**fields | changes)


def with_arrays(setting: TrainingSetup, **arrays) -> TrainingSetup:
    """Return the setting with other arrays in each of its folds."""
    return replace(setting, folds=tuple(replace(fold, **arrays) for fold in setting.folds))


def in_folds(setting: TrainingSetup, n_folds=3) -> TrainingSetup:
    """Return the setting with its one fold's samples divided into several."""
    (whole,) = setting.folds
    held = np.arange(len(whole.labels)) % n_folds
    folds = [
        Fold(
            whole.X[held != i],
            whole.labels[held != i],
            whole.X[held == i],
            whole.labels[held == i],
        )
        for i in range(n_folds)
    ]
    return replace(setting, folds=tuple(folds))


def make_trials(grid=GRID) -> list[tuple[int, dict]]:
    """Return every point of a grid with its index."""
    return list(
        enumerate(
            dict(zip(grid, point, strict=True)) for point in itertools.product(*grid.values())
        )
    )


def reference_cost(setting: TrainingSetup, params) -> float:
    """Return what the one-model loop says of a trial."""
    return reference_costs(setting, params)[-1]


def reference_costs(setting: TrainingSetup, params) -> list[float]:
    """Return the validation costs of the one-model loop after every pass, means over the folds."""
    return np.mean([_costs(setting, fold, params) for fold in setting.folds], axis=0).tolist()


def _costs(setting: TrainingSetup, fold: Fold, params) -> list[float]:
    return validation_costs(
        fold.X,
        fold.labels,
        fold.X_validation,
        fold.labels_validation,
        setting.n_classes,
        order=lambda epoch: sample_order(setting.seed, epoch, len(fold.labels)),
        **params,
    )
