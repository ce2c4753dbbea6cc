"""Cost and gradient of softmax regression for many models at once, in float64.

    J_m(theta) = 1/n sum_i -log p_i,label(i)  +  alpha_m / 2 ||W_m||^2

Shapes: theta and gradient (n_features + 1, n_classes, n_models) with the bias in the last row,
costs (n_models,). X is read a chunk of rows at a time, so logits of all samples never exist.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers import Array, Problem
from hpsoft.softmax.batched import losses_and_residual

CHUNK = 256  # samples: their logits stay near the processor


@dataclass(frozen=True, eq=False)
class Objective:
    """The data, and the strengths of L2 of some models."""

    problem: Problem
    alpha: NDArray[np.float64]  # (n_models,)

    def select(self, models: NDArray[np.intp]) -> "Objective":
        """Return the objective of some of the models."""
        return Objective(self.problem, self.alpha[models])

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
            cost += losses_and_residual(logits, labels).sum(axis=0)
            total += part.T @ logits.reshape(len(X), -1)
        gradient: Array = (total / n).reshape(theta.shape)
        gradient[:-1] += self.alpha * theta[:-1]
        return cost / n + 0.5 * self.alpha * dot(theta[:-1], theta[:-1]), gradient


def dot(a: Array, b: Array) -> NDArray[np.float64]:
    """Return the inner product of every model, (n_models,)."""
    return np.einsum("jkm,jkm->m", a, b)


def diagonal(problem: Problem, alpha: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a bound on the Hessian's diagonal, (n_features + 1, n_models); equal for all classes.

    mean(x_j^2) / 4 + alpha, since p (1 - p) <= 1/4; 1 where both are 0 and nothing ever moves.
    """
    squares = np.zeros(problem.X.shape[1])
    for first in range(0, len(problem.labels), CHUNK):
        squares += np.square(problem.X[first : first + CHUNK].astype(np.float64)).sum(axis=0)
    bound = np.add.outer(squares / len(problem.labels) / 4, alpha)
    bound[bound == 0] = 1
    return np.vstack([bound, np.full(len(alpha), 0.25)])
