"""What the blocks of a search share: optimizer, data, precision and the order of the samples."""

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers.protocol import Optimizer, Problem
from hpsoft.optimizers.weights import check_weighted
from hpsoft.softmax.probabilities import Array


@dataclass(frozen=True)
class Fold:
    """Samples to train on, and samples to score by."""

    X: Array  # (n_samples, n_features)
    labels: NDArray[np.intp]
    X_validation: Array
    labels_validation: NDArray[np.intp]
    weight: NDArray[np.float64] | None = None  # (n_samples,), of any mean; None: 1 each
    weight_validation: NDArray[np.float64] | None = None

    def arrays(self) -> dict[str, Array]:
        """Return the arrays that are there, by name."""
        return {name: array for name, array in vars(self).items() if array is not None}


@dataclass(frozen=True)
class TrainingSetup:
    """Everything that the blocks of a search share."""

    optimizer: Optimizer
    folds: tuple[Fold, ...]  # every model is trained on each, and its scores are the means
    n_classes: int
    dtype: np.dtype[Any]
    seed: int
    curves: bool = False  # whether trials get AUROC and average precision too, as leaders do

    def __post_init__(self) -> None:
        """Refuse weights that would be ignored.

        Raises:
            OptimizerError: samples are weighted, and the optimizer does not honour that.
        """
        if any(fold.weight is not None for fold in self.folds):
            check_weighted(self.optimizer)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Each fold as an optimizer sees it; made once, so that it may know X again."""
        return tuple(self._problem(fold) for fold in self.folds)

    def _problem(self, fold: Fold) -> Problem:
        order = partial(sample_order, self.seed, n_samples=len(fold.labels))
        X, labels = _read_only(fold.X), _read_only(fold.labels)
        weight = None if fold.weight is None else _read_only(fold.weight / fold.weight.mean())
        return Problem(X, labels, self.n_classes, self.dtype, order, weight)

    @property
    def n_samples(self) -> int:
        """How many samples are trained on: those of the smallest fold."""
        return min(len(fold.labels) for fold in self.folds)

    @property
    def n_features(self) -> int:
        """Number of columns of X."""
        return int(self.folds[0].X.shape[1])

    @property
    def flops_per_model_epoch(self) -> float:
        """Floating-point operations of the two products of one pass by one model, on all folds."""
        n_samples = sum(len(fold.labels) for fold in self.folds)
        return 4.0 * n_samples * self.n_features * self.n_classes


def _read_only(array: Array) -> Array:
    """Return a view that a plugin cannot write to: all blocks train on the same data."""
    view = array.view()
    view.flags.writeable = False
    return view


def sample_order(seed: int, epoch: int, n_samples: int) -> NDArray[np.intp]:
    """Return the permutation of 0 .. n_samples - 1 for pass `epoch` (0, 1, ...).

    Neither batch size nor model enters, so any two runs of one seed see the same samples.
    """
    return np.random.default_rng([seed, epoch]).permutation(n_samples)
