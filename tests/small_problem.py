"""A small problem for tests of the engine and the search: data, a setting, a grid of trials."""

import itertools

import numpy as np
from hpsoft_sgd import SGD
from reference_sgd import validation_costs

from hpsoft.engine.order import sample_order
from hpsoft.engine.train import Setting

GRID = {
    "epochs": (1, 2, 4),
    "batch_size": (5, 16),
    "learning_rate": (0.01, 0.1, 0.3),
    "alpha": (0.0, 0.1),
}
DIVERGING = 1e308  # a learning rate that leaves float64 within a pass


def make_setting(n=48, dtype=np.float64, seed=0, **changes) -> Setting:
    """Return data of 4 features and 3 classes with SGD."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n + 20, 4))
    labels = (X @ rng.normal(size=(4, 3)) + rng.gumbel(size=(n + 20, 3))).argmax(axis=1)
    fields = {
        "optimizer": SGD(),
        "X": X[:n],
        "labels": labels[:n],
        "X_validation": X[n:],
        "labels_validation": labels[n:],
        "n_classes": 3,
        "dtype": np.dtype(dtype),
        "seed": seed,
    }
    return Setting(**fields | changes)


def make_trials(grid=GRID) -> list[tuple[int, dict]]:
    """Return every point of a grid with its index."""
    return list(
        enumerate(
            dict(zip(grid, point, strict=True)) for point in itertools.product(*grid.values())
        )
    )


def reference_cost(setting: Setting, params) -> float:
    """Return what the one-model loop says of a trial."""
    return reference_costs(setting, params)[-1]


def reference_costs(setting: Setting, params) -> list[float]:
    """Return the validation costs of the one-model loop after every pass."""
    return validation_costs(
        setting.X,
        setting.labels,
        setting.X_validation,
        setting.labels_validation,
        setting.n_classes,
        order=lambda epoch: sample_order(setting.seed, epoch, len(setting.labels)),
        **params,
    )
