"""What happens in a search, in the order in which it happens: opened, trained, stored,
finished.
"""

import math
from dataclasses import dataclass, field

from hpsoft.data.validation import Validation
from hpsoft.engine.plan import Plan
from hpsoft.engine.schedule import Started
from hpsoft.engine.train import Snapshot
from hpsoft.softmax.metric import CROSS_ENTROPY, Metric
from hpsoft.study.certificate import Certificate
from hpsoft.study.records import TrialRecord
from hpsoft.system.time_limit import TimeLimit
from hpsoft.tuning.edges import Edge
from hpsoft.tuning.noise import ByAccuracy, Difference, Standing


@dataclass(frozen=True)
class Opened:
    """The study is open and the work planned."""

    study: str
    storage: str  # without a password
    n_grid: int | None  # None: the space has ranges
    n_finished: int  # before this run
    plan: Plan
    n_workers: int
    best: TrialRecord | None
    n_cores: int = 1  # that the search may use
    budget: int | None = None  # trials that a sampler may spend; None: the plan is all there is
    is_pruned: bool = False  # trials may end before their horizon
    n_asked: int | None = None  # points of the grid that was asked for, a part of one that grew
    limit: TimeLimit = field(default_factory=TimeLimit)  # counts on
    is_endless: bool = False  # time alone ends it
    validation: Validation = field(default_factory=Validation)  # what trials are told apart by
    metric: Metric = CROSS_ENTROPY  # by which the winner is chosen
    remark: str = ""  # of the optimizer, on its default space

    @property
    def n_target(self) -> int:
        """Trials that the study is to hold at the end."""
        return max(self.budget or self.n_grid or 0, self.n_finished)


@dataclass(frozen=True)
class Wave:
    """A sampler was asked for points, which are about to be trained."""

    plan: Plan


@dataclass(frozen=True)
class Ended:
    """Trials have ended: those of a snapshot, or pruned ones after a rung."""

    records: list[TrialRecord]
    snapshot: Snapshot | None


@dataclass(frozen=True)
class Storing:
    """Trials that have ended are about to be stored, which takes longer than training in some
    storages.
    """

    n_trials: int


@dataclass(frozen=True)
class Stored:
    """Trials have ended and are in the study."""

    snapshot: Snapshot | None  # None: they were pruned
    records: list[TrialRecord]
    best: TrialRecord | None
    n_finished: int


@dataclass(frozen=True)
class Extension:
    """The winners before and after a grid grew."""

    before: TrialRecord
    after: TrialRecord
    difference: Difference  # by how much the later one loses more on other parts

    @property
    def is_worse(self) -> bool:
        """Whether the later winner is worse there, or diverges."""
        return self.difference.mean > 0 or math.isnan(self.difference.mean)


@dataclass(frozen=True)
class Finished:
    """Every grid point has its trial, or a sampled search has spent its budget."""

    study: str
    storage: str
    certificate: Certificate
    leaderboard: list[TrialRecord]
    edges: list[Edge]
    n_run: int  # trials of this run; the others were there
    seconds: float
    flops: float  # useful, of this run
    can_grow: bool = False  # points can be added to the study's grid
    standing: Standing | None = None  # of the winner
    by_accuracy: ByAccuracy | None = None  # the trial that accuracy would choose, if another
    extension: Extension | None = None  # the winner against that of the grid before it grew
    out_of_time: bool = False  # the time that the user gave was up before all trials had ended


Event = Wave | Started | Storing | Stored
