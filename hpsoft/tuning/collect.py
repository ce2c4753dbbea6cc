"""From snapshots of blocks to records of trials.

A snapshot scores all living models of a block at one horizon value. A model's trial with that
horizon is finished then; its scores before, where the model had to stop, are intermediate values.
A model that diverged finishes all of its trials from there on, without a value.
"""

import math
from collections.abc import Iterable, Iterator, Mapping

from hpsoft.engine.train import Snapshot
from hpsoft.optimizers.categories import Choice
from hpsoft.space.points import Points
from hpsoft.study.records import TrialRecord


class Collector:
    """Remembers the scores so far of every model, also those that a resumed study holds."""

    def __init__(self, grid: Points, horizon: str, finished: Iterable[TrialRecord] = ()) -> None:
        """Take the grid, the name of the horizon, and the trials that are finished already."""
        self._grid = grid
        self._horizon = horizon
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
        )

    def _of_model(
        self, snapshot: Snapshot, column: int, model: int, share: float
    ) -> Iterator[TrialRecord]:
        block, horizon = snapshot.block, snapshot.horizon
        trials = block.models[model].trials
        costs = self._of(self._grid.params(next(iter(trials.values()))))
        cost = float(snapshot.scores.cross_entropy[column])
        sound = math.isfinite(cost)
        # Not where neighbours alone stop: which ones they are depends on cores and on resuming.
        if sound and horizon in block.models[model].stops:
            costs[horizon] = cost
        ended = snapshot.ended(column)
        for grid_id in ended:
            yield TrialRecord(
                params=self._grid.params(grid_id),
                grid_id=grid_id,
                value=cost if sound else None,
                intermediate={h: costs[h] for h in sorted(costs) if h <= horizon},
                accuracy=float(snapshot.scores.accuracy[column]) if sound else None,
                folds=snapshot.scores.folds_of(column) if sound else (),
                seconds=share / len(ended),
                converged=(
                    bool(snapshot.converged[column])
                    if sound and snapshot.converged is not None
                    else None
                ),
            )
