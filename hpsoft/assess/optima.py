"""Exact optima of regularised costs by Newton's method: what no training can go below."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hpsoft.optimizers.categories import Choice, Key, view_of
from hpsoft.optimizers.hyperparameters import names_by_role
from hpsoft.optimizers.protocol import Optimizer, Role

ITERATIONS = 50  # Newton steps; a few are enough where an optimum exists
NEWTON = "newton"


class Cost(NamedTuple):
    """What decides which cost a model minimises, on given data."""

    alpha: float
    class_weight: float = 0.0
    view: Key = ()  # of the data, where trials see them differently


def cost_of(params: Mapping[str, Choice]) -> Cost:
    """Return which cost a trial minimises."""
    power = float(params.get("class_weight", 0.0))
    return Cost(float(params["alpha"]), power, view_of(params))


def has_optimum(optimizer: Optimizer) -> bool:
    """Tell whether the optimizer's models minimise the cross-entropy with L2 on the weights."""
    columnar = names_by_role(optimizer.hyperparameters, Role.COLUMNAR)
    return "alpha" in columnar and not getattr(optimizer, "decoupled", False)


def newton_points(
    costs: Iterable[Cost], iterations: Iterable[int] = (ITERATIONS,)
) -> list[dict[str, Choice]]:
    """Return what `newton` is given for some costs, each from zero weights.

    A warm start along alpha needs the strengths one after the other, by another way than the
    engine's, and gives up the products that all of them share.
    """
    return [
        {
            "iterations": horizon,
            "damping": 0.0,
            "alpha": cost.alpha,
            "class_weight": cost.class_weight,
            **dict(cost.view),
        }
        for cost in costs
        for horizon in iterations
    ]
