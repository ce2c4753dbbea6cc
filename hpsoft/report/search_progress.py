"""What is known of a search under way: how much is done, how fast, how long it will take.

Time left comes from work, not from counts of trials: passes of models still to train, times the
seconds that a pass of a model has taken in blocks of the same structure. Draws nothing.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from hpsoft.engine.plan import Block, Plan
from hpsoft.engine.schedule import Started
from hpsoft.engine.train import Snapshot
from hpsoft.search.happenings import Wave
from hpsoft.search.run import Event, Opened, Stored

Structure = tuple[tuple[str, int | float], ...]


@dataclass(frozen=True)
class Running:
    """A block in training."""

    started: Started
    since: float


@dataclass
class _Speed:
    seconds: float = 0.0
    model_epochs: int = 0


class SearchProgress:
    """Feed it the events of a search; ask it at any time."""

    def __init__(
        self,
        opened: Opened,
        flops_per_model_epoch: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the plan, and what a pass of a model counts."""
        self.opened, self.best, self.n_finished = opened, opened.best, opened.n_finished
        self._flops_per_model_epoch, self._clock = flops_per_model_epoch, clock
        self._began = clock()
        self._plan(opened.plan)
        self._speeds: dict[Structure, _Speed] = {}
        self._running: dict[int, Running] = {}

    def _plan(self, plan: Plan) -> None:
        self._left = {block.index: block.model_epochs for block in plan.blocks}
        self._structure = {block.index: _structure(block) for block in plan.blocks}

    def take(self, event: Event) -> None:
        """Notice an event."""
        if isinstance(event, Wave):
            self._plan(event.plan)
        elif isinstance(event, Started):
            index = event.block.index
            self._running[index] = Running(event, self._clock())
            # A block that was begun before this run has less left than the plan says.
            left = sum(max(0, model.horizon - event.start) for model in event.block.models)
            self._left[index] = min(self._left[index], left)
        elif isinstance(event, Stored):
            if event.snapshot is not None:
                self._take_snapshot(event.snapshot)
            self.best, self.n_finished = event.best, event.n_finished

    def _take_snapshot(self, snapshot: Snapshot) -> None:
        index = snapshot.block.index
        self._running.pop(index, None)
        speed = self._speeds.setdefault(self._structure[index], _Speed())
        speed.seconds += snapshot.seconds
        speed.model_epochs += len(snapshot.alive) * (snapshot.horizon - snapshot.start)
        self._left[index] = _model_epochs_left(snapshot)

    @property
    def running(self) -> list[Running]:
        """Blocks in training, the longest first."""
        return sorted(self._running.values(), key=lambda running: running.since)

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
        done = sum(speed.model_epochs for speed in list(self._speeds.values()))
        return done * self._flops_per_model_epoch / max(self.elapsed(), 1e-9) / 1e9

    def eta(self) -> float | None:
        """Return seconds left, None while nothing has been measured."""
        if self.opened.budget is not None:  # later waves have no plan yet: by the trials so far
            n_left = self.opened.n_target - self.n_finished
            rate = self.trials_per_second
            return n_left / rate if rate else None
        left = self._seconds_left()
        if left is None:
            return None
        return max(sum(left) / self.opened.n_workers, max(left, default=0.0))

    def fraction(self) -> float:
        """Return how much of this run's work is done, by time; by trials where it is sampled."""
        if self.opened.budget is not None:
            n_run = self.opened.n_target - self.opened.n_finished
            return (self.n_finished - self.opened.n_finished) / n_run if n_run else 1.0
        left = self._seconds_left()
        if left is None:
            return 0.0
        done = sum(speed.seconds for speed in list(self._speeds.values()))
        done += sum(self._under_way(running) for running in self.running)
        return done / (done + sum(left)) if done else 1.0

    def _seconds_left(self) -> list[float] | None:
        """Return seconds of work left of every block, what is under way taken off."""
        if not self._speeds and self._left:
            return None
        left = {i: n * self._rate(self._structure[i]) for i, n in list(self._left.items())}
        for running in self.running:
            left[running.started.block.index] -= self._under_way(running)
        return list(left.values())

    def _under_way(self, running: Running) -> float:
        """Return seconds of a task that have passed, at most what it should take."""
        task = running.started
        expected = task.n_models * (task.stop - task.start)
        rate = self._rate(self._structure[task.block.index])
        return min(self.elapsed(running), expected * rate)

    def _rate(self, structure: Structure) -> float:
        """Return seconds a pass and model; the average of the others where not measured yet."""
        speeds = list(self._speeds.values())
        known = [self._speeds[structure]] if structure in self._speeds else speeds
        seconds = math.fsum(speed.seconds for speed in known)
        return seconds / max(1, sum(speed.model_epochs for speed in known))


def _structure(block: Block) -> Structure:
    return tuple(sorted(block.structure.items()))


def _model_epochs_left(snapshot: Snapshot) -> int:
    """Return passes times models still to train: diverged models are left out."""
    scores = snapshot.scores.cross_entropy.tolist()
    return sum(
        max(0, snapshot.block.models[i].horizon - snapshot.horizon)
        for i, score in zip(snapshot.alive, scores, strict=True)
        if math.isfinite(score)
    )
