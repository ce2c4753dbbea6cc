"""Ranking trials, and what the winner's place in the space says about the space."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hpsoft.optimizers.protocol import Hyperparameter
from hpsoft.search.records import TrialRecord, Value


@dataclass(frozen=True)
class Edge:
    """The winner's value is the smallest or largest that was tried."""

    name: str
    value: Value
    side: str  # smallest or largest
    suggestion: Value | None  # the next value out there; None where the domain ends


def rank(records: Iterable[TrialRecord]) -> list[TrialRecord]:
    """Return the trials that have a value, the lowest validation cost first, ties by grid id."""
    sound = [record for record in records if record.value is not None]
    return sorted(sound, key=lambda record: (record.value, record.grid_id))


def best(records: Iterable[TrialRecord]) -> TrialRecord | None:
    """Return the trial with the lowest validation cost, None where all diverged."""
    return next(iter(rank(records)), None)


def edges(
    winner: TrialRecord,
    space: Mapping[str, Sequence[Value]],
    hyperparameters: Iterable[Hyperparameter],
) -> list[Edge]:
    """Return where the winner lies on an edge of the space, with the value to add."""
    found = []
    for parameter in hyperparameters:
        values, value = sorted(space[parameter.name]), winner.params[parameter.name]
        if len(values) > 1 and value in {values[0], values[-1]}:
            inwards = values[1] if value == values[0] else values[-2]
            side = "smallest" if value == values[0] else "largest"
            step = _beyond(parameter, value, inwards, geometric=_is_geometric(values))
            found.append(Edge(parameter.name, value, side, step))
    return found


def _is_geometric(values: Sequence[Value]) -> bool:
    """Tell whether values are spaced by ratio rather than by difference."""
    if values[0] <= 0:
        return False
    ratios = [b / a for a, b in zip(values, values[1:], strict=False)]
    differences = [b - a for a, b in zip(values, values[1:], strict=False)]
    return max(ratios) / min(ratios) < max(differences) / min(differences) or len(values) == 2


def _beyond(
    parameter: Hyperparameter, value: Value, inwards: Value, *, geometric: bool
) -> Value | None:
    beyond = value * value / inwards if geometric else 2 * value - inwards
    if parameter.kind is int:
        beyond = round(beyond)
    else:
        beyond = float(f"{beyond:.3g}")
    inside = parameter.low <= beyond <= parameter.high
    return beyond if inside and beyond != value and (beyond or not parameter.above_low) else None
