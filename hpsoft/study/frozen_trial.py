"""Between our TrialRecord and Optuna's FrozenTrial.

A stored trial is what this objective leaves under stock Optuna, and the two can share a study:

    def objective(trial):
        params = {name: trial.suggest_categorical(name, values) for name, values in space.items()}
        ...  # trial.report(cost, horizon) on the way; nan if the model diverges
    study.optimize(objective, sampler=GridSampler(space))

So every parameter has a CategoricalDistribution of its listed values, the trial has the sampler's
system attributes `search_space` and `grid_id`, and a diverged one is a FAIL, as a NaN result is.
The user attribute `diverged` tells it from the FAIL of a crash, whose grid point has to run again.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hpsoft.errors import SpaceError
from hpsoft.softmax.metric import CROSS_ENTROPY, Metric
from hpsoft.space.points import Points
from hpsoft.space.ranges import Candidates, Range, to_plain
from hpsoft.study.records import NOT_IN_GRID, TrialRecord

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial, TrialState


def distribution(candidates: Candidates) -> "BaseDistribution":
    """Return Optuna's distribution of a hyperparameter in a stored trial."""
    from optuna.distributions import CategoricalDistribution

    if isinstance(candidates, Range):
        return distribution_of(candidates)
    return CategoricalDistribution(list(candidates))


def distribution_of(values: Range) -> "BaseDistribution":
    """Return Optuna's distribution of a range: of integers where its bounds are."""
    from optuna.distributions import FloatDistribution, IntDistribution

    if isinstance(values.low, int) and isinstance(values.high, int):
        return IntDistribution(values.low, values.high, log=values.log, step=int(values.step or 1))
    return FloatDistribution(values.low, values.high, log=values.log, step=values.step)


class Converter:
    """Conversion of the trials of one grid; what they share is made once."""

    def __init__(self, grid: Points, grown_from: Iterable[Mapping[str, Any]] = ()) -> None:
        """Prepare the distributions and the sampler's attribute.

        `grown_from` describes the grids that the study had before: their trials are in this one.
        """
        self._earlier = [before["space"] for before in grown_from]
        self.grid = grid
        self._space = {name: to_plain(grid.space[name]) for name in grid.names}
        self._distributions = {name: distribution(grid.space[name]) for name in grid.names}

    def to_optuna(self, record: TrialRecord) -> "FrozenTrial":
        """Return the finished Optuna trial of a record; a value that is not finite diverged."""
        from optuna.trial import create_trial

        params = self.grid.params(record.grid_id)
        assert params == dict(record.params), "a record's id and point belong together"
        value = _finite_or_none(record.value)
        accuracy = _finite_or_none(record.accuracy)
        seconds = float(record.seconds)
        attributes: dict[str, Any] = {
            "seconds": seconds,
            "diverged": value is None and not record.pruned,
        }
        if accuracy is not None:
            attributes["accuracy"] = accuracy
        if record.others:
            attributes["metrics"] = _finite_by_name(record.others)
        if record.folds:
            attributes["folds"] = [float(cost) for cost in record.folds]
        if record.others_by_fold:
            by_fold = record.others_by_fold.items()
            attributes["metrics_by_fold"] = {name: list(folds) for name, folds in by_fold}
        if record.converged is not None:
            attributes["converged"] = bool(record.converged)
        trial = create_trial(
            state=_state(record, value),
            value=value,
            params=params,
            distributions=dict(self._distributions),
            user_attrs=attributes,
            system_attrs={"search_space": self._space, "grid_id": record.grid_id},
            intermediate_values=_finite(record.intermediate),
        )
        assert trial.datetime_complete is not None
        trial.datetime_start = trial.datetime_complete - timedelta(seconds=seconds)
        return trial

    def grid_id(self, trial: "FrozenTrial") -> int:
        """Return the trial's id in this grid, `NOT_IN_GRID` for a trial of something else."""
        attributes, params = trial.system_attrs, trial.params
        there = attributes.get("search_space")
        if there == self._space and self.grid.size is not None:
            told = attributes.get("grid_id")
            if type(told) is not int or not 0 <= told < self.grid.size:
                return NOT_IN_GRID
            return told if _lies_at(self.grid.params(told), trial) else NOT_IN_GRID
        # In a grid that has grown, or numbered in every process anew.
        return (
            self._found(params) if there == self._space or there in self._earlier else NOT_IN_GRID
        )

    def _found(self, params: Mapping[str, Any]) -> int:
        """Return the id of a point, `NOT_IN_GRID` where it is none of the space."""
        if tuple(sorted(params)) != self.grid.names or not all(map(_is_value, params.values())):
            return NOT_IN_GRID
        try:
            return self.grid.grid_id(params)
        except SpaceError:
            return NOT_IN_GRID


