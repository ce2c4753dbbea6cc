"""From snapshots of blocks to records of trials.

A snapshot scores all living models of a block at one horizon value. A model's trial with that
horizon is finished then; the scores before are its intermediate values. A model that diverged
finishes all of its trials from there on, without a value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from hpsoft.engine.plan import Block
from hpsoft.engine.train import Snapshot
from hpsoft.search.grid import Grid
from hpsoft.search.records import TrialRecord


@dataclass
class Collector:
    """Remembers the scores so far of every model in training."""

    grid: Grid
    _costs: dict[tuple[int, int], dict[int, float]] = field(default_factory=dict)

    def records(self, snapshot: Snapshot) -> list[TrialRecord]:
        """Return the trials that end with this snapshot."""
        share = snapshot.seconds / len(snapshot.alive)
        return [
            record
            for column, model in enumerate(snapshot.alive)
            for record in self._of_model(snapshot, column, model, share)
        ]

    def _of_model(
        self, snapshot: Snapshot, column: int, model: int, share: float
    ) -> Iterator[TrialRecord]:
        block, horizon = snapshot.block, snapshot.horizon
        costs = self._costs.setdefault((block.index, model), {})
        cost: float | None = float(snapshot.scores.cross_entropy[column])
        if np.isfinite(cost):
            costs[horizon] = cost
            ended = {h: i for h, i in block.models[model].trials.items() if h == horizon}
            accuracy = float(snapshot.scores.accuracy[column])
        else:
            ended, cost, accuracy = _from(block, model, horizon), None, None
        for grid_id in ended.values():
            yield TrialRecord(
                params=self.grid.params(grid_id),
                grid_id=grid_id,
                value=cost,
                intermediate=dict(costs),
                accuracy=accuracy,
                seconds=share / len(ended),
            )


def _from(block: Block, model: int, horizon: int) -> Mapping[int, int]:
    return {h: i for h, i in block.models[model].trials.items() if h >= horizon}
