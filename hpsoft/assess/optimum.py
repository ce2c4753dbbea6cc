"""How far the trials of a study are from the exact optimum of what they minimise.

For every alpha (and class_weight, and view of the data) of the study Newton's method finds the
minimum of the regularised training cost, on the study's own split and scaling. The study's best
trials are trained anew beside it: a study holds validation costs only.
"""

import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import product
from typing import Any, TypeVar

from hpsoft.assess.optima import (
    ITERATIONS,
    NEWTON,
    Cost,
    cost_of,
    has_optimum,
    newton_points,
)
from hpsoft.data import Dataset
from hpsoft.engine.points import Progress, Trained, retrain
from hpsoft.engine.setup import TrainingSetup
from hpsoft.errors import StorageError, StudyError, check_least
from hpsoft.optimizers.categories import Key, view_of
from hpsoft.optimizers.protocol import Optimizer
from hpsoft.optimizers.registry import load as load_optimizer
from hpsoft.softmax.metric import ACCURACY, CROSS_ENTROPY, Metric
from hpsoft.space.ranges import Range, numbers_of
from hpsoft.study.identity import Identity
from hpsoft.study.reader import Where
from hpsoft.study.records import TrialRecord
from hpsoft.study.study import Study, find_study
from hpsoft.system.cores import n_cores
from hpsoft.tuning.setting.setup import make_setup
from hpsoft.tuning.setting.views import Looks

TOLD = (2, 5, 10, 15, 20, 25, 30, 40, ITERATIONS)  # iterations at which progress is told
REPRODUCED = 1e-6  # largest difference of the value to the stored one, relative
NEAR_THE_OPTIMUM = (
    0.002  # of the validation cost: what a longer search cannot change is within this share
)

T = TypeVar("T")


@dataclass(frozen=True)
class OptimumConfig:
    """Options of `hpsoft optimum`."""

    study: str = "latest"  # best, latest or a name
    storage: Where = None
    top: int = 5  # best trials of all; the best of each alpha comes along anyway
    data: str | Dataset | None = None  # where the data lies now; None: where it lay for the search
    jobs: int | None = None


@dataclass(frozen=True)
class Optimum:
    """The exact minimum of the regularised training cost of one alpha and class_weight."""

    alpha: float
    training_cost: float
    validation_cost: float
    accuracy: float  # on the validation part
    converged: bool  # False: Newton was stopped, as for alpha = 0 where no minimum exists
    scores: Mapping[str, float] = field(default_factory=dict)  # every other metric, by name
    class_weight: float = 0.0
    view: Key = ()  # of the data

    @property
    def cost(self) -> Cost:
        """Which cost it is the optimum of."""
        return Cost(self.alpha, self.class_weight, self.view)

    def loss(self, metric: Metric) -> float:
        """Return what a metric says on the validation part, the lower the better."""
        if metric is CROSS_ENTROPY:
            return self.validation_cost
        return metric.loss(self.accuracy if metric is ACCURACY else self.scores[metric.name])


@dataclass(frozen=True)
class Distance:
    """One trial of the study beside the optimum of its alpha."""

    trial: TrialRecord
    alpha: float
    training_cost: float
    training_gap: float  # above the optimum's
    validation_cost: float  # of the model trained anew
    validation_gap: float  # above the optimum's; negative where stopping early helped
    reproduced: bool  # whether the stored value came out again
    class_weight: float = 0.0
    view: Key = ()  # of the data


@dataclass(frozen=True)
class OptimumReport:
    """What `hpsoft optimum` finds."""

    study: str
    note: str | None  # which study was taken of several, and why
    optima: tuple[Optimum, ...]  # by alpha
    distances: tuple[Distance, ...]  # the best first, by the study's metric
    best_trial: TrialRecord  # of the whole study
    best_optimum: Optimum | None  # by the study's metric; None: Newton found none
    unrecorded: str | None = None  # why the study does not remember it

    @property
    def verdict(self) -> str:
        """Whether a longer search can help.

        `longer helps`, `at the optimum`, `stopped early`, or `no optimum` to compare with.
        """
        loss, metric = self.best_trial.loss, self.best_trial.metric
        assert loss is not None, "a ranked trial has a value"
        if self.best_optimum is None:
            return "no optimum"
        gain = loss - self.best_optimum.loss(metric)
        near = metric.negligible if metric.maximized else NEAR_THE_OPTIMUM * loss
        if gain > near:
            return "longer helps"
        if gain >= -near:
            return "at the optimum"
        exists = any(
            o.cost == cost_of(self.best_trial.params) and o.converged for o in self.optima
        )
        return "stopped early" if exists else "no optimum"


