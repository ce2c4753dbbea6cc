"""How sure the winner is: the top trials over all repetitions, compared part by part.

confirmed   the trial with the lowest mean validation cost, of those without outliers; where the
            study chooses by a share of 1, such as accuracy, what lacks to 1 stands for the cost
one-se      the simplest trial whose mean is within one standard error of that, the error of their
            difference on the same parts (L. Breiman, J. Friedman, R. Olshen, C. Stone,
            Classification and regression trees, 1984)
outlier     a cost that is further above the median trial's on the same part than the trial's
            others are, by more than 3.5 robust standard deviations (B. Iglewicz, D. Hoaglin, How
            to detect and handle outliers, 1993)
luck        the winner's mean over the repetitions minus the cost that it was chosen by
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers.categories import Choice, Key, numbers
from hpsoft.optimizers.protocol import Hyperparameter, Role
from hpsoft.softmax.metric import Metric
from hpsoft.study.identity import Identity
from hpsoft.study.records import TrialRecord
from hpsoft.tuning.noise import Difference, difference, error_per_deviation

FAR = 3.5  # robust standard deviations to an outlier
DIVERGED = 1e6  # stands for an infinite cost, of which there are no differences


@dataclass(frozen=True)
class Candidate:
    """One of the top trials and what it cost in every repetition."""

    trial: TrialRecord
    costs: tuple[float, ...]  # validation loss on every part; infinite where it diverged
    scores: Mapping[str, float]  # every metric by name, mean over the repetitions
    ranks: tuple[float, ...]  # on every part; 1 is the best of it

    @property
    def mean(self) -> float:
        """Mean validation cost."""
        return float(np.mean(self.costs))

    @property
    def deviation(self) -> float:
        """Standard deviation of the cost between parts; infinite where one diverged."""
        return float(np.std(self.costs, ddof=1)) if np.isfinite(self.mean) else np.inf

    @property
    def n_diverged(self) -> int:
        """Parts on which it diverged."""
        return int(np.sum(~np.isfinite(self.costs)))

    @property
    def mean_rank(self) -> float:
        """Mean rank among the candidates."""
        return float(np.mean(self.ranks))


@dataclass(frozen=True)
class ExactOptimum:
    """The exact minimum of one regularised cost, on the same parts."""

    alpha: float
    costs: tuple[float, ...]
    class_weight: float = 0.0
    view: Key = ()  # of the data

    @property
    def mean(self) -> float:
        """Mean validation cost."""
        return float(np.mean(self.costs))


@dataclass(frozen=True)
class ConfirmReport:
    """What `hpsoft confirm` finds."""

    study: str
    note: str | None
    method: str  # 5 splits, 5 times 5 folds
    overlap: float  # held-out over trained-on samples of a part
    candidates: tuple[Candidate, ...]  # in the order of the study
    optima: tuple[ExactOptimum, ...]  # by alpha; none where the trials have none
    simplicity: tuple[tuple[float, ...], ...]  # of each candidate; smaller is simpler
    replaced: bool  # an earlier confirmation
    identity: Identity | None = None  # of the study

    @cached_property
    def outliers(self) -> tuple[int, ...]:
        """On how many parts each candidate's cost is an outlier."""
        costs = np.array([candidate.costs for candidate in self.candidates]).clip(max=DIVERGED)
        if len(costs) < 2:
            return (0,) * len(costs)
        # Over the others alone: the middle one of few candidates would have no spread at all.
        # The lower of two middle ones: half of a jump of another trial's is not everyone's.
        middle = (len(costs) - 2) // 2
        rest = [np.sort(np.delete(costs, i, axis=0), axis=0)[middle] for i in range(len(costs))]
        excess = costs - np.array(rest)
        excess -= np.median(excess, axis=1, keepdims=True)
        own = np.median(np.abs(excess), axis=1, keepdims=True)
        spread = np.maximum(own, np.median(np.abs(excess))) / 0.6745
        least = np.maximum(FAR * spread, self.metric.negligible)
        return tuple((excess > least).sum(axis=1).tolist())

    @cached_property
    def steady(self) -> tuple[Candidate, ...]:
        """The candidates without outliers; all that never diverged where each has some."""
        sound = [i for i, candidate in enumerate(self.candidates) if not candidate.n_diverged]
        chosen = [i for i in sound if not self.outliers[i]] or sound
        return tuple(self.candidates[i] for i in chosen)

    @cached_property
    def confirmed(self) -> Candidate:
        """The steady candidate with the lowest mean cost."""
        return min(self.steady, key=lambda candidate: candidate.mean)

    @cached_property
    def one_se(self) -> Candidate:
        """The simplest steady candidate within one standard error of the best mean."""
        near = [c for c in self.steady if self._is_near(c) and not self._is_beaten(c)]
        near = near or [self.confirmed]
        simple = dict(zip(map(id, self.candidates), self.simplicity, strict=True))
        return min(near, key=lambda candidate: (*simple[id(candidate)], candidate.mean))

    def _is_near(self, candidate: Candidate) -> bool:
        difference = self.difference(candidate, self.confirmed)
        return difference.mean <= difference.error

    def _is_beaten(self, candidate: Candidate) -> bool:
        """Tell whether an exact optimum is better by more than the error."""
        best = self.best_optimum
        return best is not None and self.difference(candidate, best).matters(self.metric)

    def error(self, candidate: Candidate) -> float:
        """Return the standard error of a candidate's mean."""
        return candidate.deviation * error_per_deviation(len(candidate.costs), self.overlap)

    def difference(
        self, one: Candidate | ExactOptimum, other: Candidate | ExactOptimum
    ) -> Difference:
        """Return by how much one costs more than another, over the parts."""
        return difference(one.costs, other.costs, self.overlap)

    @cached_property
    def best_optimum(self) -> ExactOptimum | None:
        """The exact optimum with the lowest mean cost."""
        return min(self.optima, key=lambda optimum: optimum.mean, default=None)

    @property
    def refused(self) -> bool:
        """Whether no trial is recommended: an exact optimum is better by more than the error."""
        return self._is_beaten(self.confirmed)

    @property
    def metric(self) -> Metric:
        """By which the study chose its winner; costs are its losses."""
        return self.winner.trial.metric

    @property
    def winner(self) -> Candidate:
        """The candidate that won the study."""
        return self.candidates[0]

    @property
    def luck(self) -> float:
        """By how much the winner's mean is above the cost that it was chosen by."""
        assert self.winner.trial.loss is not None, "a ranked trial has a value"
        return self.winner.mean - self.winner.trial.loss

    @property
    def stability(self) -> float:
        """Mean rank correlation (Spearman) between two parts; NaN for one candidate."""
        costs = np.array([candidate.costs for candidate in self.candidates])
        pairs = combinations(range(costs.shape[1]), 2)
        return _mean([_spearman(costs[:, a], costs[:, b]) for a, b in pairs])

    @property
    def agreement(self) -> float:
        """Mean rank correlation between the study and a part."""
        stored = np.array([candidate.trial.loss for candidate in self.candidates], float)
        costs = np.array([candidate.costs for candidate in self.candidates])
        return _mean([_spearman(stored, column) for column in costs.T])


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")


def _spearman(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Return Spearman's rank correlation; NaN where one of the two has but one rank."""
    from scipy.stats import rankdata, spearmanr

    if min(np.ptp(rankdata(a)), np.ptp(rankdata(b))) == 0:
        return float("nan")
    return float(spearmanr(a, b).statistic)


def simplicity(
    hyperparameters: Iterable[Hyperparameter], params: Mapping[str, Choice]
) -> tuple[float, ...]:
    """Return what is smaller for a simpler trial: by fewer passes first.

    Then, where the optimizer says that larger is simpler, by what makes the model, and last by
    what only orders the work.
    """
    declared = list(hyperparameters)
    values = numbers(params)
    passes = [values[h.name] for h in declared if h.role is Role.HORIZON]
    model, work = (
        [-values[h.name] for h in declared if h.larger_is_simpler and h.role is role]
        for role in (Role.COLUMNAR, Role.STRUCTURAL)
    )
    return (*passes, *model, *work)
