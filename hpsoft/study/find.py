"""Look around in a storage: its studies, their trials, and which study is meant."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hpsoft.errors import StudyError, unknown
from hpsoft.study.attributes import TEST_USES as USES
from hpsoft.study.identity import ATTRIBUTE, is_description
from hpsoft.study.leaderboard import rank
from hpsoft.study.reader import Where, load, open_storage, records
from hpsoft.study.records import TrialRecord
from hpsoft.study.storage.connect import Connection
from hpsoft.study.summaries import StudySummary, summaries, summary_of

TIE = 1e-6  # relative: costs of one trial in two studies, by rounding in float32
CHOICES = ("best", "latest")  # names that mean more than a name
COST = ("value", "cost")  # Optuna's name, and that of the tables


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
    return summaries(open_storage(storage))


def find_study(storage: Where, which: str) -> FoundStudy:
    """Return the study called `which`, or the `best` or `latest` of hpsoft's.

    `best` has the lowest validation cost on the data of the latest study: costs on different data
    do not compare. Where there are others, a note says so. A name is looked up without a look at
    the trials of other studies.

    Raises:
        StudyError: there is no such study (did you mean), or none to choose from.
        StorageError: the storage does not exist or cannot be read.
    """
    connection = open_storage(storage)
    if which not in CHOICES:
        return _named(connection, which)
    ours = [s for s in summaries(connection) if not s.foreign and s.changed is not None]
    if not ours:
        raise _nothing(connection)
    latest = max(ours, key=lambda s: (s.changed, s.name))
    found, note = (latest, None) if which == "latest" else _best(connection, ours, latest)
    return FoundStudy(found, note, _test_uses(connection, found.fingerprint))


def _named(connection: Connection, name: str) -> FoundStudy:
    connection = connection.of(name)
    names = connection.attributes()
    if name not in names:
        known = [*CHOICES, *names]
        raise StudyError(f"{unknown('study', name, known)} Storage: {connection.location}.")
    with connection.errors():
        found = summary_of(load(connection, name))
    return FoundStudy(found, None, _test_uses(connection, found.fingerprint))


def _test_uses(connection: Connection, fingerprint: str | None) -> int:
    """Return how often the test set of some data was used, by whichever study."""
    return sum(
        len(attributes.get(USES, ()))
        for attributes in connection.attributes().values()
        if _fingerprint(attributes.get(ATTRIBUTE)) == fingerprint
    )


def _fingerprint(about: Any) -> str | None:
    return about["fingerprint"] if is_description(about) else None


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


def _best(
    connection: Connection, ours: list[StudySummary], latest: StudySummary
) -> tuple[StudySummary, str | None]:
    """Return the study with the lowest cost on the data of the latest one, and what is to be said.

    Of costs equal to rounding an exhaustive study's wins, then that of the earlier study.
    """
    same = [s for s in ours if s.fingerprint == latest.fingerprint and s.best_value is not None]
    if not same:
        raise _nothing(connection, f" on {latest.data}, the data of the latest study,")
    lowest = min(s.best_value for s in same if s.best_value is not None)
    tied = [s for s in same if s.best_value is not None and s.best_value - lowest <= TIE * lowest]
    best = min(tied, key=lambda s: (not s.is_exhaustive, s.started or s.changed, s.name))
    others = sorted({str(s.data) for s in ours if s.fingerprint != best.fingerprint})
    if not others:
        return best, None
    note = (
        f"Took study {best.name!r} on {best.data}: its validation cost {best.best_value:.6g} is "
        f"the lowest on the data of the latest study. Those on other data ({', '.join(others)}) do "
        "not compare with it. Name another with --study NAME."
    )
    return best, note


def _nothing(connection: Connection, where: str = "") -> StudyError:
    return StudyError(
        f"No study in {connection.location}{where} has a finished trial of hpsoft. "
        "Run `hpsoft search` first."
    )
