"""Newton's method as hpsoft sees it: one iteration is one pass.

theta <- theta - t (H + damping I)^-1 gradient,   t by backtracking from 1

Every model starts at zero. Warm starts along alpha, each optimum beginning at that of the next
larger alpha, would save iterations, but the snapshot after k iterations would then depend on which
other strengths are searched: the declared result of a trial is a function of its own values only.

Weights are in float64 whatever the precision of the search, and so are costs and gradients near
the optimum: a gradient in float32 is too noisy to find that of raw pixels. What float32 speeds up
is the search for a direction, and the iterations that are far away. The models are at work until
their Newton decrement g.T H^-1 g / 2, which is how much the cost can still fall to second order,
is near the rounding of the cost; then they are frozen and cost nothing.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers import Array, DataSummary
from hpsoft.optimizers.hyperparameters import ALPHA, CLASS_WEIGHT, l2_strengths
from hpsoft.optimizers.protocol import (
    API_VERSION,
    Hyperparameter,
    Models,
    Problem,
    Role,
    Space,
    State,
)
from hpsoft_newton import direct
from hpsoft_newton.conjugate import Systems, solve
from hpsoft_newton.line_search import step_lengths
from hpsoft_newton.objective import Objective, dot
from hpsoft_newton.sampled import DRAWN, sampled
from hpsoft_newton.spectral import MAX_FEATURES, spectral, spectrum

MAX_STEPS = 250  # of conjugate gradients
GROUP = 8  # models whose dear preconditioners are held at a time: 25 MB each at 784 features
# What the cost can still fall by, over the cost, at which the step then taken ends the work. It is
# told along an inexact direction: of rows far from the others that is a part of all there is.
TOLERANCE = 1e-9
TOLERANCES = (0.03, 0.3)  # of directions, near the optimum and far away
# A model works in float32 for MOST_ROUGH iterations at most, while its cost can fall by more than
# NEAR, over the cost, is above SURE, and its steps are no shorter than SHORTEST: such steps, and
# the small losses of sure samples, may be rounding.
MOST_ROUGH, NEAR, SURE, SHORTEST = 12, 1e-3, 1e-4, 0.25
LEAST_COST = float(np.finfo(np.float64).eps)  # a mean cross-entropy below it cannot be told from 0
ROOM = 2**26  # bytes of the logits of models that work together; about five such arrays exist


class Newton:
    """Newton's method on the mean cross-entropy with L2 on the weights."""

    api_version = API_VERSION
    weighted = True
    hyperparameters = (
        Hyperparameter("iterations", Role.HORIZON, int, 1, summary="Newton steps"),
        ALPHA,
        Hyperparameter(
            "damping", Role.COLUMNAR, float, 0, summary="added to the Hessian's diagonal"
        ),
        CLASS_WEIGHT,
    )

    def default_space(self, summary: DataSummary) -> Space:
        """Return 8 strengths of L2, from next to nothing to next to no weights."""
        return {
            "iterations": (30,),  # early stops choose by noise: tests/benchmarks/README.md
            "alpha": l2_strengths(summary),
            "damping": (0.0,),
        }

    def init(self, problem: Problem, models: Models) -> State:
        """Return zero weights, (n_features, n_classes, n_models), nothing converged."""
        n_features, n_models = problem.X.shape[1], len(models)
        return {
            "weights": np.zeros((n_features, problem.n_classes, n_models)),
            "bias": np.zeros((problem.n_classes, n_models)),
            "converged": np.zeros(n_models, bool),
            "left": np.ones(n_models),
        }

    def epoch(self, problem: Problem, models: Models, state: State, index: int) -> State:
        """Take one Newton step with every model that has not converged, some at a time."""
        state.setdefault("left", np.zeros(len(models)))  # states of before had another array
        is_near = (state["left"] < NEAR) | (index >= MOST_ROUGH)
        if direct.is_small(problem.X.shape[1], problem.n_classes):
            is_near[:] = True
        for chosen, precision in ((is_near, np.dtype(np.float64)), (~is_near, problem.dtype)):
            at_work = np.flatnonzero(chosen & ~state["converged"])
            for group in np.array_split(at_work, n_groups(len(at_work), problem)):
                if len(group):
                    self._step_group(problem, models, state, group, precision)
        return state

    def _step_group(
        self,
        problem: Problem,
        models: Models,
        state: State,
        at_work: NDArray[np.intp],
        precision: np.dtype[Any],
    ) -> None:
        """Take one step with the models at work, in place."""
        objective = Objective.of(problem, models.select(at_work))
        theta = np.concatenate([state["weights"], state["bias"][None]])[..., at_work]
        with np.errstate(all="ignore"):
            theta, converged, left = step(
                objective,
                np.ascontiguousarray(theta.transpose(1, 2, 0)),
                precision,
                problem.dtype,
            )
        state["weights"][..., at_work] = theta[..., :-1].transpose(2, 0, 1)
        state["bias"][..., at_work] = theta[..., -1]
        state["converged"][at_work] = converged
        state["left"][at_work] = np.minimum(state["left"][at_work], left)


