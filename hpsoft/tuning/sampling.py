"""Search by a sampler, by waves: ask for points, train them as blocks, prune on the way, tell.

    ask a wave -> plan -> climb to the next rung -> store what ended -> prune -> climb ... -> tell

A wave is asked for before any of it is trained, and its results are told, and pruning decided, in
the order of asking once all of it has reached the rung. So the same seed and wave give the same
trials, however many workers there are. Inexact: what was not asked for is not known.

A search that goes on asks for all its waves again, from the first. Trials that are stored take the
place of training, rung by rung, so the sampler and the pruner see what they saw, and the wave that
was interrupted is completed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from hpsoft.engine.plan import Model
from hpsoft.engine.rungs import Rungs
from hpsoft.engine.schedule import Started, never
from hpsoft.engine.train import Snapshot
from hpsoft.engine.workers import Workers
from hpsoft.study.records import TrialRecord
from hpsoft.tuning.ask_tell import AskTell
from hpsoft.tuning.collect import Collector
from hpsoft.tuning.design import Design
from hpsoft.tuning.events import Ended, Wave
from hpsoft.tuning.proposals import proposals_of

Event = Wave | Started | Ended
Key = tuple[int, int]  # of a model: its block, its place in it


def sample(
    design: Design,
    finished: Mapping[int, TrialRecord],
    workers: Workers,
    time_is_up: Callable[[], bool] = never,
) -> Iterator[Event]:
    """Ask for points and train them until the budget of trials or time is spent.

    Tasks in hand when time is up are finished first.
    """
    source = proposals_of(design, finished)
    collector = Collector(design.grid, design.horizon, finished.values(), design.metric)
    while source.ask_tell.n_known < design.n_trials and not time_is_up():
        asked, siblings = source.next(min(design.n_trials - source.ask_tell.n_known, design.wave))
        if not asked:
            return
        known = {i: finished[i] for i in (*asked, *siblings) if i in finished}
        run = _Run(design, source.ask_tell, collector, asked, siblings, known)
        if len(known) < len(asked) + len(siblings):
            yield Wave(run.plan)
        yield from run.events(workers, time_is_up)


@dataclass
class _Run:
    """One wave under way."""

    design: Design
    ask_tell: AskTell
    collector: Collector
    asked: list[int]  # grid ids, in the order of asking
    siblings: list[int]  # grid ids of the same models at smaller horizons, of which no one asks
    known: Mapping[int, TrialRecord]  # those of both that are stored already
    ended: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.plan = self.design.plan_of([*self.asked, *self.siblings], self.design.rungs)
        self.rungs = Rungs(self.plan)
        self._models: dict[Key, Model] = {
            (block.index, place): model
            for block in self.plan.blocks
            for place, model in enumerate(block.models)
        }
        self._where = {i: key for key, m in self._models.items() for i in m.trials.values()}
        self._drop(k for k, m in self._models.items() if self.known.keys() >= _ids(m))

    def events(self, workers: Workers, time_is_up: Callable[[], bool]) -> Iterator[Event]:
        if self.design.rungs:
            yield from self._by_rungs(workers, time_is_up)
            return
        found = dict(self.known)
        yield from self._stored(self.rungs.finish(workers, time_is_up), found, [])
        self._tell(found)

    def _by_rungs(self, workers: Workers, time_is_up: Callable[[], bool]) -> Iterator[Event]:
        for rung in sorted({stop for model in self._models.values() for stop in model.stops}):
            found = {i: r for i, r in self.known.items() if not r.pruned and self._end(r) == rung}
            snapshots: list[Snapshot] = []
            if self.rungs.next == rung:
                yield from self._stored(self.rungs.climb(workers, time_is_up), found, snapshots)
                if self.rungs.next == rung:
                    return  # time was up before all were there to be compared
            self._tell(found)
            if pruned := self._prune(rung, snapshots):
                yield Ended(pruned, None)

    def _stored(
        self,
        events: Iterable[Started | Snapshot],
        found: dict[int, TrialRecord],
        snapshots: list[Snapshot],
    ) -> Iterator[Event]:
        """Pass on what happens; gather what ended, and the snapshots."""
        for event in events:
            if isinstance(event, Started):
                yield event
                continue
            snapshots.append(event)
            # A pruned trial whose model goes on for another one reaches its horizon all the same.
            gone = self.ended | self.known.keys()
            records = [r for r in self.collector.records(event) if r.grid_id not in gone]
            found |= {record.grid_id: record for record in records}
            yield Ended(records, event)

    def _tell(self, found: Mapping[int, TrialRecord]) -> None:
        """Tell what ended, in the order of asking."""
        self.ended |= found.keys()
        for grid_id in self.asked:
            if grid_id in found:
                self.ask_tell.tell(found[grid_id])

    def _prune(self, rung: int, snapshots: Iterable[Snapshot]) -> list[TrialRecord]:
        """Report the costs at a rung, in the order of asking, and end what the pruner says."""
        scored = {
            (snapshot.block.index, place): (snapshot, column)
            for snapshot in snapshots
            for column, place in enumerate(snapshot.alive)
        }
        pruned: list[TrialRecord] = []
        for grid_id in self.asked:
            if grid_id in self.ended:
                continue
            if grid_id in self.known:
                self._repeat(self.known[grid_id], rung)
            elif (key := self._where[grid_id]) in scored:
                snapshot, column = scored[key]
                value = float(snapshot.scores.means[self.design.metric.name][column])
                if self.ask_tell.report(grid_id, value, rung):
                    pruned.append(self.collector.pruned(snapshot, grid_id))
                    self.ask_tell.tell(pruned[-1])
                    self.ended.add(grid_id)
        return pruned + self._idle({key: snapshot for key, (snapshot, _) in scored.items()})

    def _repeat(self, record: TrialRecord, rung: int) -> None:
        """Report a stored trial as it was reported; it ends where it ended."""
        stops = self._models[self._where[record.grid_id]].stops
        if rung in record.intermediate and rung in stops:
            self.ask_tell.report(record.grid_id, record.intermediate[rung], rung)
        if record.pruned and self._end(record) == rung:
            self.ask_tell.tell(record)
            self.ended.add(record.grid_id)

    def _end(self, record: TrialRecord) -> int:
        """Return the horizon value at which a stored trial ended."""
        last = max(record.intermediate, default=0)
        if record.pruned:
            return last
        horizon = int(record.params[self.design.horizon])
        if not record.diverged:
            return horizon
        stops = self._models[self._where[record.grid_id]].stops
        return min((stop for stop in stops if stop > last), default=horizon)

    def _idle(self, scored: Mapping[Key, Snapshot]) -> list[TrialRecord]:
        """Drop models that nobody who asked still wants; their siblings end as pruned."""
        wanted = set(self.asked) - self.ended
        idle = [key for key in scored if not _ids(self._models[key]) & wanted]
        self._drop(idle)
        siblings = {
            i: scored[key] for key in idle for i in _ids(self._models[key]) - self.known.keys()
        }
        left = sorted(siblings.keys() - self.ended)
        self.ended.update(left)
        return [self.collector.pruned(siblings[i], i) for i in left]

    def _drop(self, keys: Iterable[Key]) -> None:
        gone = set(keys)
        for block in self.plan.blocks:
            if places := {place for index, place in gone if index == block.index}:
                self.rungs.drop(block, places)


def _ids(model: Model) -> set[int]:
    return set(model.trials.values())
