"""What a sampled search needs to know, whether models are trained or looked up."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hpsoft.engine.plan import Plan, make_plan
from hpsoft.errors import SpaceError
from hpsoft.optimizers.categories import Choice, Declared
from hpsoft.optimizers.hyperparameters import names_by_role
from hpsoft.optimizers.protocol import Role
from hpsoft.softmax.metric import Metric
from hpsoft.space.points import Points
from hpsoft.space.ranges import largest, mean, rungs
from hpsoft.study.identity import GRID, NONE
from hpsoft.tuning.samplers import is_adaptive, make_pruner, make_sampler

# Of a search that learns, the same on any number of cores: a model rounds otherwise beside other
# models, and near a tie the next points would be others.
MODELS_PER_BLOCK = 32  # half of the usual: the 64 models of a pruned grid's wave make two blocks
FEWEST_BLOCKS = 2  # of a wave, while it has models: for two cores
# A wave is to take some seconds: wide blocks where training is fast, frequent learning where it
# is slow. Measured time would make the trials depend on the machine, so work stands for it.
SMALLEST_WAVE, LARGEST_WAVE = 8, 64
WAVES = 4  # at least, so that a sampler learns
WORK = 4e12  # floating-point operations: twenty seconds, say, of two cores
UNLEARNT_WAVE = 512  # where nobody looks at results

if TYPE_CHECKING:
    from optuna.pruners import BasePruner
    from optuna.samplers import BaseSampler


@dataclass(frozen=True)
class Strategy:
    """A sampler and a pruner by name, with their options."""

    sampler: str
    pruner: str
    sampler_options: Mapping[str, Any]
    pruner_options: Mapping[str, Any]
    seed: int  # unless the sampler's options have one


@dataclass(frozen=True)
class Design:
    """A space, a sampler, a pruner, and how much they may spend."""

    strategy: Strategy
    grid: Points
    hyperparameters: Sequence[Declared]  # what trials differ in
    metric: Metric  # what the trials' values are
    n_trials: int  # how many there are to be at the end
    flops_per_model_epoch: float = 0.0  # 0: not known
    asked_wave: int | None = None  # points asked for at a time; None: as many as are worth `work`
    # For how many workers a plan is divided that no result changes; None: as one that learns.
    workers_for: Callable[[Plan], int] | None = None
    work: float = WORK

    def plan(self) -> Plan:
        """Return the work for the whole grid, the same for any number of workers."""
        return make_plan(self.hyperparameters, self._points(range(self.grid.size or 0)))

    def plan_of(self, grid_ids: Iterable[int], rungs: Sequence[int] = ()) -> Plan:
        """Return the work for some points, scored at `rungs` on the way."""
        points = list(self._points(grid_ids))
        if self.workers_for is None or self.is_adaptive:
            return make_plan(
                self.hyperparameters,
                points,
                n_workers=FEWEST_BLOCKS,
                models_per_block=MODELS_PER_BLOCK,
                rungs=rungs,
            )
        whole = make_plan(self.hyperparameters, points, rungs=rungs)
        if (n_workers := self.workers_for(whole)) == 1:
            return whole
        return make_plan(self.hyperparameters, points, n_workers=n_workers, rungs=rungs)

    def _points(self, grid_ids: Iterable[int]) -> Iterator[tuple[int, Mapping[str, Choice]]]:
        return ((grid_id, self.grid.params(grid_id)) for grid_id in grid_ids)

    @property
    def wave(self) -> int:
        """How many points are asked for at a time; a point is worth the mean of the horizon.

        Of a pruned grid whole models are asked for: a point is a model, worth the largest horizon.
        """
        if self.asked_wave is not None:
            return self.asked_wave
        horizons = self.grid.space[self.horizon]
        if self.is_grid:
            n_points, passes = self.n_trials // max(1, len(self.rungs)), float(largest(horizons))
        else:
            n_points, passes = self.n_trials, mean(horizons)
        if not self.is_adaptive:
            return UNLEARNT_WAVE
        return wave_size(n_points, passes * self.flops_per_model_epoch, self.work)

    @property
    def horizon(self) -> str:
        """The name of the horizon."""
        (name,) = names_by_role(self.hyperparameters, Role.HORIZON)
        return name

    @property
    def is_grid(self) -> bool:
        """Whether all points are tried, and only a pruner chooses."""
        return self.strategy.sampler == GRID

    @property
    def is_adaptive(self) -> bool:
        """Whether results decide what is tried, or ended, next."""
        return is_adaptive(self.strategy.sampler, self.strategy.pruner)

    @property
    def rungs(self) -> tuple[int, ...]:
        """Horizon values at which the pruner decides; none without a pruner."""
        return () if self.strategy.pruner == NONE else rungs(self.grid.space[self.horizon])

    def sampler(self, n_finished: int = 0) -> "BaseSampler":
        """Return the sampler; the grid needs none, and gets one that is never asked.

        A search that goes on after `n_finished` trials draws other points than at its start.

        Raises:
            SpaceError: the sampler does not take its options.
        """
        options = self.strategy.sampler_options
        seed = options.get("seed", self.strategy.seed)
        if not isinstance(seed, int):
            raise SpaceError(f"--sampler-option seed takes a whole number, not {seed!r}.")
        if self.is_grid:
            return make_sampler("random", {}, seed)
        seeded = {**options, "seed": seed + n_finished} if "seed" in options else options
        return make_sampler(self.strategy.sampler, seeded, seed + n_finished)

    def pruner(self) -> "BasePruner":
        """Return the pruner.

        Raises:
            SpaceError: the pruner does not take its options.
        """
        values = rungs(self.grid.space[self.horizon])
        return make_pruner(self.strategy.pruner, self.strategy.pruner_options, values)


def wave_size(n_points: int, flops_a_trial: float = 0.0, work: float = WORK) -> int:
    """Return a wave worth `work`, 8 to 64 points and at most a quarter of all."""
    worth = min(LARGEST_WAVE, work / flops_a_trial) if flops_a_trial else LARGEST_WAVE
    return max(SMALLEST_WAVE, min(int(worth), n_points // WAVES))
