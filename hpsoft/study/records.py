"""What a search hands to a study and a study hands back: plain data, no Optuna in it."""

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hpsoft.optimizers.categories import Choice
from hpsoft.softmax.metric import ACCURACY, CHOOSING, CROSS_ENTROPY, Metric

NOT_IN_GRID = -1  # the grid id of a trial that another sampler or tool put into a study


@dataclass(frozen=True)
class TrialRecord:
    """One finished trial: a point of the space with what was measured there."""

    params: Mapping[str, Choice]
    grid_id: int
    value: float | None  # the metric on the validation part; None where it diverged
    intermediate: Mapping[int, float] = field(
        default_factory=dict
    )  # horizon -> value, up to its own
    accuracy: float | None = None  # on the validation part
    seconds: float = 0.0  # this trial's share of its block's time
    number: int | None = None  # of the Optuna trial, once it is stored
    pruned: bool = False  # ended on the way by a pruner; it has no value then
    # Whether the optimizer reached its optimum; None where it does not say. A remark, not a
    # result: records that differ in nothing else are equal.
    converged: bool | None = field(default=None, compare=False)
    folds: tuple[float, ...] = ()  # the figures whose mean is the value, where there are several
    metric: Metric = CROSS_ENTROPY  # what the value is, unregularised; the same in all of a study
    others: Mapping[str, float] = field(default_factory=dict)  # what else was measured, by name
    # Of those and of accuracy, where the value is a mean over folds.
    others_by_fold: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    @property
    def loss(self) -> float | None:
        """What is minimised: the value, or what it lacks to 1."""
        return None if self.value is None else self.metric.loss(self.value)

    @property
    def losses(self) -> tuple[float, ...]:
        """The losses on the folds."""
        return tuple(map(self.metric.loss, self.folds))

    @property
    def cross_entropy(self) -> float | None:
        """The validation cost, whatever the trial was chosen by; None where nobody says."""
        return self.score(CROSS_ENTROPY.name)

    def score(self, name: str) -> float | None:
        """Return a metric by its name; None where it was not measured."""
        if name == self.metric.name:
            return self.value
        return self.accuracy if name == ACCURACY.name else self.others.get(name)

    def scores_by_fold(self, name: str) -> tuple[float, ...]:
        """Return a metric on every fold; none where there is but one, or it was not measured."""
        return self.folds if name == self.metric.name else self.others_by_fold.get(name, ())

    def error_of(self, name: str) -> float | None:
        """Return the standard error of a metric's mean over the folds."""
        return standard_error(self.scores_by_fold(name))

    @property
    def diverged(self) -> bool:
        """Whether the model's numbers left the range of the dtype."""
        return self.value is None and not self.pruned

    @property
    def error(self) -> float | None:
        """Standard error of the value: the folds' standard deviation over the root of their
        number.
        """
        return standard_error(self.folds)

    @property
    def status(self) -> str | None:
        """How it ended: pruned, diverged, converged, max_iter; None where nobody says."""
        if self.pruned:
            return "pruned"
        if self.diverged:
            return "diverged"
        return {None: None, True: "converged", False: "max_iter"}[self.converged]


def standard_error(folds: tuple[float, ...]) -> float | None:
    """Return the standard error of the mean of some folds; None of fewer than two."""
    n = len(folds)
    return statistics.stdev(folds) / math.sqrt(n) if n > 1 else None


def trial_document(record: TrialRecord) -> dict[str, Any]:
    """Return a trial as JSON has it everywhere; `trial` is its number in Optuna."""
    return {
        "trial": record.number,
        "grid_id": None if record.grid_id == NOT_IN_GRID else record.grid_id,
        "params": dict(record.params),
        "value": record.value,
        "metric": record.metric.name,
        **{name: record.score(name) for name in CHOOSING},
        "standard_error": record.error,
        "standard_errors": {name: record.error_of(name) for name in CHOOSING},
        "folds": list(record.folds) or None,
        "seconds": record.seconds,
        "status": record.status,
        "diverged": record.diverged,
        "converged": record.converged,
        "pruned": record.pruned,
        "intermediate": {str(step): value for step, value in record.intermediate.items()},
    }
