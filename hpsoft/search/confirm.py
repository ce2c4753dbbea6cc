"""How sure is the winner? The top trials, trained again with other seeds or on other folds.

Each repetition has a split and an order of samples of its own, the same for all trials, and trains
them as fused blocks. The test part is not read.

    confirmed   the trial with the lowest mean validation cost
    one-se      the simplest trial whose mean is within one standard error of that: fewest passes,
                then the largest alpha, then the largest batches (L. Breiman, J. Friedman,
                R. Olshen, C. Stone, Classification and regression trees, 1984)
    luck        the winner's mean over the repetitions minus the cost that it was chosen by
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.data import Samples, Scaler, TrainingData, split
from hpsoft.engine.plan import names_by_role
from hpsoft.engine.train import Setting
from hpsoft.errors import DataError, SpaceError, StudyError
from hpsoft.optimizers.protocol import Optimizer, Role
from hpsoft.optimizers.registry import load as load_optimizer
from hpsoft.search.config import available_cores
from hpsoft.search.confirmed import confirmation, record_confirmation
from hpsoft.search.leaderboard import competitors, rank
from hpsoft.search.listing import find_study, trials
from hpsoft.search.reading import describe_study, open_storage
from hpsoft.search.records import TrialRecord
from hpsoft.search.retrain import Progress, Validated, validate
from hpsoft.search.same_data import same_data


@dataclass(frozen=True)
class ConfirmConfig:
    """Options of `hpsoft confirm`."""

    study: str = "best"
    storage: str | None = None
    top: int = 20
    seeds: int = 5
    cv: int | None = None  # folds; None: repeated splits
    data: str | None = None
    jobs: int | None = None


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


def confirm(config: ConfirmConfig) -> Iterator[Progress | ConfirmReport]:
    """Train the top trials again, end with the report, and record the choice in the study.

    Raises:
        StudyError: no such study, or no trial with a value.
        HpsoftError: the data has changed, or the storage cannot be written.
    """
    if config.cv is None and config.seeds < 2:
        raise SpaceError(f"--seeds takes 2 or more: one says nothing of a spread: {config.seeds}.")
    storage = open_storage(config.storage)
    found = find_study(storage, config.study)
    name = found.summary.name
    about = describe_study(storage, name)
    top = rank(competitors(trials(storage, name)))[: config.top]
    if not top:
        raise StudyError(f"Study {name!r} has no trial with a value to confirm.")
    data = same_data(about, config.data).training
    optimizer = load_optimizer(about["optimizer"])
    settings = list(_settings(config, about, optimizer, data))
    scores: list[list[Validated]] = []
    for i, setting in enumerate(settings, 1):
        what = f"{'fold' if config.cv else 'split'} {i} of {len(settings)}"
        one: dict[int, Validated] = {}
        jobs = min(config.jobs or available_cores(), available_cores())
        for event in validate(what, setting, [trial.params for trial in top], jobs):
            if isinstance(event, Progress):
                yield event
            else:
                one[event.index] = event
        scores.append([one[index] for index in range(len(top))])
    report = ConfirmReport(
        study=name,
        note=found.note,
        method=f"{len(settings)} {'folds' if config.cv else 'splits'}",
        candidates=_candidates(top, scores),
        simplicity=tuple(_simplicity(optimizer, trial) for trial in top),
        replaced=confirmation(storage, name) is not None,
    )
    record_confirmation(storage, name, _kept(report, config, settings))
    yield report


def _settings(
    config: ConfirmConfig, about: Mapping[str, Any], optimizer: Optimizer, data: TrainingData
) -> Iterator[Setting]:
    """Yield a setting for every repetition; the study's own seed is none of them."""
    seeds = [about["seed"] + 1 + i for i in range(config.cv or config.seeds)]
    if config.cv is None:
        parts = _splits(data, about["val_fraction"], seeds)
    else:
        parts = _folds(data, config.cv, about["seed"])
    dtype = np.dtype(about["dtype"])
    for seed, (train, held) in zip(seeds, parts, strict=True):
        scaler = Scaler.fit(about["scale"], train.X)
        yield Setting(
            optimizer,
            scaler.apply(train.X, dtype),
            train.labels,
            scaler.apply(held.X, dtype),
            held.labels,
            data.n_classes,
            dtype,
            seed,
        )


def _splits(
    data: TrainingData, fraction: float, seeds: Sequence[int]
) -> Iterator[tuple[Samples, Samples]]:
    for seed in seeds:
        parts = split(data, fraction, seed)
        yield parts.train, parts.validation


def _folds(data: TrainingData, n: int, seed: int) -> Iterator[tuple[Samples, Samples]]:
    """Yield the training and the held-out part of stratified folds.

    Raises:
        DataError: fewer than two folds, or a class with fewer samples than folds.
    """
    from sklearn.model_selection import StratifiedKFold

    samples = data.samples
    fewest = int(np.bincount(samples.labels, minlength=data.n_classes).min())
    if not 2 <= n <= fewest:
        raise DataError(
            f"--cv takes 2 to {fewest:,} folds, as many as the smallest class has samples: {n}."
        )
    folds = StratifiedKFold(n, shuffle=True, random_state=seed)
    for kept, held in folds.split(samples.X, samples.labels):
        yield (
            Samples(samples.X[kept], samples.labels[kept]),
            Samples(samples.X[held], samples.labels[held]),
        )


def _candidates(
    top: Sequence[TrialRecord], scores: Sequence[Sequence[Validated]]
) -> tuple[Candidate, ...]:
    from scipy.stats import rankdata

    costs = np.array([[score.cost for score in row] for row in scores])
    costs[~np.isfinite(costs)] = np.inf
    ranks = np.array([rankdata(row, method="min") for row in costs])
    return tuple(
        Candidate(
            trial,
            tuple(costs[:, i].tolist()),
            tuple(row[i].accuracy for row in scores),
            tuple(ranks[:, i].tolist()),
        )
        for i, trial in enumerate(top)
    )


def _simplicity(optimizer: Optimizer, trial: TrialRecord) -> tuple[float, ...]:
    (horizon,) = names_by_role(optimizer.hyperparameters, Role.HORIZON)
    params = trial.params
    return (params[horizon], -params.get("alpha", 0.0), -params.get("batch_size", 0))


def _kept(
    report: ConfirmReport, config: ConfirmConfig, settings: Sequence[Setting]
) -> dict[str, Any]:
    """Return what the study remembers, in JSON's types."""
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "top": config.top,
        "cv": config.cv,
        "seeds": [setting.seed for setting in settings],
        "confirmed": report.confirmed.trial.number,
        "one-se": report.one_se.trial.number,
        "means": {
            str(candidate.trial.number): candidate.mean if np.isfinite(candidate.mean) else None
            for candidate in report.candidates
        },
    }