def find_optima(config: OptimumConfig) -> Generator[Progress, None, OptimumReport]:
    """Find the optima, train the chosen trials anew, record and return the report.

    Raises:
        SpaceError: a number of something is too small.
        StudyError: no such study, no trial with a value, or its optimizer has no alpha that is
            the L2 strength of a cost.
        HpsoftError: the data has changed, or a worker died.
    """
    check_least("--top", config.top, 1)
    check_least("--jobs", config.jobs, 1)
    study = find_study(config.storage, config.study)
    identity, ranking = study.description.identity, study.ranking
    optimizer = study.load_optimizer()
    _check_alpha(study.name, identity.optimizer, optimizer)
    if not ranking:
        raise StudyError(
            f"Study {study.name!r} has no trial with a value to compare with the optimum."
        )
    setting = _setting(optimizer, identity, identity.load_data(config.data))
    jobs = n_cores(config.jobs)
    alphas, powers = identity.space["alpha"], identity.space.get("class_weight", (0.0,))
    if isinstance(alphas, Range) or isinstance(powers, Range):  # nearly every trial has its own
        chosen = ranking[: config.top]
        costs = sorted({cost_of(trial.params) for trial in chosen})
    else:
        chosen = _chosen(ranking, config.top)
        seen = list(setting.views) or [()]
        pairs = product(numbers_of(alphas), numbers_of(powers))
        costs = [Cost(alpha, power, view) for alpha, power in pairs for view in seen]
    optima = yield from _optima(setting, costs, jobs)
    points = [trial.params for trial in chosen]
    found_again = yield from retrain("trials of the study", setting, points, jobs)
    by_cost = {optimum.cost: optimum for optimum in optima}
    distances = [_distance(chosen[t.index], t, by_cost) for t in found_again]
    report = OptimumReport(
        study=study.name,
        note=study.note,
        optima=tuple(sorted(optima, key=lambda optimum: optimum.cost)),
        distances=tuple(sorted(distances, key=lambda d: d.trial.loss or 0.0)),
        best_trial=ranking[0],
        best_optimum=_best(optima, identity.chosen_by),
    )
    return replace(report, unrecorded=_record(study, report, config.top))


def _record(study: Study, report: OptimumReport, top: int) -> str | None:
    """Let the study remember the report; return why not: what is read-only may be looked at."""
    try:
        study.connection.check_writable()
        study.record_optimum(_kept(report, top))
    except StorageError as error:
        return str(error)
    return None


def _kept(report: OptimumReport, top: int) -> dict[str, Any]:
    """Return what the study remembers, in JSON's types; without a minimum no distance to it."""
    best, metric = report.best_optimum, report.best_trial.metric
    winner = next(d for d in report.distances if d.trial.number == report.best_trial.number)
    exists = any(o.cost == cost_of(winner.trial.params) and o.converged for o in report.optima)
    gaps = ("training_gap", "validation_gap") if exists else ()
    figures = ("training_cost", "validation_cost", *gaps)
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "top": top,
        "verdict": report.verdict,
        "trial": report.best_trial.number,
        **{name: _finite(getattr(winner, name)) for name in figures},
        "best_optimum": best
        and {
            "alpha": best.alpha,
            "class_weight": best.class_weight,
            **dict(best.view),
            "training_cost": best.training_cost,
            "validation_cost": best.validation_cost,
            "value": metric.loss(best.loss(metric)),
        },
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _best(optima: Sequence[Optimum], metric: Metric) -> Optimum | None:
    """Return the best of those that are optima: where Newton was stopped, the figures are not."""
    sound = [o for o in optima if o.converged and math.isfinite(o.validation_cost)]
    return min(sound, key=lambda optimum: optimum.loss(metric), default=None)


def _check_alpha(study: str, name: str, optimizer: Optimizer) -> None:
    if not has_optimum(optimizer):
        raise StudyError(
            f"Study {study!r} was made with {name}, which has no columnar hyperparameter alpha, or "
            "one that is decoupled from the cost: its trials minimise no common regularised cost."
        )


def _setting(optimizer: Optimizer, identity: Identity, dataset: Dataset) -> TrainingSetup:
    """Make the study's own parts and scaling again."""
    return make_setup(
        optimizer,
        identity.validation.splits(dataset.training, identity.seed),
        scale=identity.scale,
        dtype=identity.dtype,
        seed=identity.seed,
        looks=Looks(dataset.training.feature_sets, identity.scale).over(identity.space),
    )


def _optima(
    setting: TrainingSetup, costs: Sequence[Cost], jobs: int
) -> Generator[Progress, None, list[Optimum]]:
    """Run Newton on all costs at once."""
    exact = replace(setting, optimizer=load_optimizer(NEWTON))
    points = newton_points(costs, TOLD)
    trained = yield from retrain("optima by Newton's method", exact, points, jobs)
    return [
        Optimum(
            alpha=float(points[point.index]["alpha"]),
            training_cost=point.training_cost,
            validation_cost=point.scores[CROSS_ENTROPY.name],
            accuracy=point.scores[ACCURACY.name],
            converged=bool(point.converged),
            scores=point.scores,
            class_weight=float(points[point.index]["class_weight"]),
            view=view_of(points[point.index]),
        )
        for point in trained
        if points[point.index]["iterations"] == ITERATIONS
    ]


def _chosen(ranking: Sequence[TrialRecord], top: int) -> list[TrialRecord]:
    """Return the best trials of all, and the best of each cost."""
    of_cost: dict[Cost, TrialRecord] = {}
    for trial in ranking:
        of_cost.setdefault(cost_of(trial.params), trial)
    by_number = {trial.number: trial for trial in [*ranking[:top], *of_cost.values()]}
    return list(by_number.values())


def _distance(trial: TrialRecord, again: Trained, optima: Mapping[Cost, Optimum]) -> Distance:
    best = optima[cost_of(trial.params)]
    stored, again_there = trial.value, again.scores[trial.metric.name]
    assert stored is not None, "a ranked trial has a value"
    cost = again.scores[CROSS_ENTROPY.name]
    return Distance(
        trial=trial,
        alpha=best.alpha,
        training_cost=again.training_cost,
        training_gap=again.training_cost - best.training_cost,
        validation_cost=cost,
        validation_gap=cost - best.validation_cost,
        reproduced=abs(again_there - stored) <= REPRODUCED * abs(stored),
        class_weight=best.class_weight,
        view=best.view,
    )
