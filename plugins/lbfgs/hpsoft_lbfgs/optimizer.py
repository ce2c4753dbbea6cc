"""L-BFGS as hpsoft sees it: one iteration with all samples is one pass.

    theta <- theta - t H gradient,    H from the last `memory` pairs,  t by backtracking from 1

All models iterate side by side, each with its own pairs and its own t, in float64 whatever the
precision of the search: a gradient in float32 is too noisy to find an optimum. A model whose cost
cannot fall any more is frozen, `converged`, and costs nothing.

Source: D. C. Liu, J. Nocedal, On the limited memory BFGS method for large scale optimization
(1989).
"""

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers import (
    ALPHA,
    CLASS_WEIGHT,
    DataSummary,
    Hyperparameter,
    Models,
    Problem,
    Role,
    Space,
    State,
    l2_strengths,
)
from hpsoft_lbfgs.history import direction, empty, forget, remember
from hpsoft_lbfgs.objective import Objective, diagonal, dot
from hpsoft_lbfgs.search import Point, search

LEAST_COST = float(np.finfo(np.float64).eps)  # below it a cost cannot be told from 0, no minimum
TOLERANCE = 1e-13  # fall of the cost, relative to it, promised and found, that ends the work


class LBFGS:
    """Full-batch L-BFGS on the mean cross-entropy with L2 on the weights."""

    api_version = 1
    weighted = True
    hyperparameters = (
        Hyperparameter("iterations", Role.HORIZON, int, 1, summary="passes over all samples"),
        Hyperparameter("memory", Role.STRUCTURAL, int, 1, 100, summary="pairs remembered"),
        ALPHA,
        CLASS_WEIGHT,
    )

    def default_space(self, summary: DataSummary) -> Space:
        """Return 8 strengths of L2, from next to nothing to next to no weights."""
        return {
            "iterations": (10, 20, 50, 100, 200, 400),
            "memory": (10,),
            "alpha": l2_strengths(summary),
        }

    def init(self, problem: Problem, models: Models) -> State:
        """Return zero weights, their cost and gradient, an empty history, nothing converged."""
        theta = np.zeros((problem.X.shape[1] + 1, problem.n_classes, len(models)))
        objective = Objective(problem, models)
        with np.errstate(all="ignore"):
            cost, gradient = objective(theta)
            history = empty(int(models.structure["memory"]), theta.shape, diagonal(objective))
        return {
            "weights": theta[:-1],
            "bias": theta[-1],
            "cost": cost,
            "gradient": gradient,
            "converged": np.zeros(len(models), bool),
            **history,
        }

    def epoch(self, problem: Problem, models: Models, state: State, index: int) -> State:
        """Take one iteration with every model that has not converged."""
        at_work = np.flatnonzero(~state["converged"])
        if len(at_work):
            objective = Objective(problem, models.select(at_work))
            with np.errstate(all="ignore"):
                _iterate(objective, state, at_work, index)
        return state


def _iterate(objective: Objective, state: State, at_work: NDArray[np.intp], index: int) -> None:
    """Move the models at work, in place."""
    theta = np.concatenate([state["weights"], state["bias"][None]])[..., at_work]
    start = Point(theta, state["cost"][at_work], state["gradient"][..., at_work])
    towards = direction(state, start.gradient, at_work, index)
    slope = dot(start.gradient, towards)
    end, fell = search(objective, start, towards, slope)
    had_pairs = state["inverse"][:, at_work].any(axis=0)
    remember(state, end.theta - start.theta, end.gradient - start.gradient, at_work, index)
    least = TOLERANCE * start.cost
    finished = fell & (-slope <= 2 * least) & (start.cost - end.cost <= least)
    finished |= ~fell & ~had_pairs  # no fall even along the gradient itself
    forget(state, at_work[~fell])
    lost = ~np.isfinite(slope)
    end.theta[..., lost] = np.nan
    state["weights"][..., at_work], state["bias"][..., at_work] = end.theta[:-1], end.theta[-1]
    state["cost"][at_work], state["gradient"][..., at_work] = end.cost, end.gradient
    state["converged"][at_work] = finished & ~lost & (start.cost > LEAST_COST)
