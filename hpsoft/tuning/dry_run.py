"""What a search would still have to train, planned and not trained."""

from dataclasses import dataclass, replace

from hpsoft.engine.estimate import Estimate, estimate, peak_memory
from hpsoft.engine.plan import Plan
from hpsoft.study.resume import finished_ids
from hpsoft.study.storage.location import locate
from hpsoft.tuning.prepared import Prepared
from hpsoft.tuning.samplers import make_sampler

FEWEST_PLANNED = 64  # points that a dry run draws for a sampler, by waves


@dataclass(frozen=True)
class Work:
    """What a study does not hold yet."""

    plan: Plan  # of all of it, or of some points that stand for all
    n_trials: int  # of all of it

    @property
    def scale(self) -> float:
        """How much more there is than the plan holds."""
        return self.n_trials / self.plan.n_trials if self.plan.n_trials else 1.0


@dataclass(frozen=True)
class DryRun:
    """What a search would still do, and what that would take."""

    work: Work
    cost: Estimate


def dry_run(prepared: Prepared) -> DryRun:
    """Plan what the study does not hold yet and estimate it by some passes; nothing is written.

    Raises:
        StudyError: the study holds another search.
        StorageError: the storage cannot be read.
    """
    work = work_left(prepared)
    n_workers = prepared.n_workers(work.plan)
    planned = estimate(prepared.setting, work.plan, n_workers, peak_memory())
    return DryRun(work, replace(planned, seconds=planned.seconds * work.scale))


def work_left(prepared: Prepared) -> Work:
    """Plan what the study does not hold yet; nothing is written.

    Raises:
        StudyError: the study holds another search.
        StorageError: the storage cannot be read.
    """
    location = locate(prepared.config.storage)
    done = finished_ids(location, prepared.study, prepared.identity, prepared.grid)
    n_left = max(0, prepared.n_trials - len(done))
    if prepared.design.is_grid:
        left = [grid_id for grid_id in range(prepared.n_trials) if grid_id not in done]
    else:  # nobody knows them yet: a few waves of points at random stand for all
        from hpsoft.tuning.ask_tell import ASKS_A_POINT, AskTell

        random = make_sampler("random", {}, prepared.config.seed)
        ask_tell = AskTell(prepared.grid, random, prepared.design.pruner())
        left = ask_tell.ask(min(n_left, max(prepared.design.wave, FEWEST_PLANNED)), ASKS_A_POINT)
    size = len(left) if prepared.design.is_grid else prepared.design.wave
    waves = [
        prepared.design.plan_of(left[i : i + size], prepared.design.rungs)
        for i in range(0, len(left), size or 1)
    ]
    blocks = [block for plan in waves for block in plan.blocks]
    blocks = [replace(block, index=index) for index, block in enumerate(blocks)]
    return Work(Plan(tuple(blocks), prepared.design.horizon), n_left)
