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
from hpsoft.softmax.metric import ACCURACY, Metric
from hpsoft.study.records import TrialRecord

NEAR_THE_WINNER = 0.001  # of the cost; with one validation part, so near is as good
# Of the winner's standard error. Trials that hardly differ have differences with hardly any error:
# what is a tenth of the winner's own noise cannot matter, however sure it is.
NEXT_TO_NOTHING = 0.1


@dataclass(frozen=True)
class Standing:
    """How sure a search may be of its winner."""

    n_ranked: int  # trials with a value
    n_as_good: int  # of them, within one standard error of the winner, itself left out
    variation: float  # of the winner's value over the second half of its passes
    is_settled: bool  # the variation is within the winner's margin


@dataclass(frozen=True)
class Difference:
    """By how much one loses more than another on the same parts."""

    mean: float
    error: float  # standard error of the mean

    def matters(self, metric: Metric) -> bool:
        """Tell whether it is more than its error, and more than next to nothing."""
        return self.mean > max(self.error, metric.negligible)


@dataclass(frozen=True)
class ByAccuracy:
    """The trial that accuracy would choose, where a study chooses otherwise."""

    trial: TrialRecord
    gain: Difference  # by how much more accurate it is than the winner


def difference(one: Sequence[float], other: Sequence[float], overlap: float) -> Difference:
    """Return by how much one loses more than another, part by part: costs, or lacks to 1.

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
    if trial.loss is None or winner.loss is None:
        return False
    if len(trial.folds) < 2 or len(trial.folds) != len(winner.folds):
        return trial.loss - winner.loss <= _near(winner)
    worse = difference(trial.losses, winner.losses, overlap)
    return worse.mean <= max(worse.error, NEXT_TO_NOTHING * (winner.error or 0.0))


def chosen_by_accuracy(
    ranking: Sequence[TrialRecord], n_samples: float, overlap: float = 0.0
) -> ByAccuracy | None:
    """Return the trial that accuracy would choose; None where that is no more than noise.

    `n_samples` are held out at a time: where that is once, the error is the binomial one.
    """
    told = [trial for trial in ranking if trial.accuracy is not None]
    if not told or told[0] is not ranking[0] or ranking[0].metric is ACCURACY:
        return None
    winner = ranking[0]
    best = min(told, key=lambda trial: ACCURACY.loss(trial.accuracy or 0.0))
    assert winner.accuracy is not None, "checked above"
    assert best.accuracy is not None, "checked above"
    mine, its = (trial.scores_by_fold(ACCURACY.name) for trial in (best, winner))
    if len(mine) > 1 and len(mine) == len(its):
        gain = difference(mine, its, overlap)
    else:
        p = min(winner.accuracy, 1.0)  # older studies have 1 + 2e-16, of weighted samples
        gain = Difference(best.accuracy - winner.accuracy, math.sqrt(p * (1 - p) / n_samples))
    return ByAccuracy(best, gain) if gain.matters(ACCURACY) else None


def _variation(winner: TrialRecord, passes: int) -> float:
    """Return by how much the winner's values differ over the second half of its passes."""
    late = [cost for at, cost in winner.intermediate.items() if at >= passes / 2]
    return max(late) - min(late) if late else 0.0


def _margin(ranking: Sequence[TrialRecord], horizon: str) -> float:
    """Return how much of the winner's value is noise anyway.

    That is its standard error; with one validation part, its distance to the next model.
    """
    winner = ranking[0]
    if winner.error is not None:
        return max(winner.error, winner.metric.negligible)
    model = _model(winner, horizon)
    second = next((t.loss for t in ranking if _model(t, horizon) != model), None)
    assert winner.loss is not None, "a ranked trial has a value"
    return max(0.0 if second is None else second - winner.loss, _near(winner))


def _near(winner: TrialRecord) -> float:
    """Return how much more than the winner is as good; shares lie in steps, of a sample each."""
    assert winner.loss is not None, "a ranked trial has a value"
    if winner.metric.maximized:
        return winner.metric.negligible
    return NEAR_THE_WINNER * abs(winner.loss)


def _model(trial: TrialRecord, horizon: str) -> dict[str, Choice]:
    return {name: value for name, value in trial.params.items() if name != horizon}
