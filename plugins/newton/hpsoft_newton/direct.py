"""The whole Hessian and its Cholesky factor, where it is small.

Softmax does not change when all classes get the same vector added, so the Hessian of the data
term has the null space 1 (x) R^D. Steps never go there: the gradients of all classes sum to zero.
So (11.T / C) (x) diag(c) may be added for any c > 0, which makes the matrix definite and changes
no step; c_j is the mean of the diagonal for feature j.
"""

import numpy as np
from scipy.linalg import LinAlgError, cho_solve, cholesky

from hpsoft.optimizers import Array
from hpsoft_newton.objective import Objective

MAX_SIZE = 100  # above that conjugate gradients, of many models at once, are faster


def is_small(n_features: int, n_classes: int) -> bool:
    """Tell whether the Hessian is small enough to be formed and factored."""
    return (n_classes - 1) * (n_features + 1) <= MAX_SIZE


def directions(objective: Objective, probabilities: Array, gradient: Array) -> Array:
    """Return the Newton directions -(H + damping)^-1 g, shaped like the gradient."""
    X = np.hstack([objective.X.astype(np.float64), np.ones((len(objective.X), 1))])
    ridges = zip(objective.alpha + objective.damping, objective.damping, strict=True)
    factors = objective.factors
    found = [
        _solve(
            X, probabilities[:, m], None if factors is None else factors[m], gradient[:, m], *of
        )
        for m, of in enumerate(ridges)
    ]
    return np.stack(found, axis=1)


def _solve(
    X: Array, p: Array, factors: Array | None, gradient: Array, ridge: float, bias_ridge: float
) -> Array:
    """Solve for one model: X (n, D), p (C, n), factors (n,), gradient (C, D)."""
    n_classes, size = gradient.shape
    hessian = _data_hessian(X, p, factors)
    typical = hessian.diagonal().reshape(n_classes, size).mean(axis=0)
    diagonal = np.full((n_classes, size), ridge)
    diagonal[:, -1] = bias_ridge
    hessian[np.diag_indices_from(hessian)] += diagonal.reshape(-1)
    hessian += np.kron(np.full((n_classes, n_classes), 1 / n_classes), np.diag(typical))
    if not np.isfinite(hessian).all():
        return np.full_like(gradient, np.nan)
    factor = definite_factor(hessian)
    return cho_solve((factor, True), -gradient.reshape(-1)).reshape(gradient.shape)


def _data_hessian(X: Array, p: Array, factors: Array | None = None) -> Array:
    """Return 1/n sum_i f_i (diag(p_i) - p_i p_i.T) (x) x_i x_i.T, class-major, (C D, C D)."""
    n_classes, size = len(p), X.shape[1]
    hessian = np.empty((n_classes, size, n_classes, size))
    for k in range(n_classes):
        for other in range(k, n_classes):
            weight = p[k] * ((k == other) - p[other]) / len(X)
            if factors is not None:
                weight *= factors
            hessian[k, :, other] = X.T @ (weight[:, None] * X)
            hessian[other, :, k] = hessian[k, :, other].T
    return hessian.reshape(n_classes * size, -1)


def definite_factor(matrix: Array) -> Array:
    """Return the lower Cholesky factor, adding as little to the diagonal as it takes.

    A matrix with NaN or infinities in it gives NaN.
    """
    typical = float(np.trace(matrix)) / len(matrix)
    if not np.isfinite(matrix).all():
        return np.full_like(matrix, np.nan)
    added = 0.0
    while True:
        try:
            return cholesky(matrix + added * np.eye(len(matrix)), lower=True, check_finite=False)
        except LinAlgError:
            added = max(10 * added, 1e-14 * typical, 1e-300)
