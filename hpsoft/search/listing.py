"""Look around in a storage: its studies, their trials, and which study is meant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hpsoft.errors import StudyError, unknown
from hpsoft.search.choices import NONE
from hpsoft.search.convert import is_finished
from hpsoft.search.leaderboard import best as best_of
from hpsoft.search.leaderboard import competitors, rank
from hpsoft.search.reading import Where, description, load, open_storage, records
from hpsoft.search.records import TrialRecord
from hpsoft.search.storage import Connection
from hpsoft.search.usage import uses_of_test

if TYPE_CHECKING:
    from optuna.study import Study
    from optuna.trial import FrozenTrial

TIE = 1e-6  # relative: costs of one trial in two studies, by rounding in float32
COST = ("value", "cost")  # Optuna's name, and that of the tables


@dataclass(frozen=True)
class StudySummary:
    """One study at a glance. What another tool's study does not say is None."""

    name: str
    foreign: bool  # made by another tool
    data: str | None
    fingerprint: str | None
    optimizer: str | None
    sampler: str | None
    pruner: str | None
    n_finished: int  # points that have a result; of another tool's study all such trials
    n_grid: int | None
    best_value: float | None  # validation cross-entropy
    best_trial: int | None  # its number
    started: datetime | None  # local time, as Optuna keeps it
    changed: datetime | None
    test_uses: int  # how often the test set was used

    @property
    def is_exhaustive(self) -> bool:
        """Whether every point of a grid was trained to its end."""
        return self.pruner == NONE and self.n_finished == self.n_grid


@dataclass(frozen=True)
class FoundStudy:
    """The study that an option means."""

    summary: StudySummary
    note: str | None  # which was taken of several data sets, and why
    test_uses: int  # how often its test set was used, by whichever study of this storage


def studies(storage: Where) -> list[StudySummary]:
    """Return every study of a storage, by name.

    Raises:
        StorageError: the storage does not exist or cannot be read.
    """
    return _summaries(open_storage(storage))


def find_study(storage: Where, which: str) -> FoundStudy:
    """Return the study called `which`, or the `best` or `latest` of hpsoft's.

    `best` has the lowest validation cost; costs on different data do not compare, so the note
    then says which was taken.

    Raises:
        StudyError: there is no such study (did you mean), or none to choose from.
        StorageError: the storage does not exist or cannot be read.
    """
    connection = open_storage(storage)
    summaries = _summaries(connection)
    found, note = _chosen(connection, summaries, which)
    same = (s.test_uses for s in summaries if s.fingerprint == found.fingerprint)
    return FoundStudy(found, note, sum(same))


def trials(
    storage: Where, study: str, top: int | None = None, sort: str = "value"
) -> list[TrialRecord]:
    """Return the finished trials of a study, the best first, at most `top` of them.

    `sort` is cost (or value), accuracy (highest first), number, seconds or a hyperparameter. What
    has no such value stands last. Equal costs stand as a search ranks them, others by number.

    Raises:
        StudyError: there is no such study, or nothing of that name to sort by.
        StorageError: the storage does not exist or cannot be read.
    """
    connection = open_storage(storage).of(study)
    loaded = load(connection, study)
    with connection.errors():
        found = records(loaded)
    names = {name for record in found for name in record.params}
    keys = _sort_keys(names)
    if sort not in keys:
        raise StudyError(unknown("column to sort by", sort, keys))
    ranked = rank(found) if sort in COST else []
    rest = [record for record in found if record.value is None] if ranked else found
    return [*ranked, *sorted(rest, key=_last_if_none(keys[sort]))][:top]


def _sort_keys(names: set[str]) -> dict[str, Callable[[TrialRecord], float | None]]:
    keys: dict[str, Callable[[TrialRecord], Any]] = {
        name: lambda record, name=name: record.params.get(name)  # type: ignore[misc]
        for name in names
    }
    return keys | {
        **dict.fromkeys(COST, lambda record: record.value),
        "accuracy": lambda record: None if record.accuracy is None else -record.accuracy,
        "number": lambda record: record.number,
        "seconds": lambda record: record.seconds,
    }


