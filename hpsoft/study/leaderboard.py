"""The one ranking of trials: which of them compete, in which order, and who wins."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hpsoft.errors import StudyError, unknown
from hpsoft.optimizers.categories import Choice
from hpsoft.study.records import NOT_IN_GRID, TrialRecord

COST = ("value", "cost")  # Optuna's name, and that of the tables


def competitors(records: Iterable[TrialRecord]) -> list[TrialRecord]:
    """Return the trials that count in a search: the first finished one of every point of its
    space.

    Others may share the study: trials of another grid or tool, and repetitions.
    """
    first: dict[int, TrialRecord] = {}
    for record in sorted(records, key=lambda record: record.number or 0):
        if record.grid_id != NOT_IN_GRID:
            first.setdefault(record.grid_id, record)
    return list(first.values())


def rank(records: Iterable[TrialRecord]) -> list[TrialRecord]:
    """Return the trials that have a value, the lowest validation cost first, ties by smaller
    values.

    So of trials of one converged model the one with the fewest passes goes first.
    """
    sound = [record for record in records if record.value is not None]
    return sorted(sound, key=_place)


def _place(record: TrialRecord) -> tuple[Any, ...]:
    """Return what a trial is ranked by; one that is not of the grid loses ties: any type is
    there.
    """
    stranger = record.grid_id == NOT_IN_GRID
    values = [] if stranger else [record.params[name] for name in sorted(record.params)]
    return record.value, stranger, values, record.grid_id, record.number or 0


def best(records: Iterable[TrialRecord]) -> TrialRecord | None:
    """Return the trial with the lowest validation cost, None where all diverged."""
    return next(iter(rank(records)), None)


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


def _sort_keys(names: set[str]) -> dict[str, Callable[[TrialRecord], Choice | None]]:
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
    key: Callable[[TrialRecord], Choice | None],
) -> Callable[[TrialRecord], tuple[bool, bool, Choice, int]]:
    def sort_key(record: TrialRecord) -> tuple[bool, bool, Choice, int]:
        value = key(record)
        is_word = isinstance(value, str)  # words stand behind numbers
        return value is None, is_word, 0.0 if value is None else value, record.number or 0

    return sort_key
