"""Which block runs next, until every trial of a plan has its snapshot.

A block is a chain of tasks, one a horizon value. While there are many blocks, those begun are
carried through first, so that a kill wastes little; towards the end the block with the most work
left goes first, so that all workers end together.
"""

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field

import numpy as np

from hpsoft.engine.checkpoints import Begun
from hpsoft.engine.plan import Block, Plan
from hpsoft.engine.pool import result
from hpsoft.engine.train import Snapshot, Task, select_each
from hpsoft.engine.workers import Workers
from hpsoft.errors import HpsoftError
from hpsoft.optimizers.protocol import State


@dataclass(frozen=True)
class Started:
    """A block goes on from one horizon value to the next."""

    block: Block
    start: int
    stop: int
    n_models: int


Event = Started | Snapshot


@dataclass
class Chain:
    """How far a block is."""

    block: Block
    alive: tuple[int, ...] = ()
    states: tuple[State, ...] | None = None  # one a fold
    done: int = 0  # passes
    seconds: float = 0.0
    model_epochs: int = 0  # trained so far
    running: bool = field(default=False)

    def next_task(self) -> Task:
        """Return the task up to the next horizon value at which some living model has a trial."""
        return Task(self.block, self.alive, self.states, self.done, self.next_stop)

    @property
    def next_stop(self) -> int:
        """The next horizon value at which some living model is scored."""
        return min(self.block.models[i].next_stop(self.done) for i in self.alive)

    def accept(self, snapshot: Snapshot) -> None:
        """Go on with the models that are sound and have a trial further on."""
        self.seconds += snapshot.seconds
        self.model_epochs += snapshot.model_epochs
        self.done, self.running = snapshot.horizon, False
        going_on = snapshot.going_on
        self.alive = tuple(snapshot.sound[going_on].tolist())
        self.states = select_each(snapshot.states, going_on)

    def drop(self, models: Collection[int]) -> None:
        """End some models between two tasks."""
        stays = np.array([i not in models for i in self.alive], bool)
        self.alive = tuple(i for i in self.alive if i not in models)
        if self.states is not None:
            self.states = select_each(self.states, stays)

    def work_left(self, typical: float) -> float:
        """Return seconds left; `typical` seconds a pass and model where none is known yet."""
        rate = self.seconds / self.model_epochs if self.model_epochs else typical
        return rate * sum(self.block.models[i].horizon - self.done for i in self.alive)


def never() -> bool:
    """Tell that time is not up, whenever asked."""
    return False


def run(
    plan: Plan,
    workers: Workers,
    time_is_up: Callable[[], bool] = never,
    begun: Callable[[Block], Begun | None] = lambda _: None,
) -> Iterator[Event]:
    """Yield a `Started` for every task and a `Snapshot` for its end.

    A block that is `begun` goes on from there. Once time is up no task is begun any more, by any
    worker; those in hand are finished.

    Raises:
        HpsoftError: a worker process died; what was yielded before stands.
    """
    chains = chains_of(plan)
    for chain in chains:
        if (before := begun(chain.block)) is not None:
            chain.done, chain.states = before.done, before.states
    yield from run_chains(chains, workers, time_is_up)


def chains_of(plan: Plan) -> list[Chain]:
    """Return the blocks of a plan at no pass."""
    return [Chain(block, tuple(range(len(block.models)))) for block in plan.blocks]


def run_chains(
    chains: list[Chain],
    workers: Workers,
    time_is_up: Callable[[], bool] = never,
    until: int | None = None,
) -> Iterator[Event]:
    """Carry blocks on: to their ends, or to the horizon value `until`. Like `run` otherwise."""

    def due() -> list[Chain]:
        if time_is_up():
            return []
        return [chain for chain in chains if until is None or chain.done < until]

    futures: dict[Future[Snapshot], Chain] = {}
    ended: list[Snapshot] = []
    while True:
        if not workers.in_background:
            yield from _emptied(ended)
        try:
            while len(futures) < workers.n and (chain := _choose(due(), workers.n)):
                chain.running, task = True, chain.next_task()
                yield Started(task.block, task.start, task.stop, len(task.alive))
                futures[workers.submit(task)] = chain
            yield from _emptied(ended)  # only now: no worker waits while its trials are stored
            if not futures:
                return
            done = wait(futures, return_when=FIRST_COMPLETED).done
            for future in sorted(done, key=lambda future: future.exception() is not None):
                chain, snapshot = futures.pop(future), result(future)
                chain.accept(snapshot)
                ended.append(snapshot)
        except HpsoftError:
            yield from _emptied(ended)
            raise


def _emptied(ended: list[Snapshot]) -> Iterator[Snapshot]:
    while ended:
        yield ended.pop(0)


def _choose(chains: list[Chain], n_workers: int) -> Chain | None:
    left = [chain for chain in chains if chain.alive]
    idle = [chain for chain in left if not chain.running]
    known = [chain.seconds / chain.model_epochs for chain in chains if chain.model_epochs]
    typical = sum(known) / len(known) if known else 1.0
    if len(left) > 2 * n_workers:
        idle = [chain for chain in idle if chain.done] or idle
    return max(idle, key=lambda chain: chain.work_left(typical), default=None)
