"""Cross-entropy and accuracy of all models of a block on one set of samples.

Shapes: logits (rows, n_classes, n_models). A state with one class less leaves the last implied,
see optimizers.protocol; its logits are filled in, one class of products cheaper.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers.implied import fill_last_class
from hpsoft.optimizers.protocol import State
from hpsoft.softmax.batched import exponentials
from hpsoft.softmax.probabilities import Array

ROWS = 128  # evaluated at a time: the logits of a block stay in the second-level cache


@dataclass(frozen=True)
class Scores:
    """What validation says of each model of a block; NaN where a model diverged."""

    cross_entropy: NDArray[np.float64]  # (n_models,), mean over the samples, unregularised
    accuracy: NDArray[np.float64]  # (n_models,), 0 .. 1
    by_fold: NDArray[np.float64] | None = None  # cross-entropies (n_folds, n_models), of several

    def folds_of(self, column: int) -> tuple[float, ...]:
        """Return the cross-entropies of a model on several folds; none where there is but one."""
        return () if self.by_fold is None else tuple(self.by_fold[:, column].tolist())


def mean_scores(folds: Sequence[Scores]) -> Scores:
    """Return the means over the folds, NaN for a model that diverged on one of them."""
    if len(folds) == 1:
        return folds[0]
    costs = np.array([scores.cross_entropy for scores in folds])
    accuracies = np.array([scores.accuracy for scores in folds])
    accuracies[:, np.isnan(costs).any(axis=0)] = np.nan
    return Scores(costs.mean(axis=0), accuracies.mean(axis=0), costs)


def evaluate(
    X: Array,
    labels: NDArray[np.intp],
    n_classes: int,
    state: State,
    weight: NDArray[np.float64] | None = None,
) -> Scores:
    """Score the models of `state` on X (n_samples, n_features), labels (n_samples,).

    Means are by `weight` (n_samples,), where it is given.
    """
    total = len(labels) if weight is None else weight.sum()
    weights, bias = state["weights"], state["bias"]
    n_given, n_models = bias.shape
    flat = weights.reshape(len(weights), -1)
    cost, hits = np.zeros(n_models), np.zeros(n_models)
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
            mine = None if weight is None else weight[first : first + ROWS]
            _add_scores(logits[:n], labels[first : first + ROWS], cost, hits, mine)
    finite = np.isfinite(cost)
    return Scores(*(np.where(finite, found / total, np.nan) for found in (cost, hits)))


def _add_scores(
    logits: Array,
    labels: NDArray[np.intp],
    cost: NDArray[np.float64],
    hits: NDArray[np.float64],
    weight: NDArray[np.float64] | None,
) -> None:
    """Add the rows' cross-entropies and hits to the sums; logits are overwritten."""
    at_label = logits[np.arange(len(labels)), labels]
    largest = logits.max(axis=1)
    hit = at_label == largest
    if np.count_nonzero(logits == largest[:, None]) > np.count_nonzero(~np.isnan(largest)):
        hit = logits.argmax(axis=1) == labels[:, None]  # ties go to the first class
    losses = np.log(exponentials(logits, largest)) + (largest - at_label)
    if weight is None:
        hits += np.count_nonzero(hit, axis=0)
        cost += losses.sum(axis=0, dtype=np.float64)
    else:
        hits += weight @ hit
        cost += weight @ losses
