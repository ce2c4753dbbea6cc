"""SVRG: stochastic gradients whose variance vanishes at the optimum.

A pass begins with the gradient of all samples, without L2, at an anchor A: the weights there. Then

    theta <- theta - learning_rate (g_b(theta) - g_b(A) + gradient(A) + alpha theta)

for every mini-batch b; the bias has no alpha. The bracket has the mean of the full gradient and a
variance that shrinks with the distance to A, so that a constant learning rate reaches the optimum.
The labels cancel: g_b(theta) - g_b(A) = rows.T (softmax(rows theta) - softmax(rows A)) / |b|, each
row of the difference times the weights of its sample.

Shapes: theta (n_features + 1, n_classes, n_models) with the bias in the last row, rows
(batch, n_features + 1) with a last column of ones. A pass costs two and a half of SGD's.

Source: R. Johnson, T. Zhang, Accelerating stochastic gradient descent using predictive variance
reduction (2013); the next anchor is the last iterate.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers import (
    ALPHA,
    BATCH_SIZE,
    CLASS_WEIGHT,
    LEARNING_RATE,
    Array,
    DataSummary,
    Hyperparameter,
    Models,
    Problem,
    Role,
    Space,
    State,
    Weighting,
    l2_strengths,
    weighting,
)
from hpsoft.softmax.batched import softmax

CHUNK = 512  # samples at a time, for the full gradient


class SVRG:
    """Stochastic variance-reduced gradient with a constant learning rate."""

    api_version = 1
    hyperparameters = (
        Hyperparameter("epochs", Role.HORIZON, int, 1, summary="anchors, each with a pass"),
        BATCH_SIZE,
        LEARNING_RATE,
        ALPHA,
        CLASS_WEIGHT,
    )
    weighted = True

    def default_space(self, summary: DataSummary) -> Space:
        """Return 480 points; learning rates are powers of two around 1 / L, as for SGD."""
        batches = {min(size, summary.n_samples) for size in (32, 128)}
        return {
            "epochs": (2, 5, 10, 20, 40),
            "batch_size": tuple(sorted(batches)),
            "learning_rate": tuple(
                float(f"{2.0**k / summary.curvature:.2g}") for k in range(-6, 2)
            ),
            "alpha": l2_strengths(summary)[1:-1],
        }

    def init(self, problem: Problem, models: Models) -> State:
        """Return zero weights; nothing else is remembered between passes."""
        shape = (problem.n_classes, len(models))
        return {
            "weights": np.zeros((problem.X.shape[1], *shape), problem.dtype),
            "bias": np.zeros(shape, problem.dtype),
        }

    def epoch(self, problem: Problem, models: Models, state: State, index: int) -> State:
        """Take the full gradient, then pass once over the data."""
        theta = np.concatenate([state["weights"], state["bias"][None]])
        with np.errstate(all="ignore"):
            _pass(problem, models, theta, problem.order(index))
        theta[..., ~np.isfinite(theta).all(axis=(0, 1))] = np.nan
        return {"weights": theta[:-1], "bias": theta[-1]}


def _pass(problem: Problem, models: Models, theta: Array, order: NDArray[np.intp]) -> None:
    """Change theta in place by the steps of one anchor."""
    rate, alpha = (models.columns[n].astype(theta.dtype) for n in ("learning_rate", "alpha"))
    batch_size = min(int(models.structure["batch_size"]), len(order))
    weights = weighting(problem, models)
    anchor, full = theta.copy(), _gradient(problem, theta, weights)
    step, decay = np.empty_like(theta), rate * alpha
    flat = step.reshape(len(step), -1)
    for rows, samples in _rows(problem, order, batch_size):
        change = probabilities(rows, theta) - probabilities(rows, anchor)
        if weights is not None:
            change *= weights.of(samples)[:, None]
        np.matmul(rows.T, change.reshape(len(rows), -1), out=flat)
        step /= len(samples)
        step += full
        step *= rate
        theta[:-1] *= 1 - decay
        theta -= step


def _gradient(problem: Problem, theta: Array, weights: Weighting | None) -> Array:
    """Return the gradient of the mean cross-entropy over all samples, in the shape of theta."""
    total = np.zeros((len(theta), theta[0].size), theta.dtype)
    for rows, samples in _rows(problem, np.arange(len(problem.labels)), CHUNK):
        residual = probabilities(rows, theta)
        residual[np.arange(len(rows)), problem.labels[samples]] -= 1
        if weights is not None:
            residual *= weights.of(samples)[:, None]
        total += rows.T @ residual.reshape(len(rows), -1)
    return (total / len(problem.labels)).reshape(theta.shape)


def _rows(
    problem: Problem, order: NDArray[np.intp], size: int
) -> Iterator[tuple[Array, NDArray[np.intp]]]:
    """Yield rows (at most size, n_features + 1) with their samples; the buffer is used again."""
    buffer = np.ones((size, problem.X.shape[1] + 1), problem.dtype)
    for first in range(0, len(order), size):
        samples = order[first : first + size]
        rows = buffer[: len(samples)]
        rows[:, :-1] = problem.X[samples]
        yield rows, samples


def probabilities(rows: Array, theta: Array) -> Array:
    """Return softmax(rows theta) over the classes: (batch, n_classes, n_models)."""
    logits = (rows @ theta.reshape(len(theta), -1)).reshape(len(rows), *theta.shape[1:])
    softmax(logits)
    return logits
