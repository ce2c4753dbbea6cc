"""Where the points of a wave come from: a sampler, or the grid from its first block to its last."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from hpsoft.search.brain import Brain
from hpsoft.search.design import Design


class Source(Protocol):
    """Something that says what to try next."""

    def next(self, n: int, /) -> tuple[list[int], list[int]]:
        """Return grid ids that the brain was asked for, and riders: smaller horizons of theirs."""
        ...


def source_of(design: Design, brain: Brain, finished: Iterable[int]) -> Source:
    """Return the source that the search's sampler stands for."""
    if design.is_grid:
        return Everything(design, brain, finished)
    return Asked(brain)


class Asked:
    """Points that a sampler asks for."""

    def __init__(self, brain: Brain) -> None:
        """Take the sampler's study."""
        self._brain = brain

    def next(self, n: int, /) -> tuple[list[int], list[int]]:
        """Return what the sampler asks for; no riders."""
        return self._brain.ask(n), []


class Everything:
    """All points of the grid that are not finished, block by block.

    Of a model's points only the one with the largest horizon is asked for: the pruner decides
    about the model, and the others end on its way.
    """

    def __init__(self, design: Design, brain: Brain, finished: Iterable[int]) -> None:
        """Take what is finished."""
        self._brain = brain
        self._blocks: Iterator[list[list[int]]] = iter(
            [
                [[i for _, i in sorted(model.trials.items())] for model in block.models]
                for block in design.plan(finished).blocks
            ]
        )

    def next(self, _n: int, /) -> tuple[list[int], list[int]]:
        """Return a block of models, however many."""
        models = next(self._blocks, [])
        asked = [ids[-1] for ids in models]
        for grid_id in asked:
            self._brain.want(grid_id)
        return asked, [grid_id for ids in models for grid_id in ids[:-1]]
