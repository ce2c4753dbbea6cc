"""Cost and gradient of softmax regression for many models at once, in float64.

    J_m(theta) = 1/n sum_i f_im (-log p_i,label(i))  +  alpha_m / 2 ||W_m||^2

f_im are the weights of samples and classes, 1 without them.

Shapes: theta and gradient (n_features + 1, n_classes, n_models) with the bias in the last row,
costs (n_models,). X is read a chunk of rows at a time, so logits of all samples never exist.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers import Array, Models, Problem, Weighting, weighting
from hpsoft.softmax.batched import losses_and_residual

CHUNK = 256  # samples: their logits stay near the processor


@dataclass(frozen=True, eq=False)
class Objective:
    """The data and the hyperparameters of some models."""

    problem: Problem
    models: Models

    @property
    def alpha(self) -> NDArray[np.float64]:
        """The strengths of L2, (n_models,)."""
        return self.models.columns["alpha"]

    @cached_property
    def weighting(self) -> Weighting | None:
        """What the samples count for each model."""
        return weighting(self.problem, self.models, np.float64)

    def select(self, models: NDArray[np.intp]) -> "Objective":
        """Return the objective of some of the models."""
        return Objective(self.problem, self.models.select(models))

    def __call__(self, theta: Array) -> tuple[NDArray[np.float64], Array]:
        """Return costs and gradient at theta."""
        n, flat = len(self.problem.labels), theta.reshape(len(theta), -1)
        cost, total = np.zeros(theta.shape[-1]), np.zeros_like(flat)
        rows = np.ones((CHUNK, len(theta)))
        for first in range(0, n, CHUNK):
            X = self.problem.X[first : first + CHUNK]
            part = rows[: len(X)]
            part[:, :-1] = X
            logits = (part @ flat).reshape(len(X), *theta.shape[1:])
            labels = self.problem.labels[first : first + CHUNK]
            losses = losses_and_residual(logits, labels)
            if self.weighting is not None:
                factors = self.weighting.of(slice(first, first + CHUNK))
                losses *= factors
                logits *= factors[:, None]
            cost += losses.sum(axis=0)
            total += part.T @ logits.reshape(len(X), -1)
        gradient: Array = (total / n).reshape(theta.shape)
        gradient[:-1] += self.alpha * theta[:-1]
        return cost / n + 0.5 * self.alpha * dot(theta[:-1], theta[:-1]), gradient


def dot(a: Array, b: Array) -> NDArray[np.float64]:
    """Return the inner product of every model, (n_models,)."""
    return np.einsum("jkm,jkm->m", a, b)


def diagonal(objective: Objective) -> NDArray[np.float64]:
    """Return a bound on the Hessian's diagonal, (n_features + 1, n_models); equal for all classes.

    mean(f x_j^2) / 4 + alpha, since p (1 - p) <= 1/4; 1 where both are 0 and nothing ever moves.
    """
    problem, alpha, weights = objective.problem, objective.alpha, objective.weighting
    squares = np.zeros((problem.X.shape[1], len(alpha)))
    for first in range(0, len(problem.labels), CHUNK):
        rows = slice(first, first + CHUNK)
        square = np.square(problem.X[rows].astype(np.float64))
        squares += square.sum(axis=0)[:, None] if weights is None else square.T @ weights.of(rows)
    bound = squares / len(problem.labels) / 4 + alpha
    bound[bound == 0] = 1
    return np.vstack([bound, np.full(len(alpha), 0.25)])
