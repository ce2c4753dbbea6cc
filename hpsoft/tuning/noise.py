"""What noise leaves of a comparison: is the winner a point, or one of a region?

Trials are compared part by part. The parts are the same, so the mean of the differences has a
smaller error than either mean: what is hard for one is hard for all. Where one part was held out,
costs have no error to compare by, and a share of the cost stands for it.

What the parts train on overlaps, so costs on n parts are not independent: with a the held-out over
the trained-on samples, the variance of a mean is (1 / n + a) times that of one cost (C. Nadeau,
Y. Bengio, Inference for the generalization error, 2003).
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from hpsoft.optimizers.categories import Choice
from hpsoft.study.records import NEGLIGIBLE, TrialRecord

NEAR_THE_WINNER = 0.001  # of the cost; with one validation part, so near is as good
# Of the winner's standard error. Trials that hardly differ have differences with hardly any error:
# what is a tenth of the winner's own noise cannot matter, however sure it is.
NEXT_TO_NOTHING = 0.1


@dataclass(frozen=True)
class Standing:
    """How sure a search may be of its winner."""

    n_ranked: int  # trials with a value
    n_as_good: int  # of them, within one standard error of the winner, itself left out
    variation: float  # of the winner's cost over the second half of its passes
    is_settled: bool  # the variation is within the winner's margin


@dataclass(frozen=True)
class Difference:
    """By how much one costs more than another on the same parts."""

    mean: float
    error: float  # standard error of the mean

    @property
    def matters(self) -> bool:
        """Whether it is more than its error, and more than next to nothing."""
        return self.mean > max(self.error, NEGLIGIBLE)


def difference(one: Sequence[float], other: Sequence[float], overlap: float) -> Difference:
    """Return by how much one costs more than another, part by part.

    `overlap` is held-out over trained-on samples of a part.
    """
    if not all(map(math.isfinite, (*one, *other))):
        return Difference(statistics.fmean(one) - statistics.fmean(other), math.inf)
    pairs = [a - b for a, b in zip(one, other, strict=True)]
    deviation = statistics.stdev(pairs) if len(pairs) > 1 else math.inf
    return Difference(
        statistics.fmean(pairs), deviation * error_per_deviation(len(pairs), overlap)
    )


def error_per_deviation(n: int, overlap: float) -> float:
    """Return the standard error of a mean over n parts, over the deviation of one."""
    return math.sqrt(1 / n + overlap)


def standing(
    ranking: Sequence[TrialRecord], horizon: str, overlap: float = 0.0
) -> Standing | None:
    """Return how sure the first of a ranking is; None where there is none.

    `overlap` is held-out over trained-on samples of a fold.
    """
    if not ranking:
        return None
    winner, *others = ranking
    variation = _variation(winner, int(winner.params[horizon]))
    return Standing(
        n_ranked=len(ranking),
        n_as_good=sum(is_as_good(other, winner, overlap) for other in others),
        variation=variation,
        is_settled=variation <= _margin(ranking, horizon),
    )


def is_as_good(trial: TrialRecord, winner: TrialRecord, overlap: float = 0.0) -> bool:
    """Tell whether a trial is within one standard error of the winner, by paired differences."""
    if trial.value is None or winner.value is None:
        return False
    if len(trial.folds) < 2 or len(trial.folds) != len(winner.folds):
        return trial.value - winner.value <= NEAR_THE_WINNER * abs(winner.value)
    worse = difference(trial.folds, winner.folds, overlap)
    return worse.mean <= max(worse.error, NEXT_TO_NOTHING * (winner.error or 0.0))


def _variation(winner: TrialRecord, passes: int) -> float:
    """Return by how much the winner's costs differ over the second half of its passes."""
    late = [cost for at, cost in winner.intermediate.items() if at >= passes / 2]
    return max(late) - min(late) if late else 0.0


def _margin(ranking: Sequence[TrialRecord], horizon: str) -> float:
    """Return how much of the winner's cost is noise anyway.

    That is its standard error; with one validation part, its distance to the next model.
    """
    winner = ranking[0]
    if winner.error is not None:
        return max(winner.error, NEGLIGIBLE)
    model = _model(winner, horizon)
    second = next((t.value for t in ranking if _model(t, horizon) != model), None)
    assert winner.value is not None, "a ranked trial has a value"
    return max(
        0.0 if second is None else second - winner.value, NEAR_THE_WINNER * abs(winner.value)
    )


def _model(trial: TrialRecord, horizon: str) -> dict[str, Choice]:
    return {name: value for name, value in trial.params.items() if name != horizon}
