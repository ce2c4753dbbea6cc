"""The replays of `hpsoft regret`: which have ended, and what they say so far."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from hpsoft.search.leaderboard import rank
from hpsoft.search.regret_report import Regret, RegretReport
from hpsoft.search.replay import Method, Outcome, Table


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
