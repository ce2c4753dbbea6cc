"""`run_newton_demo`: all that `hpsoft newton-demo` shows, as data.

One step on a quadratic, the same with a singular Hessian, gradient descent as a function of the
condition number, and Newton with a line search where the cost is no quadratic.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from threadpoolctl import threadpool_limits

from hpsoft.errors import DataError, SpaceError
from hpsoft.maths import tables
from hpsoft.maths.contours import ContourPaths, contour_paths
from hpsoft.maths.descent import SCALES, STARTS, Descent, NewtonStep, descend, worst_newton
from hpsoft.maths.least_squares import (
    LeastSquares,
    standardised,
    with_duplicate,
    with_intercept,
)
from hpsoft.maths.newton_softmax import SoftmaxNewton, newton

CONDITIONS = (1.0, 10.0, 100.0, 1e3, 1e4, 1e5)
LARGEST = 1e100  # squares of larger numbers, summed, could leave float64


@dataclass(frozen=True)
class DemoOptions:
    """What the user chose; by default scikit-learn's diabetes data."""

    data: Path | None = None
    target: str | None = None
    condition: float | None = None  # a synthetic problem instead of data
    scale: Literal["standard", "raw"] = "standard"
    alpha: float = 1e-3  # L2 strength of the softmax regression
    seed: int = 0


@dataclass(frozen=True)
class OneStep:
    """One Newton step from several starts, on one linear regression."""

    source: str
    n_samples: int
    n_features: int  # columns of X, the intercept among them
    rank: int
    condition: float
    starts: int  # random starts a scale
    steps: tuple[NewtonStep, ...]  # the worst of each scale

    @property
    def minimum_norm(self) -> bool:
        """Whether H is singular, so that the step is the shortest of many."""
        return self.rank < self.n_features


@dataclass(frozen=True)
class NewtonDemo:
    """Results of the whole demonstration."""

    linear: OneStep
    duplicated: OneStep  # the same with the first column twice
    descents: tuple[Descent, ...]
    softmax: SoftmaxNewton
    paths: ContourPaths

    @property
    def passed(self) -> bool:
        """Whether no Newton step missed the solution and the softmax run converged."""
        steps = self.linear.steps + self.duplicated.steps
        return all(step.result != "missed" for step in steps) and self.softmax.converged


def run_newton_demo(options: DemoOptions) -> NewtonDemo:
    """Run all experiments, in one to two seconds on the default data.

    Raises:
        DataError: the data cannot be read or used.
        SpaceError: options that contradict each other, or a value outside its domain.
    """
    _check(options)
    rng = np.random.default_rng(options.seed)
    table = _table(options, rng)
    sources = [tables.synthetic(condition, rng) for condition in CONDITIONS]
    X, labels = tables.digits()
    with threadpool_limits(1):  # the matrices are small: a second BLAS thread would only wait
        return NewtonDemo(
            one_step(table, rng),
            one_step(with_duplicate(table), rng),
            tuple(descend(LeastSquares(t.X, t.y), t.source, rng) for t in [*sources, table]),
            newton(X, labels, options.alpha, "digits (embedded in scikit-learn)"),
            contour_paths(table),
        )


def one_step(table: tables.Table, rng: np.random.Generator) -> OneStep:
    """Take one Newton step from starts of every scale."""
    problem = LeastSquares(table.X, table.y)
    steps = tuple(worst_newton(problem, scale, rng) for scale in SCALES)
    n_samples, n_features = table.X.shape
    size = n_samples, n_features, problem.rank
    return OneStep(table.source, *size, problem.condition, STARTS, steps)


def _check(options: DemoOptions) -> None:
    if options.data is not None and options.condition is not None:
        raise SpaceError("--data and --condition exclude each other: real data or synthetic.")
    if options.target is not None and options.data is None:
        raise SpaceError("--target names a column of --data, and there is no --data.")
    if not 1e-12 <= options.alpha < np.inf:
        raise SpaceError(f"alpha must be at least 1e-12 and finite, not {options.alpha!r}.")
    if options.seed < 0:
        raise SpaceError(f"A seed is at least 0, not {options.seed}.")


def _table(options: DemoOptions, rng: np.random.Generator) -> tables.Table:
    """Return the regression to solve; data get an intercept, a synthetic problem stays exact."""
    if options.condition is not None:
        return tables.synthetic(options.condition, rng)
    if options.data is None:
        table = tables.diabetes()
    else:
        table = tables.read_csv(options.data, options.target)
    if max(np.abs(table.X).max(), np.abs(table.y).max()) > LARGEST:
        raise DataError(f"{table.source} holds numbers above {LARGEST:g}; their squares overflow.")
    if not table.X.std(axis=0).any():
        raise DataError(f"Every column of {table.source} is constant; there is nothing to learn.")
    if options.scale == "raw":
        return with_intercept(replace(table, source=f"{table.source}, raw"))
    return standardised(replace(table, source=f"{table.source}, columns standardised"))
