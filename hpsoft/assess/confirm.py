"""How sure is the winner? The top trials, trained again on the data divided otherwise.

Each repetition divides the data as the study did, by a seed of its own that also orders the
samples, and trains all trials as fused blocks. Trials are compared on the same parts; those of a
cross-validation, of small data, also with the exact optima of their strengths of L2. The test part
is not read.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from hpsoft.assess.confirm_report import Candidate, ConfirmReport, ExactOptimum, simplicity
from hpsoft.assess.optima import Cost, cost_of, has_optimum
from hpsoft.assess.repetitions import Repeated, Repetitions, repeat, usual_repetitions
from hpsoft.data import Dataset, TrainingData
from hpsoft.data.validation import LARGEST, Validation
from hpsoft.engine.points import Progress
from hpsoft.errors import SpaceError, StudyError, check_least
from hpsoft.optimizers.categories import Choice
from hpsoft.optimizers.protocol import Optimizer
from hpsoft.study.identity import Identity
from hpsoft.study.reader import Where
from hpsoft.study.records import TrialRecord
from hpsoft.study.study import find_study
from hpsoft.system.cores import n_cores
from hpsoft.tuning.setting.views import Looks


@dataclass(frozen=True)
class ConfirmConfig:
    """Options of `hpsoft confirm`."""

    study: str = "latest"
    storage: Where = None
    top: int = 20
    seeds: int | None = None  # repetitions; None: the usual number
    cv: int | None = None  # folds of each repetition; None: as the study
    data: str | Dataset | None = None
    jobs: int | None = None
    optima: bool = True  # compare with exact optima; trials that are these need no comparison


def confirm_winner(config: ConfirmConfig) -> Generator[Progress, None, ConfirmReport]:
    """Train the top trials again, end with the report, and record the choice in the study.

    Raises:
        SpaceError: a number of something is too small.
        StudyError: no such study, no trial with a value, or none that never diverged.
        HpsoftError: the data has changed, or the storage cannot be written.
    """
    for option, value, least in (
        ("--top", config.top, 1),
        ("--seeds", config.seeds, 1),
        ("--cv", config.cv, 2),
        ("--jobs", config.jobs, 1),
    ):
        check_least(option, value, least)
    study = find_study(config.storage, config.study)
    study.connection.check_writable()  # before the work whose result is kept there
    identity = study.description.identity
    validation, n_seeds = _validation(config, identity)
    top = study.ranking[: config.top]
    if not top:
        raise StudyError(f"Study {study.name!r} has no trial with a value to confirm.")
    optimizer = study.load_optimizer()
    data = identity.load_data(config.data).training
    # Of more data the exact optima would take longer than all else.
    has_folds = identity.folds is not None or config.cv is not None
    is_quick = has_folds or len(data.samples) <= LARGEST
    costs = _costs(optimizer, top) if is_quick and config.optima else []
    validation = validation.of_pooled(data)
    seeds = [identity.seed + 1 + i for i in range(n_seeds)]
    jobs = n_cores(config.jobs)
    points = [trial.params for trial in top]
    looks = Looks(data.feature_sets, identity.scale).among(points)
    how = Repetitions(identity, optimizer, data, validation, seeds, jobs, looks)
    repeated = yield from repeat(how, points, costs)
    report = ConfirmReport(
        study=study.name,
        note=study.note,
        method=_method(validation, len(seeds)),
        overlap=validation.overlap,
        candidates=_candidates(top, repeated),
        optima=tuple(
            ExactOptimum(cost.alpha, tuple(found), cost.class_weight, cost.view)
            for cost, found in zip(costs, repeated.optima.tolist(), strict=True)
            if np.isfinite(found).all()
        ),
        simplicity=tuple(_simplicity(optimizer, data, trial.params) for trial in top),
        replaced=study.confirmation is not None,
        identity=identity,
    )
    _check_one_is_sound(report)
    study.record_confirmation(_kept(report, config, seeds))
    return report


def _simplicity(
    optimizer: Optimizer, data: TrainingData, params: Mapping[str, Choice]
) -> tuple[float, ...]:
    """Return what is smaller for a simpler trial: fewer features before all else."""
    columns = Looks(data.feature_sets, data.scale).of(params).columns
    n_features = () if columns is None else (float(len(columns)),)
    return (*n_features, *simplicity(optimizer.hyperparameters, params))


def _validation(config: ConfirmConfig, identity: Identity) -> tuple[Validation, int]:
    """Return how each repetition divides the data, folds once, and how many there are.

    Raises:
        SpaceError: too few repetitions to say anything of a spread.
    """
    recorded = identity.validation.anew
    folds = config.cv or recorded.folds
    once = recorded.folds is None and config.cv is not None  # all folds are repetition enough
    n_seeds = config.seeds or (1 if once else usual_repetitions(folds))
    if folds is None and n_seeds < 2:
        raise SpaceError(f"--seeds takes 2 or more: one says nothing of a spread: {n_seeds}.")
    return (
        recorded if folds is None else Validation(None, folds, by_time=recorded.by_time)
    ), n_seeds


def _method(validation: Validation, n_seeds: int) -> str:
    if validation.folds is None:
        return f"{n_seeds} splits"
    if validation.by_time:
        folds = f"{validation.folds} folds in time"
        return folds if n_seeds == 1 else f"{folds}, with {n_seeds} orders of the samples each"
    folds = f"{validation.folds} folds"
    return folds if n_seeds == 1 else f"{n_seeds} times {folds}"


def _costs(optimizer: Optimizer, top: Sequence[TrialRecord]) -> list[Cost]:
    """Return the costs whose exact optima the trials are compared with."""
    if not has_optimum(optimizer):
        return []
    return sorted({cost_of(trial.params) for trial in top if float(trial.params["alpha"]) > 0})


def _candidates(top: Sequence[TrialRecord], repeated: Repeated) -> tuple[Candidate, ...]:
    from scipy.stats import rankdata

    ranks = rankdata(repeated.losses, method="min", axis=0)
    rows = zip(top, repeated.losses, repeated.scores, ranks, strict=True)
    return tuple(
        Candidate(trial, tuple(losses.tolist()), scores, tuple(ranks.tolist()))
        for trial, losses, scores, ranks in rows
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
        "confirmed": None if report.refused else report.confirmed.trial.number,
        "one-se": None if report.refused else report.one_se.trial.number,
        "means": {
            str(candidate.trial.number): (
                report.metric.loss(candidate.mean) if np.isfinite(candidate.mean) else None
            )
            for candidate in report.candidates
        },
        "method": report.method,
        "errors": {
            str(candidate.trial.number): error
            for candidate in report.candidates
            if np.isfinite(error := report.error(candidate))
        },
    }
