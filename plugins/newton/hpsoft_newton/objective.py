"""Cost, gradient and Hessian-vector products of softmax regression, all models at once.

    J_m(theta) = 1/n sum_i f_mi (-log p_i,label(i))  +  alpha_m / 2 ||W_m||^2

f_mi are the weights of samples and classes, 1 without them.

Shapes, everywhere in this plugin:

    theta, gradient, directions   (n_classes, n_models, n_features + 1), the bias last
    logits, probabilities         (n_classes, n_models, n_samples)
    factors f                     (n_models, n_samples)

Samples and features stand on the last axis: few models are as fast as many. With s = the change
of the logits along v:

    gradient   1/n f (p - y) X + alpha W            (bias: without alpha)
    H v        1/n f (p * (s - sum_l p_l s_l)) X + alpha v + damping v

Every s_k is taken relative to that of the label, which changes nothing in exact numbers. Where a
sample is certain, p_label is 1 up to its rounding and s_k - sum_l p_l s_l would be that rounding
times s_k: in float32, curvature of either sign along directions that have none.

Each is two products of X with n_classes * n_models rows. X is read in chunks of rows, cast to
the dtype of the work; curvature may be worked in float32 where the gradient is in float64, since
an inexact direction costs an iteration at worst, never the accuracy of the optimum.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers import Array, Models, Problem, weighting
from hpsoft.softmax.batched import softmax

CHUNK = 512  # rows at least; more of few columns and features, for each chunk has its overhead
LOGITS, FEATURES = 2**17, 2**20  # numbers of a longer chunk, at most


@dataclass(frozen=True, eq=False)
class Objective:
    """The data and the strengths of L2 of the models at work."""

    X: Array  # (n_samples, n_features)
    labels: NDArray[np.intp]
    n_classes: int
    alpha: Array  # (n_models,)
    damping: Array  # (n_models,)
    factors: Array | None = None  # (n_models, n_samples), float64; None: all 1

    @classmethod
    def of(cls, problem: Problem, models: Models) -> Self:
        """Return the objective of some models of a problem."""
        weights, factors = weighting(problem, models, np.float64), None
        if weights is not None:
            each = weights.of(slice(None)).T
            factors = np.broadcast_to(each, (len(models), len(problem.labels)))
        columns = models.columns["alpha"], models.columns["damping"]
        return cls(problem.X, problem.labels, problem.n_classes, *columns, factors)

    def select(self, models: NDArray[Any]) -> "Objective":
        """Return the objective of some of the models."""
        factors = None if self.factors is None else self.factors[models]
        columns = self.alpha[models], self.damping[models]
        return replace(self, alpha=columns[0], damping=columns[1], factors=factors)

    def rows(self) -> Iterator[slice]:
        """Yield chunks of rows."""
        columns = self.n_classes * len(self.alpha)
        length = max(CHUNK, min(LOGITS // columns, FEATURES // max(1, self.X.shape[1])))
        for first in range(0, len(self.labels), length):
            yield slice(first, min(first + length, len(self.labels)))

    def chunks(self, dtype: np.dtype[Any]) -> Iterator[tuple[slice, Array]]:
        """Yield chunks of rows, and these in `dtype`."""
        for rows in self.rows():
            yield rows, self.X[rows].astype(dtype, copy=False)

    def logits(self, theta: Array) -> Array:
        """Return W.x + b of every sample."""
        out = np.empty((*theta.shape[:2], len(self.labels)), theta.dtype)
        for rows, X in self.chunks(theta.dtype):
            out[..., rows] = _change(theta, X)
        return out

    def data_cost(self, logits: Array) -> NDArray[np.float64]:
        """Return the mean cross-entropies (n_models,), summed in float64."""
        total = np.zeros(logits.shape[1])
        for rows in self.rows():
            part, labels = logits[..., rows], self.labels[rows]
            largest = part.max(axis=0)
            log_sum = np.log(np.exp(part - largest).sum(axis=0))
            of_label = part[labels, :, np.arange(len(labels))].T
            losses = log_sum + (largest - of_label)
            if self.factors is not None:
                losses = losses * self.factors[:, rows]
            total += losses.sum(axis=1, dtype=np.float64)
        return total / len(self.labels)

    def penalty(self, theta: Array) -> NDArray[np.float64]:
        """Return alpha / 2 ||W||^2, (n_models,)."""
        return 0.5 * self.alpha * dot(theta[..., :-1], theta[..., :-1])

    def gradient(self, theta: Array, logits: Array) -> tuple[Array, Array]:
        """Return the gradient and the probabilities."""
        out, probabilities = np.zeros_like(theta), np.empty_like(logits)
        for rows, X in self.chunks(theta.dtype):
            residual = logits[..., rows].copy()
            softmax(residual.transpose(2, 0, 1))
            probabilities[..., rows] = residual
            residual[self.labels[rows], :, np.arange(len(X))] -= 1
            if self.factors is not None:
                residual *= self.factors[:, rows]
            _add(X, residual, out)
        out /= len(self.labels)
        out[..., :-1] += self.alpha.astype(theta.dtype)[:, None] * theta[..., :-1]
        return out, probabilities

    def curvature(self, probabilities: Array, v: Array) -> Array:
        """Return (H + damping) v for directions v, in the dtype of v."""
        out = np.zeros_like(v)
        for rows, X in self.chunks(v.dtype):
            p, s = probabilities[..., rows], _change(v, X)
            s -= s[self.labels[rows], :, np.arange(len(X))].T
            s -= np.einsum("kmi,kmi->mi", p, s)
            s *= p
            if self.factors is not None:
                s *= self.factors[:, rows].astype(v.dtype, copy=False)
            _add(X, s, out)
        out /= len(self.labels)
        out[..., :-1] += self.alpha.astype(v.dtype)[:, None] * v[..., :-1]
        out += self.damping.astype(v.dtype)[:, None] * v
        return out


def dot(a: Array, b: Array) -> NDArray[np.float64]:
    """Return the inner product of every model, (n_models,), summed in float64."""
    return np.einsum("kmj,kmj->m", a, b, dtype=np.float64)


def _change(v: Array, X: Array) -> Array:
    """Return the logits' change along v at some rows of X, (n_classes, n_models, rows)."""
    flat = v.reshape(-1, v.shape[-1])
    change = np.ascontiguousarray((X @ flat[:, :-1].T).T)  # faster than flat @ X.T: few rows
    change += flat[:, -1:]
    return change.reshape(*v.shape[:2], len(X))


def _add(X: Array, residual: Array, out: Array) -> None:
    out[..., :-1] += (residual.reshape(-1, len(X)) @ X).reshape(out[..., :-1].shape)
    out[..., -1] += residual.sum(axis=-1)
