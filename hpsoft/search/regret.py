"""Could I have searched less? Samplers and pruners replayed against a finished grid.

The grid is a table of all answers, so a replay costs no training: `sampling` runs as in a search,
with an `Oracle` in the place of the workers. What is counted:

    gap     best cost of the replay's finished trials over the grid's best, minus 1
    found   the replay finished the grid's best point
    paid    passes of all models that were trained, over those that the grid trains: a pruned
            trial pays up to its rung, models of a wave that differ in the horizon share theirs
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import numpy as np

from hpsoft.engine.plan import Plan, make_plan, names_by_role
from hpsoft.engine.train import Snapshot
from hpsoft.errors import SpaceError, StudyError
from hpsoft.optimizers.protocol import Hyperparameter, Role
from hpsoft.optimizers.registry import load as load_optimizer
from hpsoft.search.certificate import certify
from hpsoft.search.choices import GRID, NONE, is_adaptive, make_pruner, make_sampler
from hpsoft.search.grid import Grid
from hpsoft.search.happenings import Ended
from hpsoft.search.identity import recorded_space
from hpsoft.search.leaderboard import competitors, rank
from hpsoft.search.listing import find_study, trials
from hpsoft.search.oracle import Oracle
from hpsoft.search.ranges import rungs
from hpsoft.search.reading import describe_study, open_storage
from hpsoft.search.records import TrialRecord

if TYPE_CHECKING:
    from collections.abc import Iterable

    from optuna.pruners import BasePruner
    from optuna.samplers import BaseSampler

NEAR = 0.001  # relative: so near to the grid's best counts as good enough


@dataclass(frozen=True)
class RegretConfig:
    """Options of `hpsoft regret`."""

    study: str = "best"
    storage: str | None = None
    samplers: tuple[str, ...] = ("tpe",)
    pruners: tuple[str, ...] = (NONE,)
    trials: tuple[int, ...] = (100, 300, 1000)
    seeds: int = 50
    sampler_options: Mapping[str, Any] | None = None
    pruner_options: Mapping[str, Any] | None = None
    wave: int | None = None
    jobs: int = 1


@dataclass(frozen=True)
class Method:
    """One way to search less."""

    sampler: str
    pruner: str
    n_trials: int


@dataclass(frozen=True)
class Outcome:
    """One replay."""

    gap: float  # relative; infinite where nothing was finished
    found: bool
    paid: float  # share of the grid's passes
    n_trials: int


@dataclass(frozen=True)
class Regret:
    """What a method costs and misses, over all seeds."""

    method: Method
    outcomes: tuple[Outcome, ...]  # by seed

    @property
    def gaps(self) -> list[float]:
        """All gaps, ascending."""
        return sorted(outcome.gap for outcome in self.outcomes)

    def quantile(self, share: float) -> float:
        """Return a quantile of the gap: the value that this share of seeds does not exceed."""
        return float(np.quantile(self.gaps, share, method="inverted_cdf"))

    @property
    def found(self) -> float:
        """Share of seeds that found the grid's best point."""
        return float(np.mean([outcome.found for outcome in self.outcomes]))

    @property
    def near(self) -> float:
        """Share of seeds within `NEAR` of the grid's best cost."""
        return float(np.mean([gap <= NEAR for gap in self.gaps]))

    @property
    def paid(self) -> float:
        """Median share of the grid's passes."""
        return float(np.median([outcome.paid for outcome in self.outcomes]))


@dataclass(frozen=True)
class Progress:
    """Replays done."""

    done: int
    total: int


@dataclass(frozen=True)
class RegretReport:
    """What `hpsoft regret` finds."""

    study: str
    note: str | None
    best: TrialRecord  # of the grid
    n_grid: int
    regrets: tuple[Regret, ...]

    @property
    def cheapest(self) -> Regret | None:
        """The method that paid least of those whose median is within `NEAR`."""
        good = [regret for regret in self.regrets if regret.quantile(0.5) <= NEAR]
        return min(good, key=lambda regret: regret.paid, default=None)


@dataclass(frozen=True)
class Table:
    """A finished grid."""

    space: Mapping[str, tuple[float, ...]]
    hyperparameters: tuple[Hyperparameter, ...]
    records: tuple[TrialRecord, ...]

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
        return _paid_by(Replay(self, Method(GRID, NONE, 0), RegretConfig(), 0).plan())


