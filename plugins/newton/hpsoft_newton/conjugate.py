"""Truncated preconditioned conjugate gradients for many systems H_m d_m = -g_m at once.

Each model stops by itself, and a model that has stopped leaves the products. Source: Nocedal and
Wright, Numerical Optimization, 2nd ed., algorithm 7.1 (line search Newton-CG).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft_newton.objective import Objective
from hpsoft_newton.precondition import Preconditioner

Array = NDArray[Any]


def dot(a: Array, b: Array) -> NDArray[np.float64]:
    """Return the inner product of every model, (n_models,), summed in float64."""
    return np.einsum("jkm,jkm->m", a, b, dtype=np.float64)


def directions(
    objective: Objective,
    probabilities: Array,
    gradient: Array,
    preconditioner: Preconditioner,
    tolerance: NDArray[np.float64],
    max_steps: int,
) -> Array:
    """Return descent directions d with |H d + g| <= tolerance * |g| in the preconditioner's norm.

    Args:
        objective: of the models at work.
        probabilities: (n_samples, n_classes, n_models), in the dtype of the work.
        gradient: (n_features + 1, n_classes, n_models), the same dtype.
        preconditioner: of the models at work.
        tolerance: (n_models,).
        max_steps: where to stop at the latest.
    """
    result = np.zeros_like(gradient)
    residual = -gradient
    z = preconditioner.apply(residual)
    direction = z.copy()
    rz = dot(residual, z)
    goal = tolerance**2 * rz
    at_work = np.arange(gradient.shape[-1])
    for step in range(max_steps):
        hd = objective.curvature(probabilities, direction)
        curvature = dot(direction, hd)
        # Zero curvature up to rounding: a plateau (alpha = 0, all samples certain).
        sound = curvature > np.finfo(gradient.dtype).eps * rz.clip(1e-300) * 1e-3
        length = np.where(sound, rz / np.where(sound, curvature, 1.0), 0.0 if step else 1.0)
        length = length.astype(gradient.dtype)
        result[..., at_work] += length * direction
        residual -= length * hd
        z = preconditioner.apply(residual)
        rz_next = dot(residual, z)
        goes_on = sound & (rz_next > goal) & np.isfinite(rz_next)
        if not goes_on.any():
            break
        direction = z + (rz_next / rz).astype(gradient.dtype) * direction
        rz = rz_next
        if not goes_on.all():
            at_work, rz, goal = at_work[goes_on], rz[goes_on], goal[goes_on]
            objective, preconditioner = objective.select(goes_on), preconditioner.select(goes_on)
            probabilities, residual, direction = (
                np.ascontiguousarray(a[..., goes_on]) for a in (probabilities, residual, direction)
            )
    return result
