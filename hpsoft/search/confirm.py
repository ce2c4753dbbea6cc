"""How sure is the winner? The top trials, trained again on the data divided otherwise.

Each repetition divides the data as the study did, by a seed of its own that also orders the
samples, and trains all trials as fused blocks; beside them the exact optima of their strengths of
L2. Trials are compared on the same parts. The test part is not read.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hpsoft.engine.train import Setting
from hpsoft.errors import SpaceError, StudyError
from hpsoft.optimizers.protocol import Optimizer, Value
from hpsoft.optimizers.registry import load as load_optimizer
from hpsoft.search.config import available_cores
from hpsoft.search.confirm_report import (
    Candidate,
    ConfirmReport,
    ExactOptimum,
    simplicity,
)
from hpsoft.search.confirmed import confirmation, record_confirmation
from hpsoft.search.leaderboard import competitors, rank
from hpsoft.search.listing import find_study, trials
from hpsoft.search.optima import NEWTON, has_optimum, newton_points
from hpsoft.search.reading import describe_study, open_storage
from hpsoft.search.records import TrialRecord
from hpsoft.search.repetitions import repetitions
from hpsoft.search.retrain import Progress, Validated, validate
from hpsoft.search.same_data import same_data
from hpsoft.search.validation import Validation, recorded_validation

_Scores: TypeAlias = tuple[list[Validated], list[Validated]]  # of the trials, of the optima


@dataclass(frozen=True)
class ConfirmConfig:
    """Options of `hpsoft confirm`."""

    study: str = "latest"
    storage: str | None = None
    top: int = 20
    seeds: int = 5
    cv: int | None = None  # folds of each repetition; None: as the study
    data: str | None = None
    jobs: int | None = None


def confirm(config: ConfirmConfig) -> Generator[Progress | ConfirmReport, None, None]:
    """Train the top trials again, end with the report, and record the choice in the study.

    Raises:
        StudyError: no such study, no trial with a value, or none that never diverged.
        HpsoftError: the data has changed, or the storage cannot be written.
    """
    storage = open_storage(config.storage)
    found = find_study(storage, config.study)
    name = found.summary.name
    about = describe_study(storage, name)
    validation = _validation(config, about)
    top = rank(competitors(trials(storage, name)))[: config.top]
    if not top:
        raise StudyError(f"Study {name!r} has no trial with a value to confirm.")
    optimizer = load_optimizer(about["optimizer"])
    alphas = _alphas(optimizer, top)
    # The study's own seed is none of them.
    seeds = [about["seed"] + 1 + i for i in range(config.seeds)]
    data = same_data(about, config.data).training
    validation = validation.of_pooled(data)
    settings = repetitions(about, optimizer, data.pooled(), validation, seeds)
    scored: list[_Scores] = []
    for i in range(1, len(seeds) + 1):
        what = f"repetition {i} of {len(seeds)}"
        # No name here for the setting: it would live on beside the next one.
        scored.append((yield from _scored(what, next(settings), top, alphas, config.jobs)))
    report = ConfirmReport(
        study=name,
        note=found.note,
        method=_method(validation, len(seeds)),
        overlap=validation.overlap,
        candidates=_candidates(top, [trained for trained, _ in scored]),
        optima=_optima(alphas, [optima for _, optima in scored]),
        simplicity=tuple(simplicity(optimizer.hyperparameters, trial.params) for trial in top),
        replaced=confirmation(storage, name) is not None,
    )
    _check_one_is_sound(report)
    record_confirmation(storage, name, _kept(report, config, seeds))
    yield report


def _validation(config: ConfirmConfig, about: Mapping[str, Any]) -> Validation:
    """Return how each repetition divides the data; folds are divided once in each.

    Raises:
        SpaceError: too few repetitions to say anything of a spread.
    """
    recorded = recorded_validation(about)
    folds = config.cv or recorded.folds
    if folds is None and config.seeds < 2:
        raise SpaceError(f"--seeds takes 2 or more: one says nothing of a spread: {config.seeds}.")
    if config.seeds < 1:
        raise SpaceError(f"--seeds takes 1 or more, not {config.seeds}.")
    return recorded if folds is None else Validation(None, folds)


def _method(validation: Validation, n_seeds: int) -> str:
    if validation.folds is None:
        return f"{n_seeds} splits"
    folds = f"{validation.folds} folds"
    return folds if n_seeds == 1 else f"{n_seeds} times {folds}"


def _alphas(optimizer: Optimizer, top: Sequence[TrialRecord]) -> list[Value]:
    """Return the strengths of L2 whose exact optima the trials are compared with."""
    if not has_optimum(optimizer):
        return []
    return sorted({trial.params["alpha"] for trial in top if trial.params["alpha"] > 0})


def _scored(
    what: str,
    setting: Setting,
    top: Sequence[TrialRecord],
    alphas: Sequence[Value],
    jobs: int | None,
) -> Generator[Progress, None, _Scores]:
    """Train the trials, and find the optima, in one setting; return the scores in their order."""
    n_jobs = min(jobs or available_cores(), available_cores())
    points = [trial.params for trial in top]
    trained = yield from _gathered(validate(what, setting, points, n_jobs))
    if not alphas:
        return trained, []
    exact = replace(setting, optimizer=load_optimizer(NEWTON))
    optima = yield from _gathered(
        validate(f"{what}, exact optima", exact, newton_points(alphas), n_jobs)
    )
    return trained, optima


def _gathered(
    events: Iterator[Progress | Validated],
) -> Generator[Progress, None, list[Validated]]:
    """Pass progress on; return the scores in the order of the points."""
    found: list[Validated] = []
    for event in events:
        if isinstance(event, Progress):
            yield event
        else:
            found.append(event)
    return sorted(found, key=lambda scores: scores.index)


def _candidates(
    top: Sequence[TrialRecord], scored: Sequence[Sequence[Validated]]
) -> tuple[Candidate, ...]:
    from scipy.stats import rankdata

    costs = _costs(scored)
    ranks = np.array([rankdata(row, method="min") for row in costs.T])
    return tuple(
        Candidate(
            trial,
            tuple(costs[i].tolist()),
            tuple(repetition[i].accuracy for repetition in scored),
            tuple(ranks[:, i].tolist()),
        )
        for i, trial in enumerate(top)
    )


def _optima(
    alphas: Sequence[Value], scored: Sequence[Sequence[Validated]]
) -> tuple[ExactOptimum, ...]:
    """Return the optima that Newton reached in every repetition."""
    costs = _costs(scored)
    return tuple(
        ExactOptimum(float(alpha), tuple(costs[i].tolist()))
        for i, alpha in enumerate(alphas)
        if np.isfinite(costs[i]).all() and all(repetition[i].converged for repetition in scored)
    )


def _costs(scored: Sequence[Sequence[Validated]]) -> NDArray[np.float64]:
    """Return costs (n_points, n_parts), infinite where a model diverged."""
    costs = [
        np.concatenate([scores.folds for scores in point]) for point in zip(*scored, strict=True)
    ]
    return np.where(np.isfinite(costs), costs, np.inf)


def _check_one_is_sound(report: ConfirmReport) -> None:
    if all(candidate.n_diverged for candidate in report.candidates):
        n = len(report.candidates)
        which = "The one trial" if n == 1 else f"Each of the {n:,} trials"
        raise StudyError(
            f"{which} diverged in one or more of {report.method}: no mean cost, nothing to "
            "confirm. Take more trials with --top, or search smaller learning rates."
        )


def _kept(report: ConfirmReport, config: ConfirmConfig, seeds: Sequence[int]) -> dict[str, Any]:
    """Return what the study remembers, in JSON's types."""
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "top": config.top,
        "cv": config.cv,
        "seeds": list(seeds),
        "confirmed": None if report.refused else report.confirmed.trial.number,
        "one-se": None if report.refused else report.one_se.trial.number,
        "means": {
            str(candidate.trial.number): candidate.mean if np.isfinite(candidate.mean) else None
            for candidate in report.candidates
        },
    }
