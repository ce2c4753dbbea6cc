"""Run a prepared search: a stream of events, one direction, each trial stored as it ends.

prepare -> open study -> grid minus finished trials -> plan -> snapshots -> records -> study
"""

import platform
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from importlib.metadata import version

from hpsoft.engine.plan import Plan
from hpsoft.engine.schedule import Started, run
from hpsoft.engine.train import Snapshot
from hpsoft.engine.workers import make_workers
from hpsoft.optimizers.registry import owner
from hpsoft.search.certificate import Certificate, certificate
from hpsoft.search.collect import Collector
from hpsoft.search.interrupts import uninterrupted
from hpsoft.search.leaderboard import Edge, best, edges, rank
from hpsoft.search.location import locate
from hpsoft.search.prepare import Prepared
from hpsoft.search.records import TrialRecord
from hpsoft.search.store import StudyStore
from hpsoft.search.study import finished_ids, open_study


@dataclass(frozen=True)
class Opened:
    """The study is open and the work planned."""

    study: str
    storage: str  # without a password
    n_grid: int
    n_finished: int  # before this run
    plan: Plan
    n_workers: int
    best: TrialRecord | None
    n_cores: int = 1  # that the search may use


@dataclass(frozen=True)
class Stored:
    """Trials have ended and are in the study."""

    snapshot: Snapshot
    records: list[TrialRecord]
    best: TrialRecord | None
    n_finished: int


@dataclass(frozen=True)
class Finished:
    """Every grid point has its trial."""

    study: str
    storage: str
    certificate: Certificate
    leaderboard: list[TrialRecord]
    edges: list[Edge]
    n_run: int  # trials of this run; the others were there
    seconds: float
    flops: float  # useful, of this run


Event = Opened | Started | Stored | Finished


def search(prepared: Prepared) -> Generator[Event, None, None]:
    """Search, and yield what happens.

    Raises:
        HpsoftError: the study is another search's, the storage fails, or a worker died. Trials
            stored before that stay.
    """
    began = time.perf_counter()
    location = locate(prepared.config.storage)
    with open_study(
        location, prepared.study, prepared.identity, versions=versions(prepared)
    ) as store:
        records = store.finished()
        plan = prepared.plan(records)
        opened = Opened(
            study=prepared.study,
            storage=str(location),
            n_grid=len(prepared.grid),
            n_finished=len(records),
            plan=plan,
            n_workers=prepared.n_workers(plan),
            best=best(records.values()),
            n_cores=prepared.jobs,
        )
        yield opened
        flops = 0.0
        for event in _train(prepared, store, opened):
            if isinstance(event, Stored):
                flops += prepared.flops(event.snapshot)
            yield event
        yield _finish(prepared, store, opened, time.perf_counter() - began, flops)


def _train(prepared: Prepared, store: StudyStore, opened: Opened) -> Iterator[Started | Stored]:
    """Train what is not finished, and store every trial as it ends."""
    collector = Collector(prepared.grid, opened.plan.horizon, store.finished().values())
    leader, n_finished = opened.best, opened.n_finished
    with make_workers(prepared.setting, opened.n_workers) as workers:
        for event in run(opened.plan, workers):
            if isinstance(event, Started):
                yield event
                continue
            ended = collector.records(event)
            with uninterrupted():
                store.append(ended)
            n_finished += len(ended)
            leader = best([*ended, leader] if leader else ended)
            yield Stored(event, ended, leader, n_finished)


def work_left(prepared: Prepared) -> Plan:
    """Return the plan of what the study does not hold yet; nothing is written.

    Raises:
        StudyError: the study holds another search.
        StorageError: the storage cannot be read.
    """
    location = locate(prepared.config.storage)
    return prepared.plan(finished_ids(location, prepared.study, prepared.identity))


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
        n_run=proof.n_finished - summary.n_finished,
        seconds=seconds,
        flops=flops,
    )


def _edges(prepared: Prepared, ranking: list[TrialRecord]) -> list[Edge]:
    if not ranking:
        return []
    hyperparameters = prepared.optimizer.hyperparameters
    n_samples = len(prepared.setting.labels)
    return edges(ranking[0], prepared.grid.space, hyperparameters, n_samples)
