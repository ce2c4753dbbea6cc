"""From snapshots of blocks to records of trials.

A snapshot scores all living models of a block at one horizon value. A model's trial with that
horizon is finished then; its scores before, where the model had to stop, are intermediate values.
A model that diverged finishes all of its trials from there on, without a value.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hpsoft.engine.train import Snapshot
from hpsoft.optimizers.categories import Choice
from hpsoft.softmax.metric import ACCURACY, CROSS_ENTROPY, Metric
from hpsoft.space.points import Points
from hpsoft.study.records import TrialRecord


class Collector:
    """Remembers the scores so far of every model, also those that a resumed study holds."""

    def __init__(
        self,
        grid: Points,
        horizon: str,
        finished: Iterable[TrialRecord] = (),
        metric: Metric = CROSS_ENTROPY,
    ) -> None:
        """Take the grid, the name of the horizon, the trials that are finished already, and what
        their values are.
        """
        self._grid = grid
        self._horizon = horizon
        self._metric = metric
        self._costs: dict[tuple[Choice, ...], dict[int, float]] = {}
        for record in finished:
            if record.value is not None:
                costs = self._of(record.params)
                costs[int(record.params[horizon])] = record.value

    def _of(self, params: Mapping[str, Choice]) -> dict[int, float]:
        """Return the costs so far of the model that a trial belongs to, by horizon value."""
        model = tuple(params[name] for name in self._grid.names if name != self._horizon)
        return self._costs.setdefault(model, {})

    def records(self, snapshot: Snapshot) -> list[TrialRecord]:
        """Return the trials that end with this snapshot."""
        share = snapshot.seconds / len(snapshot.alive)
        return [
            record
            for column, model in enumerate(snapshot.alive)
            for record in self._of_model(snapshot, column, model, share)
        ]

    def pruned(self, snapshot: Snapshot, grid_id: int) -> TrialRecord:
        """Return a trial that is ended at this snapshot, before its horizon."""
        params = self._grid.params(grid_id)
        costs = self._of(params)
        return TrialRecord(
            params=params,
            grid_id=grid_id,
            value=None,
            intermediate={h: costs[h] for h in sorted(costs) if h <= snapshot.horizon},
            seconds=snapshot.seconds / len(snapshot.alive),
            pruned=True,
            metric=self._metric,
        )

    def _of_model(
        self, snapshot: Snapshot, column: int, model: int, share: float
    ) -> Iterator[TrialRecord]:
        block, horizon = snapshot.block, snapshot.horizon
        trials = block.models[model].trials
        costs = self._of(self._grid.params(next(iter(trials.values()))))
        value = float(snapshot.scores.means[self._metric.name][column])
        sound = math.isfinite(value)
        # Not where neighbours alone stop: which ones they are depends on cores and on resuming.
        if sound and horizon in block.models[model].stops:
            costs[horizon] = value
        if not (ended := snapshot.ended(column)):
            return
        measured = self._measured(snapshot, column) if sound else {}
        for grid_id in ended:
            yield TrialRecord(
                params=self._grid.params(grid_id),
                grid_id=grid_id,
                intermediate={h: costs[h] for h in sorted(costs) if h <= horizon},
                seconds=share / len(ended),
                **{"value": None, "metric": self._metric, **measured},
            )

    def _measured(self, snapshot: Snapshot, column: int) -> dict[str, Any]:
        """Return what was measured of a sound model, as fields of a record."""
        name, scores = self._metric.name, snapshot.scores.of(column)
        by_fold = snapshot.scores.folds_of(column)
        converged = snapshot.converged
        return {
            "value": scores[name],
            "accuracy": scores[ACCURACY.name],
            "others": {n: score for n, score in scores.items() if n not in {name, ACCURACY.name}},
            "folds": by_fold.get(name, ()),
            "others_by_fold": {n: folds for n, folds in by_fold.items() if n != name},
            "converged": None if converged is None else bool(converged[column]),
        }