@dataclass(frozen=True)
class Replay:
    """A method on a table with a seed: the `Design` of a sampled search."""

    table: Table
    method: Method
    config: RegretConfig
    seed: int

    @property
    def grid(self) -> Grid:
        """The points."""
        return self.table.grid

    @property
    def horizon(self) -> str:
        """The name of the horizon."""
        return self.table.horizon

    @property
    def is_grid(self) -> bool:
        """Whether all points are tried, and only the pruner chooses."""
        return self.method.sampler == GRID

    @property
    def is_adaptive(self) -> bool:
        """Whether results decide what is tried, or ended, next."""
        return is_adaptive(self.method.sampler, self.method.pruner)

    @property
    def n_trials(self) -> int:
        """How many trials there are to be."""
        return len(self.grid) if self.is_grid else self.method.n_trials

    @property
    def wave(self) -> int | None:
        """How many points are asked for at a time."""
        return self.config.wave

    @property
    def rungs(self) -> tuple[int, ...]:
        """Where the pruner decides."""
        return () if self.method.pruner == NONE else rungs(self.grid.space[self.horizon])

    def sampler(self, n_finished: int = 0) -> "BaseSampler":
        """Return the sampler."""
        if self.is_grid:
            return make_sampler("random", {}, self.seed)
        options = self.config.sampler_options or {}
        return make_sampler(self.method.sampler, options, self.seed + n_finished)

    def pruner(self) -> "BasePruner":
        """Return the pruner."""
        options = {} if self.method.pruner == NONE else self.config.pruner_options or {}
        return make_pruner(self.method.pruner, options, rungs(self.grid.space[self.horizon]))

    def plan(self, finished: "Iterable[int]" = ()) -> Plan:
        """Return the work for all grid points but the finished ones."""
        done = frozenset(finished)
        return self.plan_of(i for i in range(len(self.grid)) if i not in done)

    def plan_of(self, grid_ids: "Iterable[int]", rungs: Sequence[int] = ()) -> Plan:
        """Return the work for some points."""
        points = [(grid_id, self.grid.params(grid_id)) for grid_id in grid_ids]
        return make_plan(self.table.hyperparameters, points, rungs=rungs)


def replay(design: Replay) -> Outcome:
    """Search the table, and compare with its best."""
    from hpsoft.search.sampling import sample

    table, paid, found = design.table, 0, []
    oracle = Oracle(table.grid, table.horizon, table.records)
    for event in sample(design, {}, oracle):
        if isinstance(event, Ended):
            found += event.records
            if event.snapshot is not None:
                paid += _passes(event.snapshot)
    best = rank(table.records)[0]
    mine = rank(found)
    assert best.value is not None, "a ranked trial has a value"
    gap = (mine[0].value or 0.0) / best.value - 1 if mine else np.inf
    ids = {record.grid_id for record in mine}
    return Outcome(float(gap), best.grid_id in ids, paid / table.passes, len(found))


def _passes(snapshot: Snapshot) -> int:
    return len(snapshot.alive) * (snapshot.horizon - snapshot.start)


def _paid_by(plan: Plan) -> int:
    return plan.model_epochs


def regret(config: RegretConfig) -> Iterator[Progress | RegretReport]:
    """Replay every method with every seed, and end with the report.

    Raises:
        StudyError: no such study, or it is not a complete grid.
        SpaceError: an option makes no sense.
    """
    found = find_study(config.storage, config.study)
    name = found.summary.name
    table = _table(config, name)
    methods = _methods(config, len(table.grid))
    for method in methods:  # a wrong name or option is refused before the first replay
        Replay(table, method, config, 0).sampler()
        Replay(table, method, config, 0).pruner()
    outcomes: dict[tuple[Method, int], Outcome] = {}
    total = len(methods) * config.seeds
    with ProcessPoolExecutor(config.jobs, get_context("spawn")) as pool:
        futures = {
            pool.submit(replay, Replay(table, method, config, seed)): (method, seed)
            for method in methods
            for seed in range(config.seeds)
        }
        for future in as_completed(futures):
            outcomes[futures[future]] = future.result()
            yield Progress(len(outcomes), total)
    best = rank(table.records)[0]
    yield RegretReport(
        study=name,
        note=found.note,
        best=best,
        n_grid=len(table.grid),
        regrets=tuple(
            Regret(method, tuple(outcomes[method, seed] for seed in range(config.seeds)))
            for method in methods
        ),
    )


def _table(config: RegretConfig, name: str) -> Table:
    about = describe_study(config.storage, name)
    proof = certify(open_storage(config.storage), name)
    if not proof.exhausted or proof.n_pruned or about["sampler"] != GRID:
        raise StudyError(
            f"Study {name!r} is no complete grid, and only a complete one knows every answer. "
            "Finish it, or run `hpsoft search --sampler grid` under another --study first."
        )
    space = recorded_space(about)
    records = competitors(trials(config.storage, name))
    if not rank(records):
        raise StudyError(f"Study {name!r} has no trial with a value: all models diverged.")
    return Table(
        {name: tuple(values) for name, values in space.items()},  # type: ignore[arg-type]
        tuple(load_optimizer(about["optimizer"]).hyperparameters),
        tuple(records),
    )


def _methods(config: RegretConfig, n_grid: int) -> list[Method]:
    if config.seeds < 1:
        raise SpaceError(f"--seeds takes 1 or more, not {config.seeds}.")
    for n_trials in config.trials:
        if not 1 <= n_trials <= n_grid:
            raise SpaceError(
                f"--trials takes 1 to {n_grid:,}, the points of the grid: {n_trials:,}."
            )
    return [
        Method(sampler, pruner, n_trials)
        for sampler in config.samplers
        for pruner in config.pruners
        for n_trials in ((n_grid,) if sampler == GRID else config.trials)
    ]
