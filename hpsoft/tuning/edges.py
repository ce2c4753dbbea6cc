"""Where the winner lies on an edge of the space, and the value to try beyond it.

The next value goes on as the listed ones do: by their ratio, or by their difference. Where that
leaves the domain, it is the domain's bound, or half of the way to a bound that does not belong to
it. An edge is none where nothing lies beyond it, or where going further cannot matter: the next
value inwards does as well, or the cost is next to nothing already.
"""

import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hpsoft.optimizers.protocol import Hyperparameter, Value
from hpsoft.space.between import DECADE, is_geometric
from hpsoft.space.ranges import Candidates, Range, numbers_of
from hpsoft.study.records import TrialRecord
from hpsoft.tuning.noise import is_as_good


@dataclass(frozen=True)
class Edge:
    """The winner's value is the smallest or largest that was tried."""

    name: str
    value: Value
    side: str  # smallest or largest
    suggestion: Value  # the next value out there


def edges(
    ranking: Sequence[TrialRecord],
    space: Mapping[str, Candidates],
    hyperparameters: Iterable[Hyperparameter],
    n_samples: int,
    overlap: float = 0.0,
) -> list[Edge]:
    """Return where the winner, the first of a ranking, lies on an edge that may matter.

    `n_samples` are trained on: the domain of some hyperparameters ends there. `overlap` is
    held-out over trained-on samples of a fold.
    """
    winner, found = ranking[0], []
    if winner.loss is not None and winner.loss < winner.metric.negligible:
        return []
    for parameter in hyperparameters:
        candidates = space.get(parameter.name, ())
        if isinstance(candidates, Range) or len(candidates) < 2:
            continue
        value = winner.params[parameter.name]
        values = sorted(numbers_of(candidates))
        if not isinstance(value, str) and value in {values[0], values[-1]}:
            side = "smallest" if value == values[0] else "largest"
            outwards = values[::-1] if side == "smallest" else values
            suggestion = _within(parameter, value, _next(parameter, outwards), n_samples)
            if suggestion is not None and not is_flat(
                ranking, parameter.name, outwards[-2], overlap
            ):
                found.append(Edge(parameter.name, value, side, suggestion))
    return found


def is_flat(ranking: Sequence[TrialRecord], name: str, beside: Value, overlap: float) -> bool:
    """Tell whether some trial with a value beside the winner's is as good as the winner."""
    best = next((trial for trial in ranking if trial.params[name] == beside), None)
    return best is not None and is_as_good(best, ranking[0], overlap)


def _next(parameter: Hyperparameter, values: Sequence[Value]) -> float:
    """Return the number that follows the last of some values, wherever the domain ends."""
    inwards, last = values[-2:]
    if inwards == 0 and last > 0 and parameter.kind is float and len(values) == 2:
        return last * DECADE
    if last != 0 and is_geometric(sorted(values)):
        return last * (last / inwards)
    return 2 * last - inwards


def _within(
    parameter: Hyperparameter, value: Value, beyond: float, n_samples: int
) -> Value | None:
    """Return the number, or what is left of the way to it; None where the domain ends at
    `value`.
    """
    whole = parameter.kind is int
    low, open_below = parameter.low, parameter.above_low
    if whole and open_below:
        low, open_below = math.floor(low) + 1, False
    high = min(
        parameter.high, sys.float_info.max, n_samples if parameter.within_samples else math.inf
    )
    beyond = _rounded(beyond, value, whole=whole)
    if open_below and beyond <= low:
        beyond = low + (value - low) / 2
        return beyond if low < beyond < value else None
    beyond = parameter.kind(min(max(beyond, low), high))
    return None if beyond == value else beyond


def _rounded(beyond: float, value: Value, *, whole: bool) -> float:
    """Return the number in three digits, or as a whole one, but never back at `value` or behind
    it.
    """
    if not math.isfinite(beyond):
        return beyond
    short = round(beyond) if whole else float(f"{beyond:.3g}")
    return short if (short > value) == (beyond > value) and short != value else beyond
