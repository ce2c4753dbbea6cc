"""The finished trials of a study, in an order that is asked for."""

from collections.abc import Callable, Sequence
from typing import Any

from hpsoft.errors import StudyError, unknown
from hpsoft.study.leaderboard import rank
from hpsoft.study.reader import Where
from hpsoft.study.records import TrialRecord
from hpsoft.study.study import find_study

COST = ("value", "cost")  # Optuna's name, and that of the tables


def trials(
    storage: Where, study: str, top: int | None = None, sort: str = "value"
) -> list[TrialRecord]:
    """Return the finished trials of a study, sorted as by `sort_trials`.

    Raises:
        StudyError: there is no such study, or nothing of that name to sort by.
        StorageError: the storage does not exist or cannot be read.
    """
    return sort_trials(find_study(storage, study).trials, top, sort)


def sort_trials(
    found: Sequence[TrialRecord], top: int | None = None, sort: str = "value"
) -> list[TrialRecord]:
    """Return trials, the best first, at most `top` of them.

    `sort` is cost (or value), accuracy (highest first), number, seconds or a hyperparameter. What
    has no such value stands last. Equal costs stand as a search ranks them, others by number.

    Raises:
        StudyError: there is nothing of that name to sort by.
    """
    keys = _sort_keys({name for record in found for name in record.params})
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
