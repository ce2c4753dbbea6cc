"""How far to go along a direction: backtracking until the cost falls by enough (Armijo).

The logits are linear in the step length, so one product serves all lengths that are tried.
"""

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers import Array
from hpsoft_newton.objective import Objective

SUFFICIENT = 1e-4  # of the fall that the slope promises
MAX_HALVINGS = 30


def step_lengths(
    objective: Objective,
    theta: Array,
    direction: Array,
    logits: Array,
    cost: NDArray[np.float64],
    slope: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the lengths (n_models,).

    A length of 0 means that no fall could be found. A cost that stays the same up to its
    rounding counts as fallen: near the minimum the true fall is smaller than float64 can show.

    Args:
        objective: of the models at work.
        theta: (n_classes, n_models, n_features + 1).
        direction: like theta.
        logits: at theta, (n_classes, n_models, n_samples).
        cost: at theta, (n_models,).
        slope: gradient . direction, (n_models,), negative.
    """
    change = objective.logits(direction.astype(logits.dtype, copy=False))
    slack = 4 * np.finfo(logits.dtype).eps * np.abs(cost)
    length, halvings = np.ones(len(cost)), 0
    while True:
        cost_there = _cost(objective, theta, direction, logits, change, length)
        enough = cost_there <= cost + SUFFICIENT * length * slope + slack
        if enough.all() or halvings == MAX_HALVINGS:
            return np.where(enough, length, 0.0)
        length, halvings = np.where(enough, length, length / 2), halvings + 1


def _cost(
    objective: Objective,
    theta: Array,
    direction: Array,
    logits: Array,
    change: Array,
    length: NDArray[np.float64],
) -> NDArray[np.float64]:
    scale = length[:, None]
    cost = objective.data_cost(logits + scale.astype(logits.dtype) * change)
    return cost + objective.penalty(theta + scale * direction)
