"""The proof that a grid was searched exhaustively: every id with exactly one finished trial."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from hpsoft.errors import StudyError
from hpsoft.optimizers.categories import SCALE, categories
from hpsoft.space.points import points_of
from hpsoft.study.identity import Identity
from hpsoft.study.reader import description, load, n_waiting, open_storage, records
from hpsoft.study.records import NOT_IN_GRID, TrialRecord
from hpsoft.study.storage.connect import Connection
from hpsoft.study.writer import StudyStore

_OF_THE_IDENTITY = (
    "sampler", "pruner", "fingerprint", "data", "optimizer", "val_fraction", "folds",
    "repeats", "seed", "dtype", "metric",
)  # fmt: skip


@dataclass(frozen=True)
class Certificate:
    """What the storage holds of a grid search, counted trial by trial."""

    study: str
    n_grid: int | None  # None: the space has ranges
    n_finished: int  # grid ids that have a finished trial
    n_diverged: int  # of these, where the model diverged
    missing: int  # grid ids that have none
    duplicates: int  # finished trials beyond the first of their grid id
    strangers: int  # finished trials that are not of this grid
    grid_hash: str
    fingerprint: str
    data: str
    optimizer: str
    scale: str
    val_fraction: float | None  # None: folds, or the validation part that the data has
    seed: int
    dtype: str
    versions: Mapping[str, str]
    later_versions: tuple[Mapping[str, str], ...]  # other ones that continued the search
    sampler: str = "grid"
    pruner: str = "none"
    folds: int | None = None
    repeats: int = 1  # of the folds
    metric: str = "cross_entropy"  # by which the winner is chosen
    n_pruned: int = 0  # of n_finished, ended before their horizon by a pruner
    missing_values: str = "error"  # what became of them, in the words of --missing
    categories: str = "one-hot"  # and of columns of text
    side: Mapping[str, str] = field(default_factory=dict)  # role -> column: groups, split, time
    feature_sets: Mapping[str, str] = field(default_factory=dict)  # name -> columns of X
    dedupe: bool = False  # samples of equal features stay on one side
    n_waiting: int = 0  # trials that Optuna was given to run, and nobody has run

    @property
    def complete(self) -> bool:
        """Whether every grid id has exactly one finished trial, and none was pruned."""
        return self.exhausted and self.duplicates == 0 and self.n_pruned == 0

    @property
    def exhausted(self) -> bool:
        """Whether every grid id has a finished trial, or more than one."""
        return self.n_grid is not None and self.missing == 0


def certificate(store: StudyStore) -> Certificate:
    """Count what the storage holds, through a connection of its own: not what was meant to be.

    Raises:
        StudyError: the recorded space is not the one that the recorded grid hash is of.
        StorageError: the storage cannot be read.
    """
    return certified_records(store)[0]


def certified_records(store: StudyStore) -> tuple[Certificate, list[TrialRecord]]:
    """Return the certificate, and the finished trials that it counts. Raises as `certificate`."""
    return _certify(open_storage(store.connection.location), store.name)


def _scales(identity: Identity) -> str:
    """Return the scale, or all that the search tries."""
    tried = [one.words for one in categories(identity.space) if one.name == SCALE]
    return ",".join(tried[0]) if tried else identity.scale


def certify(connection: Connection, name: str) -> Certificate:
    """Count what a storage holds of a study. Raises as `certificate` does."""
    return _certify(connection, name)[0]


def _certify(connection: Connection, name: str) -> tuple[Certificate, list[TrialRecord]]:
    connection = connection.of(name)
    study = load(connection, name)
    with connection.errors():
        about = description(study)
        if about is None:
            raise StudyError(
                f"Study {name!r} was made by another tool: it has no grid to certify."
            )
        space = about.identity.space
        found = records(study)
    of_grid = [record for record in found if record.grid_id != NOT_IN_GRID]
    counts = Counter(record.grid_id for record in of_grid)
    n_grid = points_of(space).size
    counted = Certificate(
        study=name,
        n_grid=n_grid,
        n_finished=len(counts),
        missing_values=about.identity.source.policy.missing,
        categories=about.identity.source.policy.categories,
        n_diverged=len({record.grid_id for record in of_grid if record.diverged}),
        side=about.identity.source.side,
        feature_sets=about.identity.source.sets_text,
        dedupe=about.identity.source.dedupe,
        n_waiting=n_waiting(study),
        n_pruned=len({record.grid_id for record in of_grid if record.pruned}),
        missing=len(set(range(n_grid or 0)) - set(counts)),
        duplicates=counts.total() - len(counts),
        strangers=len(found) - len(of_grid),
        grid_hash=about.grid_hash,
        scale=_scales(about.identity),
        **{name: getattr(about.identity, name) for name in _OF_THE_IDENTITY},
        versions=about.versions,
        later_versions=about.later_versions,
    )
    return counted, found
