"""Truncated preconditioned conjugate gradients for many systems H_m d_m = -g_m at once.

Each model stops by itself, and a model that has stopped leaves the products. Source: Nocedal and
Wright, Numerical Optimization, 2nd ed., algorithm 7.1 (line search Newton-CG).
"""

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers import Array
from hpsoft_newton.objective import Objective, dot


class Preconditioner(Protocol):
    """A definite matrix P for every model, near H, that is easy to divide by."""

    def apply(self, v: Array) -> Array:
        """Return P^-1 v."""
        ...

    def select(self, models: NDArray[Any]) -> "Preconditioner":
        """Return the preconditioner of some of the models."""
        ...


@dataclass(frozen=True, eq=False)
class Systems:
    """How far the systems of some models are solved; residual = -g - H d."""

    objective: Objective
    probabilities: Array
    gradient: Array
    direction: Array
    residual: Array

    @classmethod
    def start(cls, objective: Objective, probabilities: Array, gradient: Array) -> "Systems":
        """Begin at d = 0."""
        return cls(objective, probabilities, gradient, np.zeros_like(gradient), -gradient)

    def select(self, models: NDArray[Any]) -> "Systems":
        """Return the systems of some of the models."""
        arrays = (self.probabilities, self.gradient, self.direction, self.residual)
        return Systems(self.objective.select(models), *(array[:, models] for array in arrays))


def solve(
    systems: Systems, preconditioner: Preconditioner, tolerance: Array, max_steps: int
) -> tuple[Systems, NDArray[np.bool_]]:
    """Go on until r.T P^-1 r <= tolerance^2 g.T P^-1 g, or for max_steps.

    Returns:
        The systems, and which of them ran out of steps (n_models,). Every step lowers the
        quadratic model of the cost, so the directions go downhill wherever they stop.
    """
    direction, residuals = systems.direction.copy(), systems.residual.copy()
    objective, p, residual = systems.objective, systems.probabilities, systems.residual.copy()
    z = preconditioner.apply(residual)
    v, rz = z.copy(), dot(residual, z)
    at_start = rz
    if direction.any():  # otherwise the residual is the gradient
        at_start = dot(systems.gradient, preconditioner.apply(systems.gradient))
    goal = tolerance**2 * at_start
    at_work = np.arange(len(rz))
    for step in range(max_steps):
        hv = objective.curvature(p, v)
        curvature = dot(v, hv)
        # Zero curvature up to rounding: a plateau (alpha = 0, all samples certain).
        sound = curvature > 1e-3 * np.finfo(v.dtype).eps * rz.clip(1e-300)
        length = np.where(sound, rz / np.where(sound, curvature, 1.0), 0.0 if step else 1.0)
        length = length.astype(v.dtype)[:, None]
        direction[:, at_work] += length * v
        residual = residual - length * hv
        residuals[:, at_work] = residual
        z = preconditioner.apply(residual)
        rz_next = dot(residual, z)
        goes_on = sound & (rz_next > goal) & np.isfinite(rz_next)
        v = z + (rz_next / rz).astype(v.dtype)[:, None] * v
        rz = rz_next
        if not goes_on.all():
            at_work, rz, goal = at_work[goes_on], rz[goes_on], goal[goes_on]
            objective, preconditioner = objective.select(goes_on), preconditioner.select(goes_on)
            p, residual, v = p[:, goes_on], residual[:, goes_on], v[:, goes_on]
        if not len(at_work):
            break
    ran_out = np.zeros(direction.shape[1], bool)
    ran_out[at_work] = True
    return replace(systems, direction=direction, residual=residuals), ran_out
