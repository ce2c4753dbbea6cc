"""Run a prepared search: a stream of events, one direction, each trial stored as it ends.

prepare -> open study -> grid minus finished trials -> plan -> snapshots -> records -> study
"""

import json
import platform
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version

from hpsoft.engine.checkpoints import Checkpoints
from hpsoft.engine.plan import Plan
from hpsoft.engine.schedule import Started, run
from hpsoft.engine.train import Snapshot
from hpsoft.engine.workers import Workers, make_workers
from hpsoft.optimizers.registry import owner
from hpsoft.search.certificate import Certificate, certificate
from hpsoft.search.choices import GRID, make_sampler
from hpsoft.search.collect import Collector
from hpsoft.search.edges import Edge, edges
from hpsoft.search.extension import Extension
from hpsoft.search.happenings import Ended, Storing, Wave
from hpsoft.search.identity import describe
from hpsoft.search.interrupts import uninterrupted
from hpsoft.search.leaderboard import best, rank
from hpsoft.search.location import locate
from hpsoft.search.locks import beside
from hpsoft.search.noise import Standing, standing
from hpsoft.search.prepare import Prepared
from hpsoft.search.records import TrialRecord
from hpsoft.search.store import StudyStore
from hpsoft.search.study import finished_ids, open_study
from hpsoft.search.time_limit import TimeLimit
from hpsoft.search.validation import Validation, recorded_validation

FEWEST_PLANNED = 64  # points that a dry run draws for a sampler, by waves


@dataclass(frozen=True)
class Opened:
    """The study is open and the work planned."""

    study: str
    storage: str  # without a password
    n_grid: int | None  # None: the space has ranges
    n_finished: int  # before this run
    plan: Plan
    n_workers: int
    best: TrialRecord | None
    n_cores: int = 1  # that the search may use
    budget: int | None = None  # trials that a sampler may spend; None: the plan is all there is
    is_pruned: bool = False  # trials may end before their horizon
    n_asked: int | None = None  # points of the grid that was asked for, a part of one that grew
    limit: TimeLimit = field(default_factory=TimeLimit)  # counts on
    is_endless: bool = False  # time alone ends it
    validation: Validation = field(default_factory=Validation)  # what trials are told apart by

    @property
    def n_target(self) -> int:
        """Trials that the study is to hold at the end."""
        return max(self.budget or self.n_grid or 0, self.n_finished)


@dataclass(frozen=True)
class Stored:
    """Trials have ended and are in the study."""

    snapshot: Snapshot | None  # None: they were pruned
    records: list[TrialRecord]
    best: TrialRecord | None
    n_finished: int


@dataclass(frozen=True)
class Finished:
    """Every grid point has its trial, or a sampled search has spent its budget."""

    study: str
    storage: str
    certificate: Certificate
    leaderboard: list[TrialRecord]
    edges: list[Edge]
    n_run: int  # trials of this run; the others were there
    seconds: float
    flops: float  # useful, of this run
    can_grow: bool = False  # points can be added to the study's grid
    standing: Standing | None = None  # of the winner
    extension: Extension | None = None  # the winner against that of the grid before it grew
    out_of_time: bool = False  # the time that the user gave was up before all trials had ended


Event = Opened | Wave | Started | Storing | Stored | Finished


def search(prepared: Prepared) -> Generator[Event, None, None]:
    """Search, and yield what happens.

    Raises:
        HpsoftError: the study is another search's, the storage fails, or a worker died. Trials
            stored before that stay.
    """
    began = time.perf_counter()
    limit = TimeLimit(prepared.config.timeout)
    if not prepared.is_sampled:
        limit.start()
    location = locate(prepared.config.storage)
    with open_study(
        location,
        prepared.study,
        prepared.identity,
        versions=versions(prepared),
        points=prepared.grid,
    ) as store:
        n_asked = prepared.grid.size
        if store.grid is not prepared.grid:  # the study has grown since
            prepared = replace(prepared, points=store.grid)
        records = store.finished()
        plan = Plan((), prepared.horizon) if prepared.is_sampled else prepared.plan_left(records)
        opened = Opened(
            study=prepared.study,
            storage=str(location),
            n_grid=prepared.grid.size,
            n_finished=len(records),
            plan=plan,
            n_workers=prepared.n_workers(plan),
            best=best(records.values()),
            n_cores=prepared.jobs,
            budget=prepared.n_trials if prepared.is_sampled else None,
            is_pruned=len(prepared.rungs) > 1,
            n_asked=n_asked,
            limit=limit,
            is_endless=prepared.n_wanted is None,
            validation=recorded_validation(asdict(prepared.identity)),
        )
        yield opened
        flops = 0.0
        for event in _train(prepared, store, opened, limit):
            if isinstance(event, Stored) and event.snapshot is not None:
                flops += prepared.flops(event.snapshot)
            yield event
        finished = _finish(prepared, store, opened, time.perf_counter() - began, flops)
        if finished.certificate.complete:
            _checkpoints(prepared).clear()
        is_short = finished.certificate.n_finished < opened.n_target
        yield replace(finished, out_of_time=is_short and limit.is_up())


