"""A search that could start: its configuration, its data, its points, and how they are planned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hpsoft.engine.estimate import (
    LEAST_SECONDS,
    is_worth_processes,
    n_workers,
    training_seconds,
)
from hpsoft.engine.plan import Plan, make_plan
from hpsoft.engine.setup import TrainingSetup
from hpsoft.engine.train import Snapshot
from hpsoft.optimizers.categories import Declared
from hpsoft.optimizers.protocol import Optimizer
from hpsoft.softmax.metric import Metric
from hpsoft.space.grid import MAX_POINTS
from hpsoft.space.points import Points
from hpsoft.space.ranges import largest
from hpsoft.study.identity import GRID, NONE, Identity
from hpsoft.tuning.config import DEFAULT_TRIALS, SearchConfig
from hpsoft.tuning.design import Design, Strategy, usual_wave


@dataclass(frozen=True)
class Prepared(Design):
    """A search that could start."""

    config: SearchConfig
    study: str
    identity: Identity
    points: Points
    setting: TrainingSetup
    jobs: int
    least_seconds: float = LEAST_SECONDS  # of work, from which on processes are started

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer."""
        return self.setting.optimizer

    @property
    def grid(self) -> Points:
        """The points that may be tried."""
        return self.points

    @property
    def hyperparameters(self) -> Sequence[Declared]:
        """What trials differ in: how the data are seen, and what the optimizer declares."""
        return self.setting.hyperparameters

    @property
    def choice(self) -> Strategy:
        """The sampler and the pruner."""
        mine = self.identity
        options = (mine.sampler_options, mine.pruner_options)
        return Strategy(mine.sampler, mine.pruner, *options, self.config.seed)

    @property
    def metric(self) -> Metric:
        """By which the winner is chosen."""
        return self.identity.chosen_by

    @property
    def is_sampled(self) -> bool:
        """Whether trials are chosen or pruned by what others have found: not exhaustive."""
        return (self.identity.sampler, self.identity.pruner) != (GRID, NONE)

    @property
    def wave(self) -> int:
        """How many points are asked for at a time."""
        return self.config.wave or usual_wave(self, self.setting.flops_per_model_epoch)

    @property
    def n_trials(self) -> int:
        """How many trials the study is to hold at the end."""
        size = MAX_POINTS if self.grid.size is None else self.grid.size
        if self.is_grid:
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

    def plan(self) -> Plan:
        """Return the work for the whole grid, the same for any number of cores."""
        points = ((i, self.grid.params(i)) for i in range(self.grid.size or 0))
        return make_plan(self.hyperparameters, points)

    def plan_left(self, finished: Iterable[int]) -> Plan:
        """Return the work for all grid points but the finished ones."""
        done = frozenset(finished)
        return self.plan_of(i for i in range(self.grid.size or 0) if i not in done)

    def plan_of(self, grid_ids: Iterable[int], rungs: Sequence[int] = ()) -> Plan:
        """Return the work for some grid points, scored at `rungs` on the way."""
        if self.is_adaptive:
            return self.learning_plan(grid_ids, rungs)
        trials = [(grid_id, self.grid.params(grid_id)) for grid_id in grid_ids]
        whole = make_plan(self.hyperparameters, trials, rungs=rungs)
        if not is_worth_processes(self.setting, whole, self.least_seconds):
            return whole
        return make_plan(self.hyperparameters, trials, n_workers=self.jobs, rungs=rungs)

    def flops(self, snapshot: Snapshot) -> float:
        """Return the useful floating-point operations behind a snapshot."""
        return snapshot.model_epochs * self.setting.flops_of(snapshot.block.structure)

    def n_workers(self, plan: Plan) -> int:
        """Return how many workers the plan is worth, or all of a sampled search if it has none."""
        if not self.is_sampled:
            return n_workers(self.setting, plan, self.jobs, self.least_seconds)
        model_epochs = self.n_trials * largest(self.grid.space[self.horizon]) / 2
        seconds = training_seconds(self.setting, model_epochs)
        return self.jobs if seconds > self.least_seconds else 1