def _last_if_none(
    key: Callable[[TrialRecord], float | None],
) -> Callable[[TrialRecord], tuple[bool, float, int]]:
    def sort_key(record: TrialRecord) -> tuple[bool, float, int]:
        value = key(record)
        return value is None, 0.0 if value is None else value, record.number or 0

    return sort_key


def _summaries(connection: Connection) -> list[StudySummary]:
    import optuna

    with connection.errors():
        names = sorted(optuna.get_all_study_names(connection.storage))
        return [_summary(load(connection, name)) for name in names]


def _summary(study: "Study") -> StudySummary:
    about: Mapping[str, Any] = description(study) or {}
    found = study.get_trials(deepcopy=False)
    if about:
        counted = competitors(records(study))
        winner = best_of(counted)
        n_finished = len(counted)
        best = (winner.value, winner.number) if winner else (None, None)
    else:
        n_finished = sum(map(is_finished, found))
        best = _best_trial(study, found)
    changes = [t.datetime_complete or t.datetime_start for t in found]
    return StudySummary(
        name=study.study_name,
        foreign=not about,
        data=about.get("data"),
        fingerprint=about.get("fingerprint"),
        optimizer=about.get("optimizer"),
        sampler=about.get("sampler"),
        pruner=about.get("pruner", NONE) if about else None,
        n_finished=n_finished,
        n_grid=about.get("n_grid"),
        best_value=best[0],
        best_trial=best[1],
        started=min((t.datetime_start for t in found if t.datetime_start), default=None),
        changed=max((change for change in changes if change), default=None),
        test_uses=len(uses_of_test(study)),
    )


def _best_trial(
    study: "Study", found: list["FrozenTrial"]
) -> tuple[float, int] | tuple[None, None]:
    """Return value and number of the best trial of another tool's study."""
    from optuna.study import StudyDirection
    from optuna.trial import TrialState

    if study.directions != [StudyDirection.MINIMIZE]:
        return None, None  # another tool's, with another meaning of best
    valued = [
        (t.value, t.number)
        for t in found
        if t.state == TrialState.COMPLETE and t.value is not None
    ]
    return min(valued, default=(None, None))


def _chosen(
    connection: Connection, summaries: list[StudySummary], which: str
) -> tuple[StudySummary, str | None]:
    """Return the study that is meant, and what there is to say of the choice."""
    if which == "best":
        return _best(connection, summaries)
    if which == "latest":
        return _latest(connection, summaries), None
    by_name = {summary.name: summary for summary in summaries}
    if which not in by_name:
        known = ["best", "latest", *by_name]
        raise StudyError(f"{unknown('study', which, known)} Storage: {connection.location}.")
    return by_name[which], None


def _best(
    connection: Connection, summaries: list[StudySummary]
) -> tuple[StudySummary, str | None]:
    """Return the study with the lowest cost; of costs equal to rounding, an exhaustive one's."""
    ours = [s for s in summaries if not s.foreign and s.best_value is not None]
    if not ours:
        raise _nothing(connection)
    lowest = min(s.best_value for s in ours if s.best_value is not None)
    tied = [s for s in ours if s.best_value is not None and s.best_value - lowest <= TIE * lowest]
    best = min(tied, key=lambda s: (not s.is_exhaustive, s.best_value, s.name))
    others = sorted({str(s.data) for s in ours if s.fingerprint != best.fingerprint})
    if not others:
        return best, None
    note = (
        f"Took study {best.name!r} on {best.data}: its validation cost {best.best_value:.6g} is "
        f"the lowest of all studies here, though those on other data ({', '.join(others)}) do "
        "not compare with it. Name another with --study NAME."
    )
    return best, note


def _latest(connection: Connection, summaries: list[StudySummary]) -> StudySummary:
    ours = [(s.changed, s.name, s) for s in summaries if not s.foreign and s.changed is not None]
    if not ours:
        raise _nothing(connection)
    return max(ours)[2]


def _nothing(connection: Connection) -> StudyError:
    return StudyError(
        f"No study in {connection.location} has a finished trial of hpsoft. "
        "Run `hpsoft search` first."
    )
