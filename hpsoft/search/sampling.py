"""Search by a sampler, by waves: ask for points, train them as blocks, prune on the way, tell.

    ask a wave -> plan -> climb to the next rung -> store what ended -> prune -> climb ... -> tell

A wave is asked for before any of it is trained, and its results are told, and pruning decided, in
the order of asking once all of it has reached the rung. So the same seed and wave give the same
trials, however many workers there are. Inexact: what was not asked for is not known.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from hpsoft.engine.rungs import Rungs
from hpsoft.engine.schedule import Started
from hpsoft.engine.schedule import run as run_plan
from hpsoft.engine.train import Snapshot
from hpsoft.engine.workers import Workers
from hpsoft.search.brain import Brain
from hpsoft.search.collect import Collector
from hpsoft.search.design import Design
from hpsoft.search.happenings import Ended, Wave
from hpsoft.search.records import TrialRecord
from hpsoft.search.source import source_of

SMALLEST_WAVE, LARGEST_WAVE, WAVES = 8, 64, 8
UNLEARNT_WAVE = 512  # of samplers that do not look at results


Event = Wave | Started | Ended


def sample(
    design: Design,
    finished: Mapping[int, TrialRecord],
    workers: Workers,
    deadline: float = float("inf"),
) -> Iterator[Event]:
    """Ask for points and train them until the budget of trials or time is spent.

    `deadline` is in seconds of `time.monotonic`; tasks in hand are finished first.
    """
    grid, horizon = design.grid, design.horizon
    n_left = design.n_trials - len(finished)
    brain = Brain(grid, design.sampler(len(finished)), design.pruner(), finished.values())
    source = source_of(design, brain, finished)
    collector = Collector(grid, horizon, finished.values())
    while n_left > 0 and time.monotonic() < deadline:
        asked, riders = source.next(min(n_left, wave_size(design)))
        if not asked:
            return
        run = _Run(design, brain, collector, asked, riders)
        yield Wave(run.plan)
        yield from run.events(workers, deadline)
        n_left -= run.n_ended


def wave_size(design: Design) -> int:
    """Return how many points are asked for at a time.

    An eighth of all trials: so the sampler learns often enough, and waves are still wide blocks.
    Many more where nothing is learnt.
    """
    if design.wave is not None:
        return design.wave
    if not design.is_adaptive:
        return UNLEARNT_WAVE
    return max(SMALLEST_WAVE, min(LARGEST_WAVE, design.n_trials // WAVES))


@dataclass
class _Run:
    """One wave under way."""

    design: Design
    brain: Brain
    collector: Collector
    asked: list[int]  # grid ids, in the order of asking
    riders: list[int]  # grid ids of the same models at smaller horizons, of which no one asks
    ended: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        ids = [*self.asked, *self.riders]
        self.plan = self.design.plan_of(ids, self.design.rungs)
        self._where = {
            grid_id: (block, model)
            for block in self.plan.blocks
            for model, described in enumerate(block.models)
            for grid_id in described.trials.values()
        }

    @property
    def n_ended(self) -> int:
        return len(self.ended)

    def events(self, workers: Workers, deadline: float) -> Iterator[Event]:
        found: dict[int, TrialRecord] = {}
        snapshots: list[Snapshot] = []
        if not self.design.rungs:
            yield from self._stored(run_plan(self.plan, workers), found, snapshots)
            self._tell(found)
            return
        rungs = Rungs(self.plan)
        while rungs.next is not None and time.monotonic() < deadline:
            found, snapshots = {}, []
            yield from self._stored(rungs.climb(workers), found, snapshots)
            self._tell(found)
            yield Ended(self._prune(rungs, snapshots), None)

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
            records = [r for r in self.collector.records(event) if r.grid_id not in self.ended]
            found |= {record.grid_id: record for record in records}
            yield Ended(records, event)

    def _tell(self, found: Mapping[int, TrialRecord]) -> None:
        """Tell what ended, in the order of asking."""
        self.ended |= found.keys()
        for grid_id in self.asked:
            if grid_id in found:
                self.brain.tell(found[grid_id])

    def _prune(self, rungs: Rungs, snapshots: Iterable[Snapshot]) -> list[TrialRecord]:
        """Report the costs at a rung, in the order of asking, and end what the pruner says."""
        costs = {
            (snapshot.block.index, model): (snapshot, column)
            for snapshot in snapshots
            for column, model in enumerate(snapshot.alive)
        }
        pruned: list[TrialRecord] = []
        for grid_id in self.asked:
            block, model = self._where[grid_id]
            if grid_id in self.ended or (block.index, model) not in costs:
                continue
            snapshot, column = costs[block.index, model]
            cost = float(snapshot.scores.cross_entropy[column])
            if self.brain.report(grid_id, cost, snapshot.horizon):
                record = self.collector.pruned(snapshot, grid_id)
                self.brain.tell(record)
                pruned.append(record)
                self.ended.add(grid_id)
                pruned += self._dropped(rungs, snapshot, column)
        return pruned

    def _dropped(self, rungs: Rungs, snapshot: Snapshot, column: int) -> list[TrialRecord]:
        """Drop a model that nobody who asked still wants; its riders end as pruned."""
        model = snapshot.alive[column]
        ids = set(snapshot.block.models[model].trials.values()) - self.ended
        if ids & set(self.asked):
            return []
        rungs.drop(snapshot.block, {model})
        self.ended |= ids
        return [self.collector.pruned(snapshot, grid_id) for grid_id in sorted(ids)]
