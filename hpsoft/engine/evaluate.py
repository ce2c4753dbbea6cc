"""Metrics of all models of a block on one set of samples.

Shapes: logits (rows, n_classes, n_models). A state with one class less leaves the last implied,
see optimizers.protocol; its logits are filled in, one class of products cheaper.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers.implied import all_classes, fill_last_class
from hpsoft.optimizers.protocol import State
from hpsoft.softmax.curves import curve_means
from hpsoft.softmax.metric import OF_LEADERS
from hpsoft.softmax.probabilities import Array, softmax
from hpsoft.softmax.tally import Tally

ROWS = 128  # evaluated at a time: the logits of a block stay in the second-level cache

ByMetric = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Scores:
    """What validation says of each model of a block, by metric; NaN where a model diverged."""

    means: ByMetric  # (n_models,): over the samples, unregularised; over the folds
    by_fold: ByMetric = field(default_factory=dict)  # (n_folds, n_models), of several

    @property
    def cross_entropy(self) -> NDArray[np.float64]:
        """The cost of every model."""
        return self.means["cross_entropy"]

    @property
    def accuracy(self) -> NDArray[np.float64]:
        """The accuracy of every model, 0 .. 1."""
        return self.means["accuracy"]

    @property
    def sound(self) -> NDArray[np.bool_]:
        """Which models have not diverged."""
        return np.isfinite(self.cross_entropy)

    def spread(self, sound: NDArray[np.bool_]) -> "Scores":
        """Return the scores of models among NaN for the others: those that are not `sound`."""
        return Scores({name: _among_nan(values, sound) for name, values in self.means.items()})

    def of(self, column: int) -> dict[str, float]:
        """Return the metrics of a model by name."""
        return {name: float(values[column]) for name, values in self.means.items()}

    def folds_of(self, column: int) -> dict[str, tuple[float, ...]]:
        """Return the metrics of a model on several folds; none where there is but one."""
        return {name: tuple(v[:, column].tolist()) for name, v in self.by_fold.items()}


def _among_nan(values: NDArray[np.float64], places: NDArray[np.bool_]) -> NDArray[np.float64]:
    spread = np.full(len(places), np.nan)
    spread[places] = values
    return spread


def mean_scores(folds: Sequence[Scores]) -> Scores:
    """Return the means over the folds, NaN for a model that diverged on one of them."""
    if len(folds) == 1:
        return folds[0]
    by_fold = {name: np.array([fold.means[name] for fold in folds]) for name in folds[0].means}
    lost = np.isnan(by_fold["cross_entropy"]).any(axis=0)
    means = {name: np.where(lost, np.nan, v.mean(axis=0)) for name, v in by_fold.items()}
    return Scores(means, by_fold)


def evaluate(
    X: Array,
    labels: NDArray[np.intp],
    n_classes: int,
    state: State,
    weight: NDArray[np.float64] | None = None,
) -> Scores:
    """Score the models of `state` on X (n_samples, n_features), labels (n_samples,).

    Samples count by `weight` (n_samples,), where it is given.
    """
    weights, bias = state["weights"], state["bias"]
    n_given, n_models = bias.shape
    flat = weights.reshape(len(weights), -1)
    tally = Tally(n_classes, n_models)
    product = np.empty((ROWS, n_given * n_models), weights.dtype)
    logits = np.empty((ROWS, n_classes, n_models), weights.dtype)
    with np.errstate(all="ignore"):
        for first in range(0, len(labels), ROWS):
            rows = X[first : first + ROWS].astype(weights.dtype, copy=False)
            n = len(rows)
            np.matmul(rows, flat, out=product[:n])
            np.add(product[:n].reshape(n, n_given, n_models), bias, out=logits[:n, :n_given])
            if n_given < n_classes:
                fill_last_class(logits[:n])
            part = slice(first, first + ROWS)
            tally.add(logits[:n], labels[part], None if weight is None else weight[part])
        return Scores(tally.scores())


def evaluate_curves(
    X: Array,
    labels: NDArray[np.intp],
    n_classes: int,
    state: State,
    chosen: NDArray[np.bool_],
    weight: NDArray[np.float64] | None = None,
) -> ByMetric:
    """Return AUROC and average precision of the chosen models of `state`, NaN for the others.

    One model at a time: all its logits are in memory, in float64.
    """
    weights, bias = all_classes(state, n_classes)
    found = np.full((2, len(chosen)), np.nan)
    for column in np.flatnonzero(chosen):
        W, b = weights[..., column].astype(np.float64), bias[:, column].astype(np.float64)
        logits = np.vstack([X[i : i + ROWS] @ W for i in range(0, len(labels), ROWS)]) + b
        with np.errstate(all="ignore"):
            probabilities = softmax(logits)
        if np.isfinite(probabilities).all():
            each = None if weight is None else weight[:, None]
            found[:, column] = np.concatenate(curve_means(probabilities, labels, each))
    return dict(zip(OF_LEADERS, found, strict=True))
