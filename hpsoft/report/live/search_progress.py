"""What is known of a search under way: how much is done, how fast, how long it will take.

Time left comes from work, not from counts of trials: passes of models still to train, times the
seconds of a pass; and trials still to store, times the seconds that storing one takes. Draws
nothing.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hpsoft.engine.plan import Plan, Structure
from hpsoft.engine.schedule import Started
from hpsoft.engine.train import Snapshot
from hpsoft.report.live.pace import Pace
from hpsoft.tuning.events import Event, Opened, Stored, Storing, Wave


@dataclass(frozen=True)
class Running:
    """A block in training."""

    started: Started
    since: float


@dataclass
class _Block:
    """What is left of a block."""

    structure: Structure
    left: int  # passes times models
    alive: int  # models


@dataclass
class _Writing:
    """Trials being stored, and those that were."""

    seconds: float = 0.0
    n_trials: int = 0
    n_times: int = 0
    since: float | None = None  # None: nothing is being stored
    n_now: int = 0


def _nothing(_: Plan) -> Mapping[Structure, float]:
    return {}


class SearchProgress:
    """Feed it the events of a search; ask it at any time."""

    def __init__(
        self,
        opened: Opened,
        flops_per_model_epoch: float,
        rates_of: Callable[[Plan], Mapping[Structure, float]] = _nothing,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the plan, what a pass of a model counts, and an estimate of its seconds."""
        self.opened, self.best, self.n_finished = opened, opened.best, opened.n_finished
        self._flops_per_model_epoch, self._rates_of = flops_per_model_epoch, rates_of
        self._clock, self._began = clock, clock()
        self._sampling: float | None = None  # since when points are asked for that are not stored
        self._pace, self._writing = Pace(), _Writing()
        self._running: dict[int, Running] = {}
        self._plan(opened.plan)

    def _plan(self, plan: Plan) -> None:
        self._blocks = {
            block.index: _Block(block.key, block.model_epochs, len(block.models))
            for block in plan.blocks
        }
        self._goal = self.n_finished + plan.n_trials  # trials, once the plan is carried out
        if not self._pace.is_known:
            self._pace.expect(self._rates_of(plan))

    def take(self, event: Event) -> None:
        """Notice an event."""
        if isinstance(event, Wave):
            if self._sampling is None:
                self._sampling = self._clock()
            self._plan(event.plan)
        elif isinstance(event, Started):
            self._take_started(event)
        elif isinstance(event, Storing):
            self._writing.since, self._writing.n_now = self._clock(), event.n_trials
        elif isinstance(event, Stored):
            self._take_stored(event)

    def _take_started(self, event: Started) -> None:
        """Notice that a block goes on; its snapshot before may still have to be stored."""
        block = self._blocks[event.block.index]
        self._running[event.block.index] = Running(event, self._clock())
        # A block may have been begun before this run, and a pruner ends models between two tasks.
        left = sum(max(0, model.horizon - event.start) for model in event.block.models)
        kept = block.left * event.n_models / max(1, block.alive)
        block.left, block.alive = min(left, round(kept)), event.n_models

    def _take_stored(self, event: Stored) -> None:
        writing = self._writing
        if writing.since is not None:
            writing.seconds += self._clock() - writing.since
            writing.n_trials += writing.n_now
            writing.n_times += 1
            writing.since = None
        if event.snapshot is not None:
            self._take_snapshot(event.snapshot)
        self.best, self.n_finished = event.best, event.n_finished

    def _take_snapshot(self, snapshot: Snapshot) -> None:
        index = snapshot.block.index
        block, running = self._blocks[index], self._running.get(index)
        if running is not None and running.started.start < snapshot.horizon:
            del self._running[index]  # otherwise the block has gone on meanwhile
        done = snapshot.model_epochs
        self._pace.measure(block.structure, snapshot.seconds, done)
        block.left, block.alive = _left(snapshot)

    @property
    def running(self) -> list[Running]:
        """Blocks in training, the longest first."""
        return sorted(self._running.values(), key=lambda running: running.since)

    @property
    def storing(self) -> tuple[int, float] | None:
        """How many trials are being stored, and for how long already."""
        since = self._writing.since
        return None if since is None else (self._writing.n_now, self._clock() - since)

    def elapsed(self, running: Running | None = None) -> float:
        """Return seconds since the start, or since a block went on."""
        return self._clock() - (running.since if running else self._began)

    @property
    def trials_per_second(self) -> float:
        """Trials of this run, not those found in the study."""
        return (self.n_finished - self.opened.n_finished) / max(self.elapsed(), 1e-9)

    @property
    def gflops_per_second(self) -> float:
        """Useful floating-point operations of this run's finished tasks."""
        done = self._pace.model_epochs * self._flops_per_model_epoch
        return done / max(self.elapsed(), 1e-9) / 1e9

    def eta(self) -> float | None:
        """Return seconds left, whatever time the user gave; None while nothing is known."""
        plan = self._plan_left()
        if plan is None or self.opened.budget is None:
            return plan
        return None if self._sampling is None else plan + self._later(plan)

    def _later(self, plan: float) -> float:
        """Return the seconds of waves to come: like those up to now, the sampler's own
        included.
        """
        assert self._sampling is not None, "checked by the caller"
        spent = self._clock() - self._sampling + plan
        n_trials = max(1, self._goal - self.opened.n_finished)
        return max(0, self.opened.n_target - self._goal) * spent / n_trials

    def until_time_is_up(self) -> float:
        """Return seconds to the end by the time that the user gave: blocks that run are
        finished.
        """
        tasks = [self._task(running) - self._under_way(running) for running in self.running]
        return max([self.opened.limit.left(), *tasks])

    def fraction(self) -> float:
        """Return how much is done, with what the study held before: by time, or by trials."""
        opened = self.opened
        if opened.is_endless:
            return 1 - opened.limit.left() / opened.limit.seconds
        if opened.budget is not None or not opened.n_target:
            return self.n_finished / max(1, opened.n_target)
        before = opened.n_finished / opened.n_target
        done = self._pace.seconds + sum(map(self._under_way, self.running))
        whole = done + sum(self._blocks_left())
        return before + (1 - before) * (done / whole if whole else float(not self._blocks))

    def _plan_left(self) -> float | None:
        """Return the seconds left of the plan, by training and storing."""
        if self._blocks and not self._pace.is_known:
            return None
        blocks = self._blocks_left()
        training = max(sum(blocks) / self.opened.n_workers, max(blocks, default=0.0))
        storing = self._storing_left()
        if self.opened.n_workers == 1:
            return training + storing
        writing = self._writing  # while workers train; but what ends last is stored after all
        last = writing.seconds / max(1, writing.n_times)
        return max(training + min(last, storing), storing)

    def _storing_left(self) -> float:
        each = self._writing.seconds / max(1, self._writing.n_trials)
        n_now, passed = self.storing or (0, 0.0)  # asked once: another thread draws
        return max(0, self._goal - self.n_finished) * each - min(passed, n_now * each)

    def _blocks_left(self) -> list[float]:
        """Return seconds of work left of every block, what is under way taken off."""
        running = {task.started.block.index: self._under_way(task) for task in self.running}
        return [
            max(0.0, block.left * self._rate(block.structure) - running.get(index, 0.0))
            for index, block in list(self._blocks.items())
        ]

    def _task(self, running: Running) -> float:
        """Return the seconds that a task should take."""
        task = running.started
        return _work(task) * self._rate(task.block.key)

    def _under_way(self, running: Running) -> float:
        """Return seconds of a task that have passed, at most what it should take."""
        return min(self.elapsed(running), self._task(running))

    def _rate(self, of: Structure) -> float:
        """Return seconds a pass and model: what is known, or more where tasks take longer."""
        pace = self._pace
        if self._writing.since is not None or not pace.is_known:
            return pace.rate(of)  # tasks that end while others are stored are not known to have
        late = [
            self.elapsed(running) / (_work(running.started) * pace.rate(key))
            for running in self.running
            if (key := running.started.block.key) == of or not pace.is_measured(of)
        ]
        return pace.rate(of) * max([1.0, *late])


def _work(task: Started) -> int:
    """Return passes times models."""
    return task.n_models * (task.stop - task.start)


def _left(snapshot: Snapshot) -> tuple[int, int]:
    """Return passes times models still to train, and how many models: without diverged ones."""
    models = snapshot.block.models
    left = [max(0, models[i].horizon - snapshot.horizon) for i in snapshot.sound]
    return sum(left), sum(passes > 0 for passes in left)
