"""What confirmation, comparison with optima and uses of the test set have left behind.

Other programs and other releases write into studies as well: what is not a number, or not said, is
None here.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hpsoft.softmax.metric import Metric
from hpsoft.study.records import TrialRecord


@dataclass(frozen=True)
class Luck:
    """What became of a winner on other parts of the data."""

    when: str | None
    method: str | None  # 5 splits, 3 times 5 folds; None: an older release did not say
    seeds: tuple[int, ...]  # of the repetitions
    top: int | None  # trials that were compared
    cv: int | None  # folds, where they were not the study's
    confirmed: int | None  # the trial with the lowest mean; None: none is recommended
    one_se: int | None  # the simplest within one standard error of it
    chosen_by: float | None  # the metric by which the study chose its winner
    mean: float | None  # of the metric over the repetitions; None: the winner was not among them
    error: float | None  # standard error of the mean
    luck: float | None  # by how much the mean loses more than what it was chosen by


def luck_of(kept: Mapping[str, Any] | None, winner: TrialRecord | None) -> Luck | None:
    """Return what a confirmation says of a study's winner; None without one."""
    if kept is None:
        return None
    number = None if winner is None else str(winner.number)
    mean = number_in(kept.get("means"), number)
    value = None if winner is None else winner.value
    luck = None
    if winner is not None and winner.loss is not None and mean is not None:
        luck = winner.metric.loss(mean) - winner.loss
    seeds = kept.get("seeds")
    return Luck(
        when=_text(kept, "when"),
        method=_text(kept, "method"),
        seeds=tuple(seeds) if isinstance(seeds, list) else (),
        top=_whole(kept, "top"),
        cv=_whole(kept, "cv"),
        confirmed=_whole(kept, "confirmed"),
        one_se=_whole(kept, "one-se"),
        chosen_by=value,
        mean=mean,
        error=number_in(kept.get("errors"), number),
        luck=luck,
    )


@dataclass(frozen=True)
class OptimumDistance:
    """How far a winner was from the exact optimum of the cost that it minimises."""

    when: str | None
    top: int | None
    trial: int | None  # the winner then
    verdict: str | None
    training_cost: float | None  # regularised, of the trial trained again
    training_gap: float | None  # above the optimum of its own cost
    validation_cost: float | None
    validation_gap: float | None  # the same; negative where stopping early helped
    best_value: float | None  # the metric of the best of all optima; None: there is none
    best: Mapping[str, Any]  # which cost that is the optimum of, and its figures


def distance_of(kept: Mapping[str, Any] | None) -> OptimumDistance | None:
    """Return what a comparison with exact optima has left; None without one."""
    if kept is None:
        return None
    best = kept.get("best_optimum")
    best = best if isinstance(best, Mapping) else {}
    figures = ("training_cost", "training_gap", "validation_cost", "validation_gap")
    return OptimumDistance(
        when=_text(kept, "when"),
        top=_whole(kept, "top"),
        trial=_whole(kept, "trial"),
        verdict=_text(kept, "verdict"),
        **{name: number_in(kept, name) for name in figures},
        best_value=number_in(best, "value"),
        best=dict(best),
    )


@dataclass(frozen=True)
class TestUse:
    """One look at the test set."""

    study: str  # that made it; others on the same data count too
    trial: int | None
    when: str | None
    seed: int | None  # of the order of samples, where it is not the study's
    result: Mapping[str, float]  # figures by name; what is no number is left out
    calibrate: bool = False  # whether a temperature was fitted
    model_out: str | None = None  # file of the model, without its folder

    def score(self, metric: Metric) -> float | None:
        """Return a metric on the test set; None where it was not kept."""
        return self.result.get(metric.name)

    @property
    def n(self) -> int | None:
        """How many samples the test set had."""
        n = self.result.get("n")
        return None if n is None else int(n)


def use_of(study: str, kept: Mapping[str, Any]) -> TestUse:
    """Return a use of the test set that a study remembers."""
    result = kept.get("result")
    result = result if isinstance(result, Mapping) else {}
    figures = {name: number_in(result, name) for name in sorted(result)}
    return TestUse(
        study=study,
        trial=_whole(kept, "trial"),
        when=_text(kept, "when"),
        seed=_whole(kept, "seed"),
        result={name: value for name, value in figures.items() if value is not None},
        calibrate=kept.get("calibrate") is True,
        model_out=_text(kept, "model_out"),
    )


def number_in(kept: object, name: str | None) -> float | None:
    """Return a number by its name, None where that is none."""
    value = kept.get(name) if isinstance(kept, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) else None


def _whole(kept: Mapping[str, Any], name: str) -> int | None:
    value = kept.get(name)
    return value if type(value) is int else None


def _text(kept: Mapping[str, Any], name: str) -> str | None:
    value = kept.get(name)
    return value if isinstance(value, str) else None
