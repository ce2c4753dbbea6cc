"""One Newton step against many gradient-descent steps, on the same quadratic.

Gradient descent w <- w - rate grad J multiplies the error along the eigenvector of eigenvalue
lambda by 1 - rate lambda. The worst of them over mu <= lambda <= L is smallest where both ends
are equally bad, 1 - rate mu = -(1 - rate L): rate = 2 / (L + mu), and the factor is

    (kappa - 1) / (kappa + 1),   kappa = L / mu.

An accuracy eps (error left / error at the start) thus takes about log(eps) / log(factor) steps,
kappa/2 log(1/eps) for large kappa. Newton's step takes one, whatever kappa is.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

import numpy as np

from hpsoft.maths.least_squares import LeastSquares
from hpsoft.softmax.probabilities import Array

EPS = float(np.finfo(float).eps)
SCALES = (0.0, 1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6)
STARTS = 5  # random starts a scale
DECISIVE = 0.01  # of the error: where rounding may leave more, a step that arrives proves nothing
MAX_STEPS = 150_000  # a multiple of 10 CHUNK
CHUNK = 100

Result = Literal["reached", "undecided", "missed"]  # from the best to the worst


@dataclass(frozen=True)
class NewtonStep:
    """One Newton step: the worst from several random starts of one scale."""

    scale: float
    error_before: float  # ||w0 - w*||
    error_after: float  # ||w1 - w*||
    relative_error: float  # after / before
    gradient_norm: float  # ||grad J(w1)||
    tolerance: float  # what rounding allows of relative_error
    result: Result


@dataclass(frozen=True)
class Descent:
    """Gradient descent on one problem to a given accuracy."""

    source: str
    condition: float
    accuracy: float  # error left / error at the start
    predicted: int  # steps by the formula above
    steps: int  # steps really taken
    reached: float  # accuracy after them
    stopped: bool  # True: given up before the accuracy


def worst_newton(problem: LeastSquares, scale: float, rng: np.random.Generator) -> NewtonStep:
    """Take a step from each of STARTS starts of one scale and return the worst; 0 is one start."""
    return worst([newton_from(problem, scale, rng) for _ in range(STARTS if scale else 1)])


def worst(steps: Sequence[NewtonStep]) -> NewtonStep:
    """Return the step with the worst result, of equal ones that with the largest error."""
    return max(steps, key=lambda s: (get_args(Result).index(s.result), s.relative_error))


def newton_from(problem: LeastSquares, scale: float, rng: np.random.Generator) -> NewtonStep:
    """Take one Newton step from scale times a standard normal start."""
    start = scale * rng.standard_normal((problem.X.shape[1],))
    goal = problem.nearest_solution(start)
    end = start + problem.newton_step(start)
    before, after = _norm(start - goal), _norm(end - goal)
    relative = after / before if before else 0.0
    tolerance = _rounding(problem, start, before)
    return NewtonStep(
        scale,
        before,
        after,
        relative,
        _norm(problem.gradient(end)),
        tolerance,
        _result(relative, tolerance),
    )


def _result(relative: float, tolerance: float) -> Result:
    """Judge the error that is left against what rounding allows."""
    if not relative <= tolerance:
        return "missed"
    return "reached" if tolerance <= DECISIVE else "undecided"


def _rounding(problem: LeastSquares, start: Array, before: float) -> float:
    """Return what rounding alone may leave of the error, relative to the error before.

    The gradient is exact to a few eps of ||X|| (||X|| ||w|| + ||y||) / n, and H^-1 multiplies
    that by up to 1 / mu. The factor 100 stands for the "few".
    """
    values, _ = problem.spectrum
    if not before:
        return 0.0
    sizes = _norm(start) + _norm(problem.solution)
    target = _norm(problem.y) / math.sqrt(len(problem.y) * values[0])
    return 100 * EPS * problem.condition * (sizes + target) / before


def predicted_steps(condition: float, accuracy: float) -> int:
    """Return log(accuracy) / log((kappa - 1) / (kappa + 1)), rounded up.

    The factor is written 1 / (1 + 2 / (kappa - 1)): kappa - 1 is exact where kappa is 1 but for
    rounding, while kappa + 1 there is 2, and the factor would be 0.

    >>> predicted_steps(1.0, 1e-10), predicted_steps(100.0, 1e-10)
    (1, 1152)
    """
    if condition <= 1:
        return 1
    return max(1, math.ceil(-math.log(accuracy) / math.log1p(2 / (condition - 1))))


def descend(
    problem: LeastSquares, source: str, rng: np.random.Generator, max_steps: int = MAX_STEPS
) -> Descent:
    """Run gradient descent at the best constant rate to the accuracy of one Newton step.

    The accuracy asked for is that of Newton's step from the same start, but no better than ten
    roundings, 10 eps kappa, which no method of first order gets below. A run that would take more
    than `max_steps` is stopped after a tenth of them.
    """
    start = rng.standard_normal((problem.X.shape[1],))
    goal = problem.nearest_solution(start)
    before = _norm(start - goal)
    newton = _norm(start + problem.newton_step(start) - goal) / before
    accuracy = min(0.1, max(newton, 10 * EPS * problem.condition))
    predicted = predicted_steps(problem.condition, accuracy)
    budget = max_steps if predicted <= max_steps else max_steps // 10
    steps, left = _run(problem, start, goal, accuracy * before, budget)
    return Descent(
        source,
        problem.condition,
        accuracy,
        predicted,
        steps,
        left / before,
        left > accuracy * before,
    )


def _run(
    problem: LeastSquares, start: Array, goal: Array, limit: float, max_steps: int
) -> tuple[int, float]:
    """Return the steps taken until the error is at most `limit`, and the error then.

    Written as w <- (I - rate H) w + rate X.T y / n, and looked at CHUNK steps at a time: a step
    is two small NumPy calls.
    """
    values, _ = problem.spectrum
    rate = 2 / (values[0] + values[-1])
    shrink = np.eye(len(start)) - rate * problem.hessian
    constant = rate * (problem.X.T @ problem.y) / len(problem.y)
    iterates = np.empty((CHUNK + 1, len(start)))
    iterates[0] = start
    errors = np.array([_norm(start - goal)])
    for done in range(0, max_steps, CHUNK):
        for before, after in pairwise(iterates):
            np.dot(shrink, before, out=after)
            np.add(after, constant, out=after)
        errors = np.linalg.norm(iterates[1:] - goal, axis=1)
        below = np.flatnonzero(errors <= limit)
        if len(below):
            return done + int(below[0]) + 1, float(errors[below[0]])
        iterates[0] = iterates[-1]
    return max_steps, float(errors[-1])


def _norm(vector: Array) -> float:
    return float(np.linalg.norm(vector))
