"""Exact optima of regularised costs by Newton's method: what no training can go below."""

from collections.abc import Iterable

from hpsoft.optimizers.hyperparameters import names_by_role
from hpsoft.optimizers.protocol import Optimizer, Role, Value

ITERATIONS = 50  # Newton steps; a few are enough where an optimum exists
NEWTON = "newton"


def has_optimum(optimizer: Optimizer) -> bool:
    """Tell whether the optimizer's models minimise the cross-entropy with L2 on the weights."""
    columnar = names_by_role(optimizer.hyperparameters, Role.COLUMNAR)
    return "alpha" in columnar and not getattr(optimizer, "decoupled", False)


def newton_points(
    alphas: Iterable[Value], iterations: Iterable[int] = (ITERATIONS,)
) -> list[dict[str, Value]]:
    """Return what `newton` is given for some strengths of L2, each from zero weights.

    A warm start along alpha needs the strengths one after the other, by another way than the
    engine's, and gives up the products that all of them share.
    """
    return [
        {"iterations": horizon, "alpha": alpha, "damping": 0.0}
        for alpha in alphas
        for horizon in iterations
    ]
