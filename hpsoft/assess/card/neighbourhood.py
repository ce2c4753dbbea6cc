"""The next values on each side of each of the winner's hyperparameters, and what they cost.

A neighbour differs from the winner in one hyperparameter. Beside it stands the best trial with its
value, whatever the other hyperparameters: in a sampled search that is often all there is.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hpsoft.optimizers.categories import Choice
from hpsoft.space.ranges import Candidates, Range
from hpsoft.study.leaderboard import competitors, rank
from hpsoft.study.records import TrialRecord
from hpsoft.tuning.noise import Difference, difference

BELOW, ABOVE, OTHER = "below", "above", "other"  # words have no order


@dataclass(frozen=True)
class Neighbour:
    """A value beside the winner's."""

    name: str  # of the hyperparameter
    side: str  # below, above or other
    value: Choice
    trial: TrialRecord | None  # that differs from the winner in this value only; None: not run
    # By how much that trial loses more, part by part; None where there are no parts or no value.
    difference: Difference | None
    best: TrialRecord | None  # of all trials with this value; None: none has a value


def neighbourhood(
    found: Sequence[TrialRecord], space: Mapping[str, Candidates], overlap: float = 0.0
) -> tuple[Neighbour, ...]:
    """Return the values next to the winner's by hyperparameter, lower ones first; every word.

    Of a range they are the next values that were tried. On an edge of the space there is none.
    `overlap` is held-out over trained-on samples of a fold.
    """
    mine = competitors(found)
    ranking = rank(mine)
    if not ranking:
        return ()
    winner = ranking[0]
    by_point = {_point(trial.params): trial for trial in mine}
    return tuple(
        Neighbour(
            name,
            side,
            value,
            trial := by_point.get(_point({**winner.params, name: value})),
            _difference(trial, winner, overlap),
            next((t for t in ranking if t.params[name] == value), None),
        )
        for name, candidates in space.items()
        for side, value in _beside(winner.params[name], _tried(name, candidates, ranking))
    )


def _point(params: Mapping[str, Choice]) -> tuple[tuple[str, Choice], ...]:
    return tuple(sorted(params.items()))


def _tried(name: str, candidates: Candidates, ranking: Sequence[TrialRecord]) -> Sequence[Choice]:
    """Return the values of a space; of a range, those that trials have."""
    if isinstance(candidates, Range):
        return [trial.params[name] for trial in ranking]
    return candidates


def _beside(value: Choice, values: Sequence[Choice]) -> list[tuple[str, Choice]]:
    if isinstance(value, str):
        return [(OTHER, word) for word in values if word != value]
    ordered = sorted({float(one): one for one in values}.items())
    at = bisect_left(ordered, float(value), key=lambda pair: pair[0])
    below = [(BELOW, one) for _, one in ordered[max(0, at - 1) : at]]
    return below + [(ABOVE, one) for _, one in ordered[at + 1 : at + 2]]


def _difference(
    trial: TrialRecord | None, winner: TrialRecord, overlap: float
) -> Difference | None:
    if trial is None or len(trial.folds) < 2 or len(trial.folds) != len(winner.folds):
        return None
    return difference(trial.losses, winner.losses, overlap)
