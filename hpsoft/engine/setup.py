"""What the blocks of a search share: optimizer, data, precision and the order of the samples.

Which data a block sees may depend on its structural values: a `View` for each of these. Views may
hold the same arrays, and differ in the columns.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers.categories import Choice, Declared, Key, declared, view_of
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

    def cut(self, columns: slice) -> "Fold":
        """Return the same samples with some of their features, not copied."""
        X, X_validation = self.X[:, columns], self.X_validation[:, columns]
        return replace(self, X=X, X_validation=X_validation)


Folds = tuple[Fold, ...]


@dataclass(frozen=True, eq=False)
class View:
    """What blocks with certain structural values see: columns of some folds' features."""

    folds: Folds  # other views may hold the very same
    columns: slice = field(default_factory=lambda: slice(None))

    @cached_property
    def seen(self) -> Folds:
        """The folds with these columns alone."""
        if self.columns == slice(None):
            return self.folds
        return tuple(fold.cut(self.columns) for fold in self.folds)


@dataclass(frozen=True)
class TrainingSetup:
    """Everything that the blocks of a search share."""

    optimizer: Optimizer
    folds: Folds  # every model is trained on each, and its scores are the means
    n_classes: int
    dtype: np.dtype[Any]
    seed: int
    curves: bool = False  # whether trials get AUROC and average precision too, as leaders do
    # By structural values of the data, all of the same names; none: every block sees `folds`.
    views: Mapping[Key, View] = field(default_factory=dict)
    totals: tuple[float, ...] = ()  # of each fold: samples trained on, or the sum of their weights

    def __post_init__(self) -> None:
        """Refuse weights that would be ignored.

        Raises:
            OptimizerError: samples are weighted, and the optimizer does not honour that.
        """
        if any(fold.weight is not None for fold in self.folds):
            check_weighted(self.optimizer)

    @property
    def hyperparameters(self) -> tuple[Declared, ...]:
        """What trials differ in: what the data are seen by, and what the optimizer declares."""
        words: dict[str, tuple[str, ...]] = {}
        for key in self.views:
            for name, word in key:
                words[name] = tuple(dict.fromkeys((*words.get(name, ()), word)))
        return declared(self.optimizer.hyperparameters, words)

    def folds_of(self, structure: Mapping[str, Choice]) -> Folds:
        """Return the folds as a block sees them."""
        return self.views[view_of(structure)].seen if self.views else self.folds

    def problems_of(self, structure: Mapping[str, Choice]) -> tuple[Problem, ...]:
        """Return the folds as an optimizer sees them; made once, so that it may know X again."""
        key = view_of(structure) if self.views else ()
        if key not in self._problems:
            self._problems[key] = tuple(map(self._problem, self.folds_of(structure)))
        return self._problems[key]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The same where all blocks see the same."""
        return self.problems_of({})

    @cached_property
    def _problems(self) -> dict[Key, tuple[Problem, ...]]:
        return {}

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
        """Number of columns of X; of the widest view."""
        if not self.views:
            return int(self.folds[0].X.shape[1])
        return max(int(view.seen[0].X.shape[1]) for view in self.views.values())

    @property
    def flops_per_model_epoch(self) -> float:
        """Floating-point operations of the two products of one pass by one model, on all folds.

        The mean over all views.
        """
        if not self.views:
            return self._flops(self.folds)
        return sum(self._flops(view.seen) for view in self.views.values()) / len(self.views)

    def flops_of(self, structure: Mapping[str, Choice]) -> float:
        """Return the same of a block."""
        return self._flops(self.folds_of(structure))

    def _flops(self, folds: Folds) -> float:
        n_samples = sum(len(fold.labels) for fold in folds)
        return 4.0 * n_samples * int(folds[0].X.shape[1]) * self.n_classes


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
