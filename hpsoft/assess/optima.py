"""Exact optima of regularised costs by Newton's method: what no training can go below."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hpsoft.optimizers.hyperparameters import names_by_role
from hpsoft.optimizers.protocol import Optimizer, Role, Value

ITERATIONS = 50  # Newton steps; a few are enough where an optimum exists
NEWTON = "newton"


class Cost(NamedTuple):
    """What decides which cost a model minimises, on given data."""

    alpha: float
    class_weight: float = 0.0


def cost_of(params: Mapping[str, Value]) -> Cost:
    """Return which cost a trial minimises."""
    return Cost(float(params["alpha"]), float(params.get("class_weight", 0.0)))


def has_optimum(optimizer: Optimizer) -> bool:
    """Tell whether the optimizer's models minimise the cross-entropy with L2 on the weights."""
    columnar = names_by_role(optimizer.hyperparameters, Role.COLUMNAR)
    return "alpha" in columnar and not getattr(optimizer, "decoupled", False)


def newton_points(
    costs: Iterable[Cost], iterations: Iterable[int] = (ITERATIONS,)
) -> list[dict[str, Value]]:
    """Return what `newton` is given for some costs, each from zero weights.

    A warm start along alpha needs the strengths one after the other, by another way than the
    engine's, and gives up the products that all of them share.
    """
    return [
        {"iterations": horizon, "damping": 0.0, **cost._asdict()}
        for cost in costs
        for horizon in iterations
    ]
