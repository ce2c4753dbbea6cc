"""Between listed values of a hyperparameter: half of the way, by ratio or by difference."""

import math
from collections.abc import Sequence
from itertools import pairwise

from hpsoft.optimizers.protocol import Hyperparameter, Value

DECADE = 10.0  # the ratio where a single value follows a zero
CLOSE = 1.1  # neighbours of a smaller ratio are told apart by no one


def is_geometric(values: Sequence[Value]) -> bool:
    """Tell whether values are spaced by ratio rather than by difference; a zero may go before."""
    positive = values[1:] if values[0] == 0 else values
    if positive[0] < 0 or len(positive) < 2:
        return False
    ratios = [b / a for a, b in pairwise(positive)]
    differences = [b - a for a, b in pairwise(positive)]
    return max(ratios) / min(ratios) < max(differences) / min(differences) or len(positive) == 2


def between(parameter: Hyperparameter, values: Sequence[Value], i: int) -> Value | None:
    """Return what lies half way between the i-th of ascending values and the next one.

    By ratio where the values are spaced so, in three digits; a whole number where the parameter
    takes these. None where the two are too close to be told apart.
    """
    low, high = values[i], values[i + 1]
    if parameter.kind is int:
        whole = math.floor((low + high) / 2)
        return whole if low < whole < high else None
    if low > 0 and high < low * CLOSE:
        return None
    exact = _half_way(values, i)
    short = float(f"{exact:.3g}")
    middle = short if low < short < high else exact
    return middle if low < middle < high else None


def _half_way(values: Sequence[Value], i: int) -> float:
    low, high = values[i], values[i + 1]
    if low > 0 and is_geometric(values):
        return math.sqrt(low) * math.sqrt(high)
    if low == 0 and i + 2 < len(values) and is_geometric(values):
        return high * (high / values[i + 2])
    if low == 0 and len(values) == 2:
        return high / DECADE
    return low + (high - low) / 2
