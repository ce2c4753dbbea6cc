"""What a search hands to a study and a study hands back: plain data, no Optuna in it."""

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hpsoft.optimizers.categories import Choice

# Nats of cross-entropy: a probability of the true class that is a hundredth larger or smaller.
NEGLIGIBLE = 0.01
NOT_IN_GRID = -1  # the grid id of a trial that another sampler or tool put into a study


@dataclass(frozen=True)
class TrialRecord:
    """One finished trial: a point of the space with what was measured there."""

    params: Mapping[str, Choice]
    grid_id: int
    value: float | None  # validation cross-entropy, unregularised; None where it diverged
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
    folds: tuple[float, ...] = ()  # the costs whose mean is the value, where there are several

    @property
    def diverged(self) -> bool:
        """Whether the model's numbers left the range of the dtype."""
        return self.value is None and not self.pruned

    @property
    def error(self) -> float | None:
        """Standard error of the value: the folds' standard deviation over the root of their
        number.
        """
        n = len(self.folds)
        return statistics.stdev(self.folds) / math.sqrt(n) if n > 1 else None

    @property
    def status(self) -> str | None:
        """How it ended: pruned, diverged, converged, max_iter; None where nobody says."""
        if self.pruned:
            return "pruned"
        if self.diverged:
            return "diverged"
        return {None: None, True: "converged", False: "max_iter"}[self.converged]


def trial_document(record: TrialRecord) -> dict[str, Any]:
    """Return a trial as JSON has it everywhere; `trial` is its number in Optuna."""
    return {
        "trial": record.number,
        "grid_id": None if record.grid_id == NOT_IN_GRID else record.grid_id,
        "params": dict(record.params),
        "value": record.value,
        "accuracy": record.accuracy,
        "standard_error": record.error,
        "folds": list(record.folds) or None,
        "seconds": record.seconds,
        "status": record.status,
        "diverged": record.diverged,
        "converged": record.converged,
        "pruned": record.pruned,
        "intermediate": {str(step): value for step, value in record.intermediate.items()},
    }