def _lies_at(point: Mapping[str, Any], trial: "FrozenTrial") -> bool:
    """Tell whether a trial is of a point: without a value it may have said a part of it only."""
    if _finite_or_none(value_of(trial)) is None:
        return trial.params.items() <= point.items()
    return trial.params == point


def _state(record: TrialRecord, value: float | None) -> "TrialState":
    from optuna.trial import TrialState

    if record.pruned:
        return TrialState.PRUNED
    return TrialState.FAIL if value is None else TrialState.COMPLETE


def is_finished(trial: "FrozenTrial") -> bool:
    """Tell whether a trial has a result: a value, that it diverged, or that it was pruned."""
    from optuna.trial import TrialState

    return trial.state in {TrialState.COMPLETE, TrialState.PRUNED} or (
        trial.state == TrialState.FAIL and trial.user_attrs.get("diverged") is True
    )


def to_record(trial: "FrozenTrial", grid_id: int, metric: Metric = CROSS_ENTROPY) -> TrialRecord:
    """Return the record of a finished Optuna trial, whoever wrote it; its value is `metric`.

    Optuna gives a pruned trial the last cost on the way as its value; here it has none.
    """
    from optuna.trial import TrialState

    pruned = trial.state == TrialState.PRUNED
    converged = trial.user_attrs.get("converged")
    return TrialRecord(
        params=dict(trial.params),
        grid_id=grid_id,
        value=None if pruned else _finite_or_none(value_of(trial)),
        intermediate=_finite(trial.intermediate_values),
        accuracy=_finite_or_none(_number(trial, "accuracy")),
        folds=_folds(trial.user_attrs.get("folds")),
        metric=metric,
        others=_finite_by_name(trial.user_attrs.get("metrics")),
        others_by_fold=_by_fold(trial.user_attrs.get("metrics_by_fold")),
        seconds=_seconds(trial),
        number=trial.number,
        converged=converged if isinstance(converged, bool) else None,
        pruned=pruned,
    )


def _seconds(trial: "FrozenTrial") -> float:
    seconds = _number(trial, "seconds")
    if seconds is not None:
        return float(seconds)
    return trial.duration.total_seconds() if trial.duration is not None else 0.0


def value_of(trial: "FrozenTrial") -> float | None:
    """Return a trial's one value; Optuna's own property fails where a trial has none or two."""
    values = trial.values
    return values[0] if values is not None and len(values) == 1 else None


def _number(trial: "FrozenTrial", name: str) -> float | None:
    """Return a user attribute; other tools may mean something else by its name."""
    value = trial.user_attrs.get(name)
    return value if _is_number(value) else None


def _folds(folds: Any) -> tuple[float, ...]:
    """Return figures of folds; other tools may mean something else by the name."""
    return tuple(folds) if isinstance(folds, list) and all(map(_is_number, folds)) else ()


def _finite_by_name(metrics: Any) -> dict[str, float]:
    """Return metrics by name, those that are numbers."""
    found = metrics.items() if isinstance(metrics, Mapping) else ()
    return {name: float(value) for name, value in found if _is_number(value)}


def _by_fold(metrics: Any) -> dict[str, tuple[float, ...]]:
    """Return metrics of every fold by name."""
    found = metrics.items() if isinstance(metrics, Mapping) else ()
    return {name: _folds(folds) for name, folds in found}


def _is_value(value: Any) -> bool:
    """Tell whether a hyperparameter may have it: a number, or a word."""
    return isinstance(value, str) or _is_number(value)


def _is_number(value: Any) -> bool:
    """Tell whether it is a number that JSON has."""
    return type(value) in {int, float} and math.isfinite(value)


def _finite(values: Any) -> dict[int, float]:
    return {int(step): float(value) for step, value in values.items() if math.isfinite(value)}


def _finite_or_none(value: float | None) -> float | None:
    """Return a plain float: JSON knows neither NaN nor NumPy's numbers."""
    return float(value) if value is not None and math.isfinite(value) else None
