"""Blocks that go from rung to rung together, so that models can be dropped between two rungs.

A rung is a horizon value at which models are scored. No model passes a rung before all have
reached it: what is dropped there depends on scores alone, never on which worker was faster.
"""

from collections.abc import Callable, Collection, Iterator

from hpsoft.engine.plan import Block, Plan
from hpsoft.engine.schedule import Event, chains_of, never, run_chains
from hpsoft.engine.workers import Workers


class Rungs:
    """The blocks of a plan, all of them at the same rung."""

    def __init__(self, plan: Plan) -> None:
        """Start all blocks at no pass."""
        self._chains = chains_of(plan)

    @property
    def next(self) -> int | None:
        """The next rung; None at the end."""
        return min((chain.next_stop for chain in self._chains if chain.alive), default=None)

    def climb(self, workers: Workers, time_is_up: Callable[[], bool] = never) -> Iterator[Event]:
        """Train all models up to the next rung, while there is time.

        Raises:
            HpsoftError: a worker process died.
        """
        rung = self.next
        due = [chain for chain in self._chains if chain.alive and chain.next_stop == rung]
        return run_chains(due, workers, time_is_up, until=rung)

    def finish(self, workers: Workers, time_is_up: Callable[[], bool] = never) -> Iterator[Event]:
        """Train all models to their ends, without a rung in between. Like `climb` otherwise."""
        return run_chains(self._chains, workers, time_is_up)

    def drop(self, block: Block, models: Collection[int]) -> None:
        """End some models of a block, by their place in it: they cost nothing more."""
        next(chain for chain in self._chains if chain.block.index == block.index).drop(models)
