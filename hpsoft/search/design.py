"""What a sampled search needs to know, whether models are trained or looked up."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from hpsoft.engine.plan import Plan
from hpsoft.search.points import Points

if TYPE_CHECKING:
    from optuna.pruners import BasePruner
    from optuna.samplers import BaseSampler


class Design(Protocol):
    """A space, a sampler, a pruner, and how much they may spend."""

    @property
    def grid(self) -> Points:
        """The points."""
        ...

    @property
    def horizon(self) -> str:
        """The name of the horizon."""
        ...

    @property
    def is_grid(self) -> bool:
        """Whether all points are tried, and only a pruner chooses."""
        ...

    @property
    def is_adaptive(self) -> bool:
        """Whether results decide what is tried, or ended, next."""
        ...

    @property
    def n_trials(self) -> int:
        """How many trials there are to be at the end."""
        ...

    @property
    def wave(self) -> int:
        """How many points are asked for at a time."""
        ...

    @property
    def rungs(self) -> tuple[int, ...]:
        """Horizon values at which the pruner decides; none without a pruner."""
        ...

    def sampler(self, n_finished: int = 0) -> "BaseSampler":
        """Return the sampler."""
        ...

    def pruner(self) -> "BasePruner":
        """Return the pruner."""
        ...

    def plan(self) -> Plan:
        """Return the work for the whole grid, the same for any number of workers."""
        ...

    def plan_of(self, grid_ids: Iterable[int], rungs: Sequence[int] = ()) -> Plan:
        """Return the work for some points, scored at `rungs` on the way."""
        ...
