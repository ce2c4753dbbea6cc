"""Ranking trials, and what the winner's place in the space says about the space."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hpsoft.optimizers.protocol import Hyperparameter
from hpsoft.search.ranges import Candidates, Range
from hpsoft.search.records import TrialRecord, Value


@dataclass(frozen=True)
class Edge:
    """The winner's value is the smallest or largest that was tried."""

    name: str
    value: Value
    side: str  # smallest or largest
    suggestion: Value | None  # the next value out there; None where the domain ends


def rank(records: Iterable[TrialRecord]) -> list[TrialRecord]:
    """Return the trials that have a value, the lowest validation cost first, ties by smaller values.

    So of trials of one converged model the one with the fewest passes goes first.
    """
    sound = [record for record in records if record.value is not None]
    return sorted(sound, key=lambda record: (record.value, _values(record), record.grid_id))


def _values(record: TrialRecord) -> list[Value]:
    return [record.params[name] for name in sorted(record.params)]


def best(records: Iterable[TrialRecord]) -> TrialRecord | None:
    """Return the trial with the lowest validation cost, None where all diverged."""
    return next(iter(rank(records)), None)


def edges(
    winner: TrialRecord,
    space: Mapping[str, Candidates],
    hyperparameters: Iterable[Hyperparameter],
    n_samples: int,
) -> list[Edge]:
    """Return where the winner lies on an edge of the space, with the value to add.

    `n_samples` are trained on: the domain of some hyperparameters ends there.
    """
    found = []
    for parameter in hyperparameters:
        candidates, value = space[parameter.name], winner.params[parameter.name]
        if isinstance(candidates, Range):
            continue
        values = sorted(candidates)
        if len(values) > 1 and value in {values[0], values[-1]}:
            inwards = values[1] if value == values[0] else values[-2]
            side = "smallest" if value == values[0] else "largest"
            step = _beyond(parameter, value, inwards, geometric=_is_geometric(values))
            if step is not None and parameter.within_samples and step > n_samples:
                step = None
            found.append(Edge(parameter.name, value, side, step))
    return found


def _is_geometric(values: Sequence[Value]) -> bool:
    """Tell whether values are spaced by ratio rather than by difference; a zero may go before."""
    positive = values[1:] if values[0] == 0 else values
    if positive[0] < 0 or len(positive) < 2:
        return False
    ratios = [b / a for a, b in pairwise(positive)]
    differences = [b - a for a, b in pairwise(positive)]
    return max(ratios) / min(ratios) < max(differences) / min(differences) or len(positive) == 2


def _beyond(
    parameter: Hyperparameter, value: Value, inwards: Value, *, geometric: bool
) -> Value | None:
    beyond = value * value / inwards if geometric else 2 * value - inwards
    beyond = round(beyond) if parameter.kind is int else float(f"{beyond:.3g}")
    inside = parameter.low <= beyond <= parameter.high
    return beyond if inside and beyond != value and (beyond or not parameter.above_low) else None
