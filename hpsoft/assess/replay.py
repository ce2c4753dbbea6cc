"""One replay: a sampler and a pruner search a finished grid, which is a table of all answers.

So it costs no training: `sampling` runs as in a search, with an `Oracle` in the place of the
workers. What is counted:

    gap     best cost of the replay's finished trials over the grid's best, minus 1; of a metric
            that is a share of 1, what the replay's best lacks to the grid's
    found   the replay finished a point with the grid's best value
    paid    passes of all models that were trained, over those that the grid trains: a pruned
            trial pays up to its rung, models of a wave that differ in the horizon share theirs
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from hpsoft.assess.oracle import Oracle
from hpsoft.engine.plan import Plan, make_plan
from hpsoft.optimizers.categories import Choice, Declared
from hpsoft.optimizers.hyperparameters import names_by_role
from hpsoft.optimizers.protocol import Role
from hpsoft.softmax.metric import CROSS_ENTROPY, Metric
from hpsoft.space.grid import Grid
from hpsoft.study.identity import NONE
from hpsoft.study.leaderboard import rank
from hpsoft.study.records import TrialRecord
from hpsoft.tuning.design import Design, Strategy, usual_wave
from hpsoft.tuning.events import Ended


@dataclass(frozen=True)
class Method:
    """One way to search less."""

    sampler: str
    pruner: str
    n_trials: int
    sampler_options: Mapping[str, Any] = field(default_factory=dict)
    pruner_options: Mapping[str, Any] = field(default_factory=dict)
    wave: int | None = None  # points asked for at a time; None: as many as a search would


@dataclass(frozen=True)
class Outcome:
    """One replay."""

    gap: float  # relative, of a share absolute; infinite where nothing was finished
    found: bool
    paid: float  # share of the grid's passes
    n_trials: int


@dataclass(frozen=True)
class Table:
    """A finished grid."""

    space: Mapping[str, tuple[Choice, ...]]
    hyperparameters: tuple[Declared, ...]
    records: tuple[TrialRecord, ...]
    flops_per_model_epoch: float = 0.0  # 0: not known, from studies of earlier versions

    @property
    def metric(self) -> Metric:
        """What the trials' values are."""
        return self.records[0].metric if self.records else CROSS_ENTROPY

    @cached_property
    def grid(self) -> Grid:
        """All its points."""
        return Grid(self.space)

    @property
    def horizon(self) -> str:
        """The name of the horizon."""
        (name,) = names_by_role(self.hyperparameters, Role.HORIZON)
        return name

    @cached_property
    def passes(self) -> int:
        """Passes of all models that the whole grid trains."""
        return make_plan(self.hyperparameters, self.grid).model_epochs


@dataclass(frozen=True)
class Replay(Design):
    """A method on a table with a seed: a search without training."""

    table: Table
    method: Method
    seed: int

    @property
    def grid(self) -> Grid:
        """The points."""
        return self.table.grid

    @property
    def hyperparameters(self) -> tuple[Declared, ...]:
        """What trials differ in."""
        return self.table.hyperparameters

    @property
    def choice(self) -> Strategy:
        """The sampler and the pruner."""
        method = self.method
        pruner_options = {} if method.pruner == NONE else method.pruner_options
        return Strategy(
            method.sampler, method.pruner, method.sampler_options, pruner_options, self.seed
        )

    @property
    def metric(self) -> Metric:
        """What the trials' values are."""
        return self.table.metric

    @property
    def n_trials(self) -> int:
        """How many trials there are to be."""
        return len(self.grid) if self.is_grid else self.method.n_trials

    @property
    def wave(self) -> int:
        """How many points are asked for at a time."""
        return self.method.wave or usual_wave(self, self.table.flops_per_model_epoch)

    def plan(self) -> Plan:
        """Return the work for the whole grid."""
        return make_plan(self.hyperparameters, self.grid)

    def plan_of(self, grid_ids: Iterable[int], rungs: Sequence[int] = ()) -> Plan:
        """Return the work for some points."""
        return self.learning_plan(grid_ids, rungs)


def replay(design: Replay) -> Outcome:
    """Search the table, and compare with its best."""
    from hpsoft.tuning.sampling import sample

    table, paid, found = design.table, 0, []
    oracle = Oracle(table.grid, table.horizon, table.records)
    for event in sample(design, {}, oracle):
        if isinstance(event, Ended):
            found += event.records
            if event.snapshot is not None:
                paid += event.snapshot.model_epochs
    best = rank(table.records)[0]
    mine = rank(found)
    # Points may share the best value: to have found one of them is enough.
    return Outcome(
        gap=_gap(mine[0], best) if mine else np.inf,
        found=bool(mine) and mine[0].value == best.value,
        paid=paid / table.passes,
        n_trials=len(found),
    )


def _gap(mine: TrialRecord, best: TrialRecord) -> float:
    """Return what one trial's value is worse than another's: of costs relative, of shares not."""
    assert mine.loss is not None, "a ranked trial has a value"
    assert best.loss is not None, "a ranked trial has a value"
    if best.metric.maximized:
        return mine.loss - best.loss
    return mine.loss / best.loss - 1
