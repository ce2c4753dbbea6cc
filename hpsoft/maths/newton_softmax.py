"""Newton with a line search where the cost is no quadratic: softmax regression.

Near the minimum the cost is almost its own Taylor expansion, and each step squares the error:
||g_{k+1}|| <= const ||g_k||^2, the number of correct digits doubles. Far away the full step can
overshoot; it is halved until the cost falls enough (Armijo's rule, c = 1e-4).
"""

from dataclasses import dataclass
from itertools import count, pairwise

import numpy as np

from hpsoft.softmax import gradient, hessian, linear_logits, regularised_cost
from hpsoft.softmax.probabilities import Array

ARMIJO = 1e-4
HALVINGS = 40
GROWTH = 3.0  # of ratios that count as bounded


@dataclass(frozen=True)
class Iteration:
    """The state before step `index`, and the step taken from it."""

    index: int
    cost: float
    gradient_norm: float
    step_length: float | None  # 1 is the full Newton step; None: no step, this is the end
    ratio: float | None  # ||g_k|| / ||g_{k-1}||^2: bounded where convergence is quadratic;
    # None at the start, and where the square is below rounding


@dataclass(frozen=True)
class SoftmaxNewton:
    """A run of Newton's method on softmax regression."""

    data: str
    n_samples: int
    n_features: int
    n_classes: int
    alpha: float
    iterations: tuple[Iteration, ...]
    converged: bool

    @property
    def quadratic(self) -> bool:
        """Whether quadratic convergence is to be seen.

        There are two steps at least that gain a digit or more, and the ratios after the last two
        are within GROWTH of each other. Under linear convergence ratios grow as 1 / ||g_k||.
        """
        ratios = [
            after.ratio
            for before, after in pairwise(self.iterations)
            if after.ratio is not None and after.gradient_norm <= 0.1 * before.gradient_norm
        ]
        last = ratios[-2:]
        return len(last) == 2 and max(last) <= GROWTH * min(last)


def newton(
    X: Array,
    labels: Array,
    alpha: float,
    data: str,
    tolerance: float = 1e-12,
    max_iterations: int = 30,
) -> SoftmaxNewton:
    """Minimise the regularised cost from zero weights; alpha > 0.

    Stops when ||gradient|| <= tolerance, or when rounding lets no step lower the cost any more.
    """
    n_features, n_classes = X.shape[1], int(labels.max()) + 1
    theta = np.zeros((n_features + 1, n_classes))  # weights, and the bias as the last row
    iterations: list[Iteration] = []
    for index in count():
        slope = np.vstack(gradient(X, labels, theta[:-1], theta[-1], alpha))
        cost = float(regularised_cost(X, labels, theta[:-1], theta[-1], alpha))
        norm = float(np.linalg.norm(slope))
        ratio = _ratio(norm, iterations)
        length, step = None, np.zeros_like(theta)
        if norm > tolerance and index < max_iterations:
            step = -newton_direction(X, theta, slope, alpha)
            length = line_search(X, labels, theta, step, alpha, cost, float((slope * step).sum()))
        iterations.append(Iteration(index, cost, norm, length, ratio))
        if length is None:
            break
        theta = theta + length * step
    converged = iterations[-1].gradient_norm <= tolerance
    return SoftmaxNewton(data, len(X), n_features, n_classes, alpha, tuple(iterations), converged)


def _ratio(norm: float, earlier: list[Iteration]) -> float | None:
    """Return ||g_k|| / ||g_{k-1}||^2, or None where that square is below rounding."""
    square = earlier[-1].gradient_norm ** 2 if earlier else 0.0
    return norm / square if square > np.finfo(float).eps else None


def newton_direction(X: Array, theta: Array, slope: Array, alpha: float) -> Array:
    """Solve H s = slope for the shortest s, (n_features + 1, n_classes).

    Softmax does not see one constant added to all biases, so H has that null direction u. The
    gradient has none of it, hence H + u u.T is regular and has the same, shortest, solution.
    """
    n_classes = theta.shape[1]
    H = hessian(X, theta[:-1], theta[-1], alpha)
    H[-n_classes:, -n_classes:] += 1 / n_classes
    return np.linalg.solve(H, slope.ravel()).reshape(theta.shape)


def line_search(
    X: Array,
    labels: Array,
    theta: Array,
    step: Array,
    alpha: float,
    cost: float,
    descent: float,
) -> float | None:
    """Return the first of 1, 1/2, 1/4, ... that satisfies Armijo's rule, or None.

    A cost within rounding of the old one counts as fallen: near the minimum the true decrease,
    of the order of ||g||^2, is smaller than what float64 can show. A cross-entropy is a difference
    of numbers as large as the logits, and rounded as these are.
    """
    largest = float(np.abs(linear_logits(X, theta[:-1], theta[-1])).max())
    slack = 4 * np.finfo(float).eps * max(abs(cost), largest)
    length = 1.0
    for _ in range(HALVINGS):
        moved = theta + length * step
        if (
            regularised_cost(X, labels, moved[:-1], moved[-1], alpha)
            <= cost + ARMIJO * length * descent + slack
        ):
            return length
        length /= 2
    return None
