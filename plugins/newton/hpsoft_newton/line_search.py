"""How far to go along a direction: backtracking until the cost falls by enough (Armijo).

The logits are linear in the step length, so one product serves all lengths that are tried.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft_newton.objective import Objective

Array = NDArray[Any]

SUFFICIENT = 1e-4  # of the fall that the slope promises
MAX_HALVINGS = 30


def step_lengths(
    objective: Objective,
    theta: Array,
    direction: Array,
    logits: Array,
    cost: NDArray[np.float64],
    slope: NDArray[np.float64],
) -> tuple[NDArray[np.float64], Array, NDArray[np.float64]]:
    """Return lengths (n_models,), the logits there and the costs there.

    A length of 0 means that no fall could be found: the cost is at its rounding already.

    Args:
        objective: of the models at work.
        theta: (n_features + 1, n_classes, n_models).
        direction: like theta.
        logits: at theta, (n_samples, n_classes, n_models).
        cost: at theta, (n_models,).
        slope: gradient . direction, (n_models,), negative.
    """
    change = objective.logits(direction)
    length = np.ones(len(cost))
    for _ in range(MAX_HALVINGS):
        scale = length.astype(theta.dtype)
        there = logits + scale * change
        cost_there = objective.data_cost(there) + objective.penalty(theta + scale * direction)
        enough = cost_there <= cost + SUFFICIENT * length * slope
        if enough.all():
            return length, there, cost_there
        length = np.where(enough, length, length / 2)
    length[~enough] = 0.0
    return length, there, np.where(enough, cost_there, cost)
