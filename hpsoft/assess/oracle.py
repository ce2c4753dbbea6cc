"""A finished grid in the place of the workers: costs are looked up, nothing is trained."""

from collections.abc import Iterable
from concurrent.futures import Future

import numpy as np

from hpsoft.engine.evaluate import Scores
from hpsoft.engine.plan import Block
from hpsoft.engine.train import Snapshot, Task
from hpsoft.optimizers.categories import Choice
from hpsoft.space.grid import Grid
from hpsoft.study.records import TrialRecord


class Oracle:
    """Answers every task from a table of all grid points: `Workers` that train nothing."""

    n = 1
    in_background = False

    def __init__(self, grid: Grid, horizon: str, records: Iterable[TrialRecord]) -> None:
        """Take the trials of a whole grid."""
        self._grid, self._horizon = grid, horizon
        self._records = {record.grid_id: record for record in records}

    def submit(self, task: Task) -> Future[Snapshot]:
        """Look up the costs at the task's end."""
        found = [self._record(task.block, model, task.stop) for model in task.alive]
        names = {"cross_entropy", "accuracy", found[0].metric.name} if found else set()
        means = {name: np.array([_score(record, name) for record in found]) for name in names}
        future: Future[Snapshot] = Future()
        future.set_result(
            Snapshot(
                block=task.block,
                alive=task.alive,
                start=task.start,
                horizon=task.stop,
                scores=Scores(means),
                seconds=0.0,
                states=(),
            )
        )
        return future

    def _record(self, block: Block, model: int, horizon: int) -> TrialRecord:
        columns = zip(block.column_names, block.models[model].columns, strict=True)
        params: dict[str, Choice] = {**block.structure, **dict(columns), self._horizon: horizon}
        return self._records[self._grid.grid_id(params)]


def _score(record: TrialRecord, name: str) -> float:
    """Return a metric; where a sound trial has none, as other tools' have, its value stands in."""
    score = record.score(name)
    score = record.value if score is None else score
    return np.nan if score is None else score
