"""A search that could start: its configuration, its data, its points, and how they are planned."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from hpsoft.engine.estimate import (
    LEAST_SECONDS,
    is_worth_processes,
    n_workers,
    training_seconds,
)
from hpsoft.engine.plan import Plan
from hpsoft.engine.setup import TrainingSetup
from hpsoft.engine.train import Snapshot
from hpsoft.optimizers.protocol import Optimizer
from hpsoft.softmax.metric import Metric
from hpsoft.space.grid import MAX_POINTS
from hpsoft.space.points import Points
from hpsoft.space.ranges import largest
from hpsoft.study.identity import GRID, NONE, Identity
from hpsoft.tuning.config import DEFAULT_TRIALS, SearchConfig
from hpsoft.tuning.design import Design, Strategy


@dataclass(frozen=True)
class Prepared:
    """A search that could start."""

    config: SearchConfig
    study: str
    identity: Identity
    grid: Points  # that may be tried
    setting: TrainingSetup
    jobs: int
    remark: str = ""  # of the optimizer, on its default space
    least_seconds: float = LEAST_SECONDS  # of work, from which on processes are started

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer."""
        return self.setting.optimizer

    @property
    def metric(self) -> Metric:
        """By which the winner is chosen."""
        return self.identity.chosen_by

    @property
    def is_sampled(self) -> bool:
        """Whether trials are chosen or pruned by what others have found: not exhaustive."""
        return (self.identity.sampler, self.identity.pruner) != (GRID, NONE)

    @cached_property
    def design(self) -> Design:
        """What a sampled search needs to know."""
        mine = self.identity
        options = (mine.sampler_options, mine.pruner_options)
        return Design(
            Strategy(mine.sampler, mine.pruner, *options, self.config.seed),
            self.grid,
            self.setting.hyperparameters,
            self.metric,
            self.n_trials,
            self.setting.flops_per_model_epoch,
            self.config.wave,
            self._workers_for,
        )

    def _workers_for(self, plan: Plan) -> int:
        is_worth = is_worth_processes(self.setting, plan, self.least_seconds)
        return self.jobs if is_worth else 1

    @property
    def n_trials(self) -> int:
        """How many trials the study is to hold at the end."""
        size = MAX_POINTS if self.grid.size is None else self.grid.size
        if self.identity.sampler == GRID:
            return size
        wanted = self.config.trials
        if wanted is None:
            wanted = size if self.config.timeout is not None else DEFAULT_TRIALS
        return min(wanted, size)

    @property
    def n_wanted(self) -> int | None:
        """The same, None where time alone ends it: between ranges there are always more points."""
        is_endless = self.grid.size is None and self.config.trials is None
        return None if is_endless and self.config.timeout is not None else self.n_trials

    def plan_left(self, finished: Iterable[int]) -> Plan:
        """Return the work for all grid points but the finished ones."""
        done = frozenset(finished)
        return self.design.plan_of(i for i in range(self.grid.size or 0) if i not in done)

    def flops(self, snapshot: Snapshot) -> float:
        """Return the useful floating-point operations behind a snapshot."""
        return snapshot.model_epochs * self.setting.flops_of(snapshot.block.structure)

    def n_workers(self, plan: Plan) -> int:
        """Return how many workers the plan is worth, or all of a sampled search if it has none."""
        if not self.is_sampled:
            return n_workers(self.setting, plan, self.jobs, self.least_seconds)
        model_epochs = self.n_trials * largest(self.grid.space[self.design.horizon]) / 2
        seconds = training_seconds(self.setting, model_epochs)
        return self.jobs if seconds > self.least_seconds else 1
