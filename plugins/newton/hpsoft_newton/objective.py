"""Cost, gradient and Hessian-vector products of softmax regression, all models at once.

    J_m(theta) = 1/n sum_i -log p_i,label(i)  +  alpha_m / 2 ||W_m||^2

Parameters theta are weights with the bias as a last row: (n_features + 1, n_classes, n_models).
With s_ik = (dlogits)_ik for a direction v:

    gradient   1/n X.T (p - y) + alpha W            (bias row: without alpha)
    H v        1/n X.T (p * (s - sum_l p_l s_l)) + alpha v + damping v

Each is two products of X with n_classes * n_models columns. X is read in slabs of rows, cast to
the dtype of the work; curvature may be worked in float32 where the gradient is in float64, since
an inexact direction costs an iteration at worst, never the accuracy of the optimum.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

ROWS = 1024  # of a slab


@dataclass(frozen=True)
class Objective:
    """The data and the strengths of L2 of the models at work."""

    X: Array  # (n_samples, n_features)
    labels: NDArray[np.intp]
    n_classes: int
    alpha: Array  # (n_models,)
    damping: Array  # (n_models,)

    def select(self, models: NDArray[Any]) -> "Objective":
        """Return the objective of some of the models."""
        return Objective(
            self.X, self.labels, self.n_classes, self.alpha[models], self.damping[models]
        )

    def slabs(self, dtype: np.dtype[Any]) -> Iterator[tuple[slice, Array]]:
        """Yield slabs of rows, in `dtype`."""
        for first in range(0, len(self.labels), ROWS):
            rows = slice(first, min(first + ROWS, len(self.labels)))
            yield rows, self.X[rows].astype(dtype, copy=False)

    def logits(self, theta: Array) -> Array:
        """Return (n_samples, n_classes, n_models)."""
        out = np.empty((len(self.labels), *theta.shape[1:]), theta.dtype)
        flat = theta[:-1].reshape(len(theta) - 1, -1)
        for rows, X in self.slabs(theta.dtype):
            np.matmul(X, flat, out=out[rows].reshape(len(X), -1))
        out += theta[-1]
        return out

    def data_cost(self, logits: Array) -> NDArray[np.float64]:
        """Return the mean cross-entropies (n_models,), summed in float64."""
        total = np.zeros(logits.shape[-1])
        for first in range(0, len(logits), ROWS):
            part, labels = logits[first : first + ROWS], self.labels[first : first + ROWS]
            largest = part.max(axis=1)
            log_sum = np.log(np.exp(part - largest[:, None]).sum(axis=1)) + largest
            at_label = part[np.arange(len(part)), labels]
            total += (log_sum - at_label).sum(axis=0, dtype=np.float64)
        return total / len(logits)

    def penalty(self, theta: Array) -> NDArray[np.float64]:
        """Return alpha / 2 ||W||^2, (n_models,)."""
        weights = theta[:-1]
        return 0.5 * self.alpha * np.einsum("jkm,jkm->m", weights, weights, dtype=np.float64)

    def gradient(self, theta: Array, logits: Array) -> tuple[Array, Array]:
        """Return the gradient (like theta) and the probabilities (like logits)."""
        out = np.zeros_like(theta)
        probabilities = np.empty_like(logits)
        for rows, X in self.slabs(theta.dtype):
            p = probabilities[rows]
            np.subtract(logits[rows], logits[rows].max(axis=1, keepdims=True), out=p)
            np.exp(p, out=p)
            p /= p.sum(axis=1, keepdims=True)
            residual = p.copy()
            residual[np.arange(len(X)), self.labels[rows]] -= 1
            self._add(X, residual, out)
        out /= len(self.labels)
        out[:-1] += self.alpha.astype(theta.dtype) * theta[:-1]
        return out, probabilities

    def curvature(self, probabilities: Array, v: Array) -> Array:
        """Return (H + damping) v for directions v like theta, in the dtype of v."""
        out = np.zeros_like(v)
        flat = v[:-1].reshape(len(v) - 1, -1)
        for rows, X in self.slabs(v.dtype):
            p = probabilities[rows]
            s = (X @ flat).reshape(p.shape)
            s += v[-1]
            s -= np.einsum("ikm,ikm->im", p, s)[:, None]
            s *= p
            self._add(X, s, out)
        out /= len(self.labels)
        out[:-1] += self.alpha.astype(v.dtype) * v[:-1]
        out += self.damping.astype(v.dtype) * v
        return out

    @staticmethod
    def _add(X: Array, residual: Array, out: Array) -> None:
        flat = residual.reshape(len(X), -1)
        out[:-1] += (X.T @ flat).reshape(out[:-1].shape)
        out[-1] += residual.sum(axis=0)
