"""The whole Hessian and its Cholesky factor, where it is small.

Softmax does not change when all classes get the same vector added, so the Hessian of the data
term has the null space 1 (x) R^D. Steps never go there: the gradients of all classes sum to zero.
So c (11.T / C) (x) I may be added, which makes the matrix definite and changes no step.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from hpsoft_newton.objective import Objective

Array = NDArray[Any]

MAX_SIZE = 1000  # above that conjugate gradients are faster


def is_small(n_features: int, n_classes: int) -> bool:
    """Tell whether the Hessian is small enough to be formed and factored."""
    return (n_classes - 1) * (n_features + 1) <= MAX_SIZE


def directions(objective: Objective, probabilities: Array, gradient: Array) -> Array:
    """Return the Newton directions -H^-1 g, (n_features + 1, n_classes, n_models), in float64."""
    X = np.hstack([objective.X.astype(np.float64), np.ones((len(objective.X), 1))])
    ridges = np.array([objective.alpha + objective.damping, objective.damping], np.float64)
    return np.stack(
        [
            _solve(
                X,
                probabilities[..., m].astype(np.float64),
                gradient[..., m].astype(np.float64),
                ridges[:, m],
            )
            for m in range(gradient.shape[-1])
        ],
        axis=-1,
    )


def _solve(X: Array, p: Array, gradient: Array, ridge: Array) -> Array:
    """Solve for one model: X (n, D), p (n, C), gradient (D, C), ridge of weights and bias (2,)."""
    n_classes, size = p.shape[1], len(gradient)
    hessian = _data_hessian(X, p)
    diagonal = np.full((n_classes, size), ridge[0])
    diagonal[:, -1] = ridge[1]
    hessian[np.diag_indices_from(hessian)] += diagonal.reshape(-1)
    typical = float(np.trace(hessian)) / len(hessian)
    hessian += np.kron(np.full((n_classes, n_classes), typical / n_classes), np.eye(size))
    return _definite_solve(hessian, -gradient.T.reshape(-1), typical).reshape(n_classes, size).T


def _data_hessian(X: Array, p: Array) -> Array:
    """Return 1/n sum_i (diag(p_i) - p_i p_i.T) (x) x_i x_i.T, class-major, (C D, C D)."""
    n_classes, size = p.shape[1], X.shape[1]
    hessian = np.empty((n_classes, size, n_classes, size))
    for k in range(n_classes):
        for other in range(k, n_classes):
            weight = p[:, k] * ((k == other) - p[:, other]) / len(X)
            hessian[k, :, other] = X.T @ (weight[:, None] * X)
            hessian[other, :, k] = hessian[k, :, other].T
    return hessian.reshape(n_classes * size, -1)


def _definite_solve(matrix: Array, right: Array, typical: float) -> Array:
    """Solve by Cholesky, adding as little to the diagonal as makes the matrix definite."""
    if not np.isfinite(typical):
        return np.full_like(right, np.nan)
    added = 0.0
    while True:
        try:
            factor = cho_factor(matrix + added * np.eye(len(matrix)), lower=True)
        except LinAlgError:
            added = max(10 * added, 1e-14 * typical, 1e-300)
            continue
        return cho_solve(factor, right)