def n_groups(n_models: int, problem: Problem) -> int:
    """Return into how many groups the models are split, so that their logits have ROOM."""
    logits = 8 * problem.n_classes * len(problem.labels)  # bytes a model
    return max(1, -(-n_models // max(1, ROOM // logits)))


def step(
    objective: Objective, theta: Array, precision: np.dtype[Any], work: np.dtype[Any]
) -> tuple[Array, NDArray[np.bool_], Array]:
    """Take one step with all models.

    Args:
        objective: of the models at work.
        theta: (n_classes, n_models, n_features + 1), float64.
        precision: the dtype of the cost and the gradient.
        work: the dtype in which conjugate gradients look for a direction.

    Returns:
        Theta after the step, NaN where no direction exists in numbers; which models had their
        optimum within reach of this step, known in float64 alone; and what the cost could still
        fall by, over the cost, 0 where the gradient should be a better one.
    """
    rough = theta.astype(precision, copy=False)
    logits = objective.logits(rough)
    cost = objective.data_cost(logits) + objective.penalty(theta)
    gradient, probabilities = objective.gradient(rough, logits)
    gradient = gradient.astype(np.float64, copy=False)
    if direct.is_small(objective.X.shape[1], objective.n_classes):
        direction = direct.directions(objective, probabilities, gradient)
    else:
        direction = _by_conjugate_gradients(objective, probabilities, gradient, cost, work)
    slope = dot(gradient, direction)
    length = step_lengths(objective, theta, direction, logits, cost, slope)
    lost = ~np.isfinite(slope) | ((slope == 0) & (dot(gradient, gradient) > 0))
    theta = theta + np.where(lost, np.nan, length)[:, None] * direction
    left = _left_to_gain(slope, dot(direction, direction), objective.damping) / cost
    # Of separable classes without L2 the cost falls to 0 for ever; rounded to 0 it is no minimum.
    converged = (cost > LEAST_COST) & (left <= TOLERANCE) & (length > 0) & ~lost
    converged &= precision == np.float64
    is_rough = (length >= SHORTEST) & (cost > SURE) & np.isfinite(left)
    return theta, converged, np.where(is_rough, left, 0.0)


def _left_to_gain(slope: Array, squared_length: Array, damping: Array) -> Array:
    """Return how much the cost can still fall along the directions, to second order.

    Without damping that is half of the slope: the Newton decrement. A damped step is short and
    says nothing; its slope^2 / (2 d.T H d) does, while rounding leaves any of d.T H d in
    d.T (H + damping) d = -slope. Where it does not, infinity is returned.
    """
    curvature = -slope - damping * squared_length
    known = (curvature > 1e-8 * -slope) & (squared_length > 0)
    damped = np.where(known, slope**2 / (2 * curvature), np.where(slope == 0, 0.0, np.inf))
    return np.where(damping > 0, damped, -slope / 2)


def cheap_steps(n_samples: int, n_features: int) -> int:
    """Return how many steps cost as much as the dear preconditioner, which is made after them.

    Whatever number of steps is needed in the end, that costs at most twice the better choice.
    """
    dear = n_features**2 * (DRAWN + n_features / 3)  # a class
    return min(MAX_STEPS, 5 + round(dear / (4 * n_samples * n_features)))


def _by_conjugate_gradients(
    objective: Objective,
    probabilities: Array,
    gradient: Array,
    cost: Array,
    work: np.dtype[Any],
) -> Array:
    """Return inexact Newton directions."""
    scale = np.abs(gradient).max(axis=(0, 2)).clip(1e-300)[:, None]  # float32's range is kept
    p = probabilities.astype(work, copy=False)
    ridge = objective.alpha + objective.damping
    systems = Systems.start(objective, p, (gradient / scale).astype(work))
    known = spectrum(objective.X, work)
    cheap = spectral(known, p, ridge, objective.damping, objective.factors)
    # Looser far away, where the quadratic model is wrong anyway (Eisenstat, Walker): a full step
    # would leave the square of what the cost can fall by, over the cost. The floor makes
    # convergence linear at last: an iteration leaves 0.03 of the gradient in the norm of P^-1.
    downhill = dot(systems.gradient, cheap.apply(systems.gradient)) * scale[:, 0] ** 2 / 2
    tolerance = np.sqrt(downhill / cost.clip(1e-300)).clip(*TOLERANCES)
    n_features = objective.X.shape[1]
    dear_pays = n_features <= MAX_FEATURES and len(objective.labels) > DRAWN
    steps = cheap_steps(len(objective.labels), n_features) if dear_pays else MAX_STEPS
    systems, hard = solve(systems, cheap, tolerance, steps)
    direction = systems.direction.astype(np.float64)
    if dear_pays:
        left = np.flatnonzero(hard)
        for models in (left[i : i + GROUP] for i in range(0, len(left), GROUP)):
            some = systems.select(models)
            dear = sampled(some.objective, some.probabilities)
            some, _ = solve(some, dear, tolerance[models], MAX_STEPS)
            direction[:, models] = some.direction
    return direction * scale
