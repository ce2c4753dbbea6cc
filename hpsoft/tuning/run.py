"""Run a prepared search: one direction, each trial stored as it ends.

prepare -> open study -> grid minus finished trials -> plan -> snapshots -> records -> study
"""

import json
import platform
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version

from hpsoft.engine.checkpoints import Checkpoints
from hpsoft.engine.plan import Plan
from hpsoft.engine.schedule import Started, run
from hpsoft.engine.workers import Workers, make_workers
from hpsoft.optimizers.registry import owner
from hpsoft.softmax.metrics import effective_size
from hpsoft.study.certificate import certified_records
from hpsoft.study.identity import GRID, StudyDescription
from hpsoft.study.leaderboard import best, competitors, rank
from hpsoft.study.records import TrialRecord
from hpsoft.study.resume import open_study
from hpsoft.study.storage.location import beside, locate
from hpsoft.study.writer import StudyStore
from hpsoft.system.interrupts import uninterrupted
from hpsoft.system.steps import ignore, to_the_end
from hpsoft.system.time_limit import TimeLimit
from hpsoft.tuning.collect import Collector
from hpsoft.tuning.edges import Edge, edges
from hpsoft.tuning.events import Ended, Event, Finished, Opened, Stored, Storing, Wave
from hpsoft.tuning.noise import chosen_by_accuracy, standing
from hpsoft.tuning.prepared import Prepared


@dataclass(frozen=True)
class Search:
    """A search whose study is open."""

    prepared: Prepared  # with the points of the study, which may have grown
    store: StudyStore
    opened: Opened
    began: float

    def run(self) -> Generator[Event, None, Finished]:
        """Train what is not finished and store it, yielding what happens; return the result.

        Raises:
            HpsoftError: the storage fails, or a worker died. Trials stored before that stay.
        """
        flops = 0.0
        for event in _train(self.prepared, self.store, self.opened, self.opened.limit):
            if isinstance(event, Stored) and event.snapshot is not None:
                flops += self.prepared.flops(event.snapshot)
            yield event
        seconds = time.perf_counter() - self.began
        finished = _finish(self.prepared, self.store, self.opened, seconds, flops)
        if finished.certificate.complete:
            _checkpoints(self.prepared).clear()
        is_short = finished.certificate.n_finished < self.opened.n_target
        return replace(finished, out_of_time=is_short and self.opened.limit.is_up())


@contextmanager
def open_search(
    prepared: Prepared, clock: Callable[[], float] = time.perf_counter
) -> Iterator[Search]:
    """Open the study of a search for writing, as long as the context lasts.

    The time limit of the search is by `clock`, in seconds.

    Raises:
        HpsoftError: the study is another search's, another process writes it, or its storage
        fails.
    """
    began = time.perf_counter()
    limit = TimeLimit(prepared.config.timeout, clock)
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
            prepared = replace(prepared, grid=store.grid)
        records = store.finished()
        plan = (
            Plan((), prepared.design.horizon)
            if prepared.is_sampled
            else prepared.plan_left(records)
        )
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
            is_pruned=len(prepared.design.rungs) > 1,
            n_asked=n_asked,
            limit=limit,
            is_endless=prepared.n_wanted is None,
            validation=prepared.identity.validation,
            metric=prepared.metric,
            remark=prepared.remark,
        )
        yield Search(prepared, store, opened, began)


def search(prepared: Prepared, show: Callable[[Event], None] = ignore) -> Finished:
    """Search to the end, showing what happens, and return the result.

    Raises:
        HpsoftError: as `open_search` and `Search.run`.
    """
    with open_search(prepared) as opened:
        return to_the_end(opened.run(), show)


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
    grid, metric = prepared.grid, prepared.metric
    collector = Collector(grid, opened.plan.horizon, finished.values(), metric)
    checkpoints = _checkpoints(prepared)
    for event in run(opened.plan, workers, limit.is_up, checkpoints.begun):
        if isinstance(event, Started):
            yield event
            continue
        yield Ended(collector.records(event), event)  # comes back once they are stored
        with uninterrupted():
            checkpoints.save(event)


def _checkpoints(prepared: Prepared) -> Checkpoints:
    """Return the states of this very search, by these very versions; beside files alone."""
    path = locate(prepared.config.storage).path
    folder = None if path is None else beside(path, prepared.study, "blocks")
    new = StudyDescription.new(prepared.identity, prepared.grid, versions(prepared))
    about = new.to_attribute()
    about.pop("created")
    return Checkpoints(folder, json.dumps(about, sort_keys=True))


def _sampled(
    prepared: Prepared,
    finished: Mapping[int, TrialRecord],
    _opened: Opened,
    workers: Workers,
    limit: TimeLimit,
) -> Iterator[Wave | Started | Ended]:
    from hpsoft.tuning.sampling import sample  # imports Optuna, which takes half a second

    for event in sample(prepared.design, finished, workers, limit.is_up):
        if isinstance(event, Wave):
            limit.start()  # only now: before, what is stored is asked for again
        yield event


def versions(prepared: Prepared) -> dict[str, str]:
    """Return the versions of everything that a result may depend on."""
    names = ("hpsoft", "numpy", "optuna", "scipy")
    return {
        **{name: _version(name) for name in names},
        "python": platform.python_version(),
        "optimizer": owner(prepared.config.optimizer),
    }


_version = cache(version)  # a file to read and to parse, and the same as long as we run


def _finish(
    prepared: Prepared, store: StudyStore, summary: Opened, seconds: float, flops: float
) -> Finished:
    proof, records = certified_records(store)
    ranking = rank(competitors(records))
    overlap = prepared.identity.validation.overlap
    return Finished(
        study=summary.study,
        storage=summary.storage,
        certificate=proof,
        leaderboard=ranking,
        edges=_edges(prepared, ranking),
        by_accuracy=chosen_by_accuracy(ranking, _n_held_out(prepared), overlap),
        standing=standing(ranking, prepared.design.horizon, overlap),
        n_run=proof.n_finished - summary.n_finished,
        seconds=seconds,
        flops=flops,
        can_grow=prepared.identity.sampler == GRID and store.connection.location.can_grow,
    )


def _n_held_out(prepared: Prepared) -> float:
    """Return how many samples of one weight are as sure as those that are held out at a time."""
    return min(
        len(fold.labels_validation)
        if fold.weight_validation is None
        else effective_size(fold.weight_validation)
        for fold in prepared.setting.folds
    )


def _edges(prepared: Prepared, ranking: list[TrialRecord]) -> list[Edge]:
    if not ranking:
        return []
    hyperparameters = prepared.optimizer.hyperparameters
    n_samples = prepared.setting.n_samples
    overlap = prepared.identity.validation.overlap
    return edges(ranking, prepared.grid.space, hyperparameters, n_samples, overlap)