def _train(
    prepared: Prepared, store: StudyStore, opened: Opened, limit: TimeLimit
) -> Iterator[Wave | Started | Storing | Stored]:
    """Train what is not finished, and store every trial as it ends."""
    leader, n_finished = opened.best, opened.n_finished
    if n_finished == opened.n_target:
        return
    work = _planned if opened.budget is None else _sampled
    with make_workers(prepared.setting, opened.n_workers) as workers:
        for event in work(prepared, store.finished(), opened, workers, limit):
            if not isinstance(event, Ended):
                yield event
                continue
            yield Storing(len(event.records))
            with uninterrupted():
                store.append(event.records)
            n_finished += len(event.records)
            leader = best([*event.records, leader] if leader else event.records)
            yield Stored(event.snapshot, event.records, leader, n_finished)


def _planned(
    prepared: Prepared,
    finished: Mapping[int, TrialRecord],
    opened: Opened,
    workers: Workers,
    limit: TimeLimit,
) -> Iterator[Started | Ended]:
    collector = Collector(prepared.grid, opened.plan.horizon, finished.values())
    checkpoints = _checkpoints(prepared)
    for event in run(opened.plan, workers, limit.is_up, checkpoints.begun):
        if isinstance(event, Started):
            yield event
            continue
        yield Ended(collector.records(event), event)  # comes back once they are stored
        with uninterrupted():
            checkpoints.keep(event)


def _checkpoints(prepared: Prepared) -> Checkpoints:
    """Return the states of this very search, by these very versions; beside files alone."""
    path = locate(prepared.config.storage).path
    folder = None if path is None else beside(path, prepared.study, "blocks")
    about = describe(prepared.identity, prepared.grid, versions(prepared))
    about.pop("created")
    return Checkpoints(folder, json.dumps(about, sort_keys=True))


def _sampled(
    prepared: Prepared,
    finished: Mapping[int, TrialRecord],
    _opened: Opened,
    workers: Workers,
    limit: TimeLimit,
) -> Iterator[Wave | Started | Ended]:
    from hpsoft.search.sampling import sample  # imports Optuna, which takes half a second

    for event in sample(prepared, finished, workers, limit.is_up):
        if isinstance(event, Wave):
            limit.start()  # only now: before, what is stored is asked for again
        yield event


@dataclass(frozen=True)
class Work:
    """What a study does not hold yet."""

    plan: Plan  # of all of it, or of some points that stand for all
    n_trials: int  # of all of it

    @property
    def scale(self) -> float:
        """How much more there is than the plan holds."""
        return self.n_trials / self.plan.n_trials if self.plan.n_trials else 1.0


def work_left(prepared: Prepared) -> Work:
    """Plan what the study does not hold yet; nothing is written.

    Raises:
        StudyError: the study holds another search.
        StorageError: the storage cannot be read.
    """
    location = locate(prepared.config.storage)
    done = finished_ids(location, prepared.study, prepared.identity, prepared.grid)
    n_left = max(0, prepared.n_trials - len(done))
    if prepared.is_grid:
        left = [grid_id for grid_id in range(prepared.n_trials) if grid_id not in done]
    else:  # nobody knows them yet: a few waves of points at random stand for all
        from hpsoft.search.brain import ASKS_A_POINT, Brain

        random = make_sampler("random", {}, prepared.config.seed)
        brain = Brain(prepared.grid, random, prepared.pruner())
        left = brain.ask(min(n_left, max(prepared.wave, FEWEST_PLANNED)), ASKS_A_POINT)
    size = len(left) if prepared.is_grid else prepared.wave
    waves = [
        prepared.plan_of(left[i : i + size], prepared.rungs)
        for i in range(0, len(left), size or 1)
    ]
    blocks = [block for plan in waves for block in plan.blocks]
    blocks = [replace(block, index=index) for index, block in enumerate(blocks)]
    return Work(Plan(tuple(blocks), prepared.horizon), n_left)


def versions(prepared: Prepared) -> dict[str, str]:
    """Return the versions of everything that a result may depend on."""
    names = ("hpsoft", "numpy", "optuna", "scipy")
    return {
        **{name: version(name) for name in names},
        "python": platform.python_version(),
        "optimizer": owner(prepared.config.optimizer),
    }


def _finish(
    prepared: Prepared, store: StudyStore, summary: Opened, seconds: float, flops: float
) -> Finished:
    proof = certificate(store)
    ranking = rank(store.finished().values())
    return Finished(
        study=summary.study,
        storage=summary.storage,
        certificate=proof,
        leaderboard=ranking,
        edges=_edges(prepared, ranking),
        standing=standing(ranking, prepared.horizon),
        n_run=proof.n_finished - summary.n_finished,
        seconds=seconds,
        flops=flops,
        can_grow=prepared.identity.sampler == GRID and store.connection.location.can_grow,
    )


def _edges(prepared: Prepared, ranking: list[TrialRecord]) -> list[Edge]:
    if not ranking:
        return []
    hyperparameters = prepared.optimizer.hyperparameters
    n_samples = prepared.setting.n_samples
    return edges(ranking, prepared.grid.space, hyperparameters, n_samples)
