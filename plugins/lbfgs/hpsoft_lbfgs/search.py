"""How far to go along a direction: each model backtracks until its cost falls by enough (Armijo).

The first length, 1, is nearly always taken, so cost and gradient are evaluated together. A step
that is too long is cut to the minimum of the parabola through cost, slope and the new cost, within
a tenth and a half of it. On convex problems backtracking is enough for BFGS to converge: R. Byrd,
J. Nocedal, A tool for the analysis of quasi-Newton methods (1989).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers import Array
from hpsoft_lbfgs.objective import Objective

SUFFICIENT = 1e-4  # of the fall that the slope promises
MAX_CUTS = 30


@dataclass(frozen=True, eq=False)
class Point:
    """Where some models stand."""

    theta: Array  # (n_features + 1, n_classes, n_models)
    cost: NDArray[np.float64]  # (n_models,)
    gradient: Array  # as theta


def search(
    objective: Objective, start: Point, direction: Array, slope: NDArray[np.float64]
) -> tuple[Point, NDArray[np.bool_]]:
    """Return where each model ends, and which of them found a fall; the others stay at `start`.

    A cost that stays the same up to its rounding counts as fallen: near the minimum the true fall
    is smaller than float64 can show.
    """
    end = Point(start.theta.copy(), start.cost.copy(), start.gradient.copy())
    slack = 4 * np.finfo(np.float64).eps * np.abs(start.cost)
    length, left = np.ones(len(slope)), np.arange(len(slope))
    for _ in range(MAX_CUTS):
        theta = start.theta[..., left] + length[left] * direction[..., left]
        cost, gradient = objective.select(left)(theta)
        promised = length[left] * slope[left]
        rise = cost - start.cost[left]
        enough = rise <= SUFFICIENT * promised + slack[left]
        taken = left[enough]
        end.theta[..., taken], end.cost[taken] = theta[..., enough], cost[enough]
        end.gradient[..., taken] = gradient[..., enough]
        cut = np.where(np.isfinite(rise), -promised / (2 * (rise - promised)), 0)
        length[left] *= np.clip(cut, 0.1, 0.5)
        left = left[~enough]
        if not len(left):
            break
    fell = np.ones(len(slope), bool)
    fell[left] = False
    return end, fell
