"""What happens while trials are trained, before they are stored."""

from dataclasses import dataclass

from hpsoft.engine.plan import Plan
from hpsoft.engine.train import Snapshot
from hpsoft.search.records import TrialRecord


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
    """Trials that have ended are about to be stored, which takes longer than training in some storages."""

    n_trials: int
