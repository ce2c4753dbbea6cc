"""How sure is the winner? The top trials, trained again with other seeds or on other folds.

Each repetition has a split and an order of samples of its own, the same for all trials, and trains
them as fused blocks. The test part is not read.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from hpsoft.engine.train import Setting
from hpsoft.errors import SpaceError, StudyError
from hpsoft.optimizers.registry import load as load_optimizer
from hpsoft.search.config import available_cores
from hpsoft.search.confirm_report import Candidate, ConfirmReport, simplicity
from hpsoft.search.confirmed import confirmation, record_confirmation
from hpsoft.search.leaderboard import competitors, rank
from hpsoft.search.listing import find_study, trials
from hpsoft.search.reading import describe_study, open_storage
from hpsoft.search.records import TrialRecord
from hpsoft.search.repetitions import repetitions
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


def confirm(config: ConfirmConfig) -> Generator[Progress | ConfirmReport, None, None]:
    """Train the top trials again, end with the report, and record the choice in the study.

    Raises:
        StudyError: no such study, no trial with a value, or none that never diverged.
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
    optimizer = load_optimizer(about["optimizer"])
    # The study's own seed is none of them.
    seeds = [about["seed"] + 1 + i for i in range(config.cv or config.seeds)]
    data = same_data(about, config.data).training
    settings = repetitions(about, optimizer, data, seeds, folds=config.cv is not None)
    scores: list[list[Validated]] = []
    for i in range(1, len(seeds) + 1):
        what = f"{'fold' if config.cv else 'split'} {i} of {len(seeds)}"
        # No name here for the setting: it would live on beside the next one.
        scores.append((yield from _scored(what, next(settings), top, config.jobs)))
    report = ConfirmReport(
        study=name,
        note=found.note,
        method=f"{len(seeds)} {'folds' if config.cv else 'splits'}",
        candidates=_candidates(top, scores),
        simplicity=tuple(simplicity(optimizer.hyperparameters, trial.params) for trial in top),
        replaced=confirmation(storage, name) is not None,
    )
    _check_one_is_sound(report)
    record_confirmation(storage, name, _kept(report, config, seeds))
    yield report


def _scored(
    what: str, setting: Setting, top: Sequence[TrialRecord], jobs: int | None
) -> Generator[Progress, None, list[Validated]]:
    """Train the trials in one setting; return their scores in the order of the trials."""
    found: dict[int, Validated] = {}
    n_jobs = min(jobs or available_cores(), available_cores())
    for event in validate(what, setting, [trial.params for trial in top], n_jobs):
        if isinstance(event, Progress):
            yield event
        else:
            found[event.index] = event
    return [found[index] for index in range(len(top))]


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
        "confirmed": report.confirmed.trial.number,
        "one-se": report.one_se.trial.number,
        "means": {
            str(candidate.trial.number): candidate.mean if np.isfinite(candidate.mean) else None
            for candidate in report.candidates
        },
    }
