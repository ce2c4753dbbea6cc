"""Newton's method as hpsoft sees it: one iteration is one pass.

theta <- theta - t (H + damping I)^-1 gradient,   t by backtracking from 1

Weights, costs and gradients are in float64 whatever the precision of the search: a gradient in
float32 is too noisy to find the optimum of raw pixels. What float32 speeds up is the search for a
direction. The models are at work until their Newton decrement g.T H^-1 g / 2, which is how much the cost can
still fall to second order, is at the rounding of the cost; then they are frozen and cost nothing.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers.protocol import (
    API_VERSION,
    DataSummary,
    Hyperparameter,
    Models,
    Problem,
    Role,
    Space,
    State,
)
from hpsoft_newton import conjugate, direct
from hpsoft_newton.line_search import step_lengths
from hpsoft_newton.objective import Array, Objective
from hpsoft_newton.precondition import preconditioner, spectrum

MAX_CG_STEPS = 250
# Newton decrement over cost at which nothing is left to gain: the step taken then still counts.
TOLERANCE = 1e-10


class Newton:
    """Newton's method on the mean cross-entropy with L2 on the weights."""

    api_version = API_VERSION
    hyperparameters = (
        Hyperparameter("iterations", Role.HORIZON, int, 1, summary="Newton steps"),
        Hyperparameter("alpha", Role.COLUMNAR, float, 0, summary="strength of L2 on the weights"),
        Hyperparameter(
            "damping", Role.COLUMNAR, float, 0, summary="added to the Hessian's diagonal"
        ),
    )

    def default_space(self, summary: DataSummary) -> Space:
        """Return strengths of L2 three a decade, around where they begin to matter."""
        peak = 10.0 ** np.round(np.log10(summary.curvature))
        return {
            "iterations": (1, 2, 3, 5, 8, 12, 20, 30),
            "alpha": tuple(float(f"{peak * 10.0 ** (k / 2):.2g}") for k in range(-14, -2)),
            "damping": (0.0,),
        }

    def init(self, problem: Problem, models: Models) -> State:
        """Return zero weights, (n_features, n_classes, n_models), nothing converged."""
        n_features, n_models = problem.X.shape[1], len(models)
        return {
            "weights": np.zeros((n_features, problem.n_classes, n_models)),
            "bias": np.zeros((problem.n_classes, n_models)),
            "converged": np.zeros(n_models, bool),
            "first_norm": np.zeros(n_models),
        }

    def epoch(self, problem: Problem, models: Models, state: State, index: int) -> State:
        """Take one Newton step with every model that has not converged."""
        at_work = np.flatnonzero(~state["converged"])
        if not len(at_work):
            return state
        objective = Objective(
            problem.X,
            problem.labels,
            problem.n_classes,
            models.columns["alpha"][at_work],
            models.columns["damping"][at_work],
        )
        theta = np.concatenate([state["weights"], state["bias"][None]])[..., at_work]
        theta = np.ascontiguousarray(theta)
        with np.errstate(all="ignore"):
            theta, converged = self._step(objective, theta, state, at_work, problem.dtype)
        state["weights"][..., at_work], state["bias"][..., at_work] = theta[:-1], theta[-1]
        state["converged"][at_work] = converged
        return state

    def _step(
        self,
        objective: Objective,
        theta: Array,
        state: State,
        at_work: NDArray[np.intp],
        work: np.dtype[Any],
    ) -> tuple[Array, NDArray[np.bool_]]:
        """Return theta after one step, and which models were at their optimum before it."""
        logits = objective.logits(theta)
        cost = objective.data_cost(logits) + objective.penalty(theta)
        gradient, probabilities = objective.gradient(theta, logits)
        direction = self._direction(objective, gradient, probabilities, state, at_work, work)
        slope = conjugate.dot(gradient, direction)
        finished = -slope / 2 <= TOLERANCE * np.maximum(cost, 1e-300)
        length = step_lengths(objective, theta, direction, logits, cost, slope)
        theta = theta + length.astype(theta.dtype) * direction
        return theta, finished | (length == 0)

    def _direction(
        self,
        objective: Objective,
        gradient: Array,
        probabilities: Array,
        state: State,
        at_work: NDArray[np.intp],
        work: np.dtype[Any],
    ) -> Array:
        if direct.is_small(objective.X.shape[1], objective.n_classes):
            found = direct.directions(objective, probabilities, gradient)
            return found.astype(gradient.dtype)
        norm = np.sqrt(conjugate.dot(gradient, gradient))
        first = state["first_norm"]
        first[at_work] = np.where(first[at_work] == 0, norm, first[at_work])
        # Superlinear: the closer to the optimum, the more exact the direction (Eisenstat, Walker).
        tolerance = np.sqrt(norm / np.maximum(first[at_work], 1e-300)).clip(0.05, 0.3)
        scale = np.abs(gradient).max(axis=(0, 1)).clip(1e-300)  # float32's range is kept
        found = conjugate.directions(
            objective,
            probabilities.astype(work, copy=False),
            (gradient / scale).astype(work),
            preconditioner(
                spectrum(objective.X),
                probabilities.astype(work, copy=False),
                objective.alpha,
                objective.damping,
            ),
            tolerance,
            MAX_CG_STEPS,
        )
        return found.astype(gradient.dtype) * scale.astype(gradient.dtype)
