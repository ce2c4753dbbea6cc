"""One replay: a sampler and a pruner search a finished grid, which is a table of all answers.

So it costs no training: `sampling` runs as in a search, with an `Oracle` in the place of the
workers. What is counted:

    gap     best cost of the replay's finished trials over the grid's best, minus 1; of a metric
            that is a share of 1, what the replay's best lacks to the grid's
    found   the replay finished a point with the grid's best value
    paid    passes of all models that were trained, over those that the grid trains: a pruned
            trial pays up to its rung, models of a wave that differ in the horizon share theirs
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from hpsoft.assess.oracle import Oracle
from hpsoft.engine.plan import make_plan
from hpsoft.optimizers.categories import Choice, Declared
from hpsoft.optimizers.hyperparameters import names_by_role
from hpsoft.optimizers.protocol import Role
from hpsoft.softmax.metric import CROSS_ENTROPY, Metric
from hpsoft.space.grid import Grid
from hpsoft.study.identity import GRID, NONE
from hpsoft.study.leaderboard import rank
from hpsoft.study.records import TrialRecord
from hpsoft.tuning.design import WORK, Design, Strategy
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
class Replay:
    """A method on a table with a seed: a search without training."""

    table: Table
    method: Method
    seed: int
    work: float = WORK  # of a wave

    @cached_property
    def design(self) -> Design:
        """What the search is."""
        table, method = self.table, self.method
        pruner_options = {} if method.pruner == NONE else method.pruner_options
        options = (method.sampler_options, pruner_options)
        return Design(
            Strategy(method.sampler, method.pruner, *options, self.seed),
            table.grid,
            table.hyperparameters,
            table.metric,
            len(table.grid) if method.sampler == GRID else method.n_trials,
            table.flops_per_model_epoch,
            method.wave,
            work=self.work,
        )


def replay(search: Replay) -> Outcome:
    """Search the table, and compare with its best."""
    from hpsoft.tuning.sampling import sample

    table, paid, found = search.table, 0, []
    oracle = Oracle(table.grid, table.horizon, table.records)
    for event in sample(search.design, {}, oracle):
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
