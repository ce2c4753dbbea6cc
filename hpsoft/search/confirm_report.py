"""How sure the winner is: means, spreads and ranks of the top trials over all repetitions.

confirmed   the trial with the lowest mean validation cost
one-se      the simplest trial whose mean is within one standard error of that (L. Breiman,
            J. Friedman, R. Olshen, C. Stone, Classification and regression trees, 1984)
luck        the winner's mean over the repetitions minus the cost that it was chosen by
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers.protocol import Hyperparameter, Role, Value
from hpsoft.search.records import TrialRecord


@dataclass(frozen=True)
class Candidate:
    """One of the top trials and what it cost in every repetition."""

    trial: TrialRecord
    costs: tuple[float, ...]  # validation cross-entropy; infinite where it diverged
    accuracies: tuple[float, ...]
    ranks: tuple[float, ...]  # 1 is the best of the repetition

    @property
    def mean(self) -> float:
        """Mean validation cost."""
        return float(np.mean(self.costs))

    @property
    def deviation(self) -> float:
        """Standard deviation of the cost between repetitions; infinite where one diverged."""
        return float(np.std(self.costs, ddof=1)) if np.isfinite(self.mean) else np.inf

    @property
    def error(self) -> float:
        """Standard error of the mean."""
        return self.deviation / float(np.sqrt(len(self.costs)))

    @property
    def n_diverged(self) -> int:
        """Repetitions in which it diverged."""
        return int(np.sum(~np.isfinite(self.costs)))

    @property
    def accuracy(self) -> float:
        """Mean validation accuracy."""
        return float(np.mean(self.accuracies))

    @property
    def mean_rank(self) -> float:
        """Mean rank among the candidates."""
        return float(np.mean(self.ranks))


@dataclass(frozen=True)
class ConfirmReport:
    """What `hpsoft confirm` finds."""

    study: str
    note: str | None
    method: str  # 5 splits, 10 folds
    candidates: tuple[Candidate, ...]  # in the order of the study
    simplicity: tuple[tuple[float, ...], ...]  # of each candidate; smaller is simpler
    replaced: bool  # an earlier confirmation

    @cached_property
    def confirmed(self) -> Candidate:
        """The candidate with the lowest mean cost."""
        return min(self.candidates, key=lambda candidate: candidate.mean)

    @cached_property
    def one_se(self) -> Candidate:
        """The simplest candidate within one standard error of the best mean."""
        limit = self.confirmed.mean + self.confirmed.error
        near = [
            (simple, candidate.mean, i)
            for i, (candidate, simple) in enumerate(
                zip(self.candidates, self.simplicity, strict=True)
            )
            if candidate.mean <= limit
        ]
        return self.candidates[min(near)[2]]

    @property
    def winner(self) -> Candidate:
        """The candidate that won the study."""
        return self.candidates[0]

    @property
    def luck(self) -> float:
        """By how much the winner's mean is above the cost that it was chosen by."""
        assert self.winner.trial.value is not None, "a ranked trial has a value"
        return self.winner.mean - self.winner.trial.value

    @property
    def stability(self) -> float:
        """Mean rank correlation (Spearman) between two repetitions; NaN for one candidate."""
        costs = np.array([candidate.costs for candidate in self.candidates])
        pairs = combinations(range(costs.shape[1]), 2)
        return _mean([_spearman(costs[:, a], costs[:, b]) for a, b in pairs])

    @property
    def agreement(self) -> float:
        """Mean rank correlation between the study and a repetition."""
        stored = np.array([candidate.trial.value for candidate in self.candidates], float)
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
    hyperparameters: Iterable[Hyperparameter], params: Mapping[str, Value]
) -> tuple[float, ...]:
    """Return what is smaller for a simpler trial: by fewer passes first.

    Then, where the optimizer says that larger is simpler, by what makes the model, and last by what
    only orders the work.
    """
    declared = list(hyperparameters)
    passes = [params[h.name] for h in declared if h.role is Role.HORIZON]
    model, work = (
        [-params[h.name] for h in declared if h.larger_is_simpler and h.role is role]
        for role in (Role.COLUMNAR, Role.STRUCTURAL)
    )
    return (*passes, *model, *work)
