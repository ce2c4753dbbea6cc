"""The paths of Newton and gradient descent over the contours of J, in two dimensions.

Of all pairs of columns the one with the strongest correlation is taken, unless it is perfect: its
contours are the longest valley that the data has, and gradient descent zigzags along it.
"""

from dataclasses import dataclass

import numpy as np

from hpsoft.maths.least_squares import LeastSquares
from hpsoft.maths.tables import Table
from hpsoft.softmax.probabilities import Array

GRID = 81
MAX_STEPS = 60
PERFECT = 1 - 1e-9


@dataclass(frozen=True)
class ContourPaths:
    """Cost over a rectangle of two weights, and two ways to its minimum from one start."""

    names: tuple[str, str]  # of the two columns
    condition: float
    first: Array  # (GRID,) values of the first weight
    second: Array  # (GRID,) values of the second weight
    cost: Array  # (GRID, GRID), rows by the second weight, columns by the first
    minimum: Array  # (2,)
    newton: Array  # (2, 2) start and end
    descent: Array  # (n_steps + 1, 2)


def contour_paths(table: Table) -> ContourPaths:
    """Return the paths for the most correlated pair of columns, centred and scaled."""
    first, second = correlated_pair(table.X)
    X = table.X[:, [first, second]]
    X = X - X.mean(axis=0)
    spread = X.std(axis=0)
    problem = LeastSquares(X / np.where(spread > 0, spread, 1), table.y - table.y.mean())
    goal = problem.solution
    start = _start(problem)
    reach = 1.25 * np.abs(start - goal).max()
    axis = np.linspace(-reach, reach, GRID)
    offsets = np.stack(np.meshgrid(axis, axis), axis=-1)  # (GRID, GRID, 2)
    curved = 0.5 * ((offsets @ problem.hessian) * offsets).sum(axis=-1)
    return ContourPaths(
        (table.names[first], table.names[second]),
        problem.condition,
        goal[0] + axis,
        goal[1] + axis,
        problem.cost(goal) + curved,  # J(w* + s) = J(w*) + 1/2 s.T H s
        goal,
        np.stack([start, start + problem.newton_step(start)]),
        _descent(problem, start),
    )


def correlated_pair(X: Array) -> tuple[int, int]:
    """Return the columns with the largest imperfect correlation; constant ones come last."""
    centred = X - X.mean(axis=0)
    norms = np.linalg.norm(centred, axis=0)
    unit = centred / np.where(norms > 0, norms, 1)
    strength = np.abs(unit.T @ unit)
    strength[strength > PERFECT] = -1.0
    strength[np.tril_indices(len(strength))] = -2.0
    first, second = np.unravel_index(int(strength.argmax()), strength.shape)
    return int(first), int(second)


def _start(problem: LeastSquares) -> Array:
    """Start off the axes of the valley: a way along it, and some across."""
    _, vectors = problem.spectrum
    size = max(float(np.linalg.norm(problem.solution)), 1e-12)
    across, along = vectors[:, 0], vectors[:, -1]
    return problem.solution + size * (2.0 * along + 0.5 * across)


def _descent(problem: LeastSquares, start: Array) -> Array:
    """Run up to MAX_STEPS of gradient descent at the rate 2 / (L + mu)."""
    values, _ = problem.spectrum
    path = [start]
    for _ in range(MAX_STEPS):
        path.append(path[-1] - 2 / (values[0] + values[-1]) * problem.gradient(path[-1]))
    return np.array(path)
