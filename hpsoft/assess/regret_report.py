"""What searching less would have cost: the replays that have ended, and figures of every
method.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np

from hpsoft.assess.replay import Method, Outcome, Table
from hpsoft.study.leaderboard import rank
from hpsoft.study.records import TrialRecord

NEAR_THE_BEST = 0.001  # relative: so near to the grid's best counts as good enough


@dataclass(frozen=True)
class Regret:
    """What a method costs and misses, over the seeds that were replayed."""

    method: Method
    outcomes: tuple[Outcome, ...]  # by seed; at least one

    @property
    def gaps(self) -> list[float]:
        """All gaps, ascending."""
        return sorted(outcome.gap for outcome in self.outcomes)

    def quantile(self, share: float) -> float:
        """Return a quantile of the gap: the value that this share of seeds does not exceed."""
        return float(np.quantile(self.gaps, share, method="inverted_cdf"))

    @property
    def found(self) -> float:
        """Share of seeds that found a point with the grid's best cost."""
        return float(np.mean([outcome.found for outcome in self.outcomes]))

    @property
    def near(self) -> float:
        """Share of seeds within `NEAR_THE_BEST` of the grid's best cost."""
        return float(np.mean([gap <= NEAR_THE_BEST for gap in self.gaps]))

    @property
    def paid(self) -> float:
        """Median share of the grid's passes."""
        return float(np.median([outcome.paid for outcome in self.outcomes]))


@dataclass(frozen=True)
class RegretReport:
    """What `hpsoft regret` finds."""

    study: str
    note: str | None
    best: TrialRecord  # of the grid
    n_grid: int
    seeds: int  # that each method was to be replayed with
    regrets: tuple[Regret, ...]
    unplayed: tuple[Method, ...] = ()  # of which no replay has ended

    @property
    def n_replays(self) -> int:
        """Replays that have ended."""
        return sum(len(regret.outcomes) for regret in self.regrets)

    @property
    def n_wanted(self) -> int:
        """Replays that were asked for; more than have ended where the user ended them."""
        return self.seeds * (len(self.regrets) + len(self.unplayed))

    @property
    def cheapest(self) -> Regret | None:
        """The method that paid least of those near in most seeds, and less than all.

        Of two that paid the same, the one that is near more often.
        """
        good = [r for r in self.regrets if r.near > 0.5 and r.paid < 1]
        return min(good, key=lambda regret: (regret.paid, -regret.near), default=None)


@dataclass(frozen=True)
class Replays:
    """Every method with every seed, on one grid."""

    study: str
    note: str | None
    table: Table
    methods: Sequence[Method]
    seeds: int
    outcomes: dict[tuple[int, int], Outcome] = field(default_factory=dict)  # by method and seed

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.methods) * self.seeds

    def report(self) -> RegretReport:
        """Return what those say that have ended."""
        ended: list[list[Outcome]] = [[] for _ in self.methods]
        for (i, _), outcome in sorted(self.outcomes.items(), key=itemgetter(0)):
            ended[i].append(outcome)
        both = list(zip(self.methods, ended, strict=True))
        return RegretReport(
            study=self.study,
            note=self.note,
            best=rank(self.table.records)[0],
            n_grid=len(self.table.grid),
            seeds=self.seeds,
            regrets=tuple(Regret(method, tuple(those)) for method, those in both if those),
            unplayed=tuple(method for method, those in both if not those),
        )
