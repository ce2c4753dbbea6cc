"""Where the points of a wave come from: a sampler, or the grid from its first block to its
last.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from hpsoft.study.identity import NONE
from hpsoft.study.records import TrialRecord
from hpsoft.tuning.ask_tell import ASKS_A_POINT, ASKS_MORE, AskTell
from hpsoft.tuning.design import Design
from hpsoft.tuning.samplers import is_adaptive

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler


class Proposals(Protocol):
    """Something that says what to try next."""

    ask_tell: AskTell  # that was asked, and is to be told

    def next(self, n: int, /) -> tuple[list[int], list[int]]:
        """Return grid ids that the ask_tell was asked for, and siblings: smaller horizons of
        theirs.

        Some may be finished: a search that goes on asks from its beginning.
        """
        ...


def proposals_of(design: Design, finished: Mapping[int, TrialRecord]) -> Proposals:
    """Return the proposals that the search's sampler stands for."""
    return GridProposals(design) if design.is_grid else SampledProposals(design, finished)


def _new(design: Design, sampler: "BaseSampler", finished: Iterable[TrialRecord] = ()) -> AskTell:
    return AskTell(design.grid, sampler, design.pruner(), finished, design.metric.direction)


class SampledProposals:
    """Points that a sampler asks for.

    What is finished is asked for again, wave by wave, before anything new is: so sampler and
    pruner end in the state that they had. Where other waves come than those that were stored (the
    wave had another size, say), the sampler starts afresh and takes what is finished as given.
    """

    def __init__(self, design: Design, finished: Mapping[int, TrialRecord]) -> None:
        """Start the sampler."""
        self.ask_tell = _new(design, design.sampler())
        self._design, self._finished = design, finished
        self._to_come = set(finished)
        learns = is_adaptive(design.strategy.sampler, NONE)
        self._patience = ASKS_MORE if learns else ASKS_A_POINT

    def next(self, n: int, /) -> tuple[list[int], list[int]]:
        """Return what the sampler asks for; no siblings."""
        asked = self.ask_tell.ask(n, self._patience)
        self._to_come.difference_update(asked)
        if self._to_come and not (asked and self._finished.keys() >= set(asked)):
            self._to_come.clear()
            design, finished = self._design, self._finished
            sampler = design.sampler(len(finished))
            self.ask_tell = _new(design, sampler, finished.values())
            asked = self.ask_tell.ask(min(n, design.n_trials - len(finished)), self._patience)
        return asked, []


class GridProposals:
    """All points of the grid, some models of a block at a time.

    Of a model's points only the one with the largest horizon is asked for: the pruner decides
    about the model, and the others end on its way.
    """

    def __init__(self, design: Design) -> None:
        """Start at the first block."""
        self.ask_tell = _new(design, design.sampler())
        self._blocks = [
            [[i for _, i in sorted(model.trials.items())] for model in block.models]
            for block in reversed(design.plan().blocks)
        ]

    def next(self, n: int, /) -> tuple[list[int], list[int]]:
        """Return at most `n` models of a block."""
        if not self._blocks:
            return [], []
        models, rest = self._blocks[-1][:n], self._blocks.pop()[n:]
        if rest:
            self._blocks.append(rest)
        asked = [ids[-1] for ids in models]
        for grid_id in asked:
            self.ask_tell.want(grid_id)
        return asked, [grid_id for ids in models for grid_id in ids[:-1]]
