"""The one ranking of trials: which of them compete, in which order, and who wins."""

from collections.abc import Callable, Iterable, Sequence
from math import inf
from typing import Any

from hpsoft.errors import StudyError, check_least, unknown
from hpsoft.optimizers.categories import Choice
from hpsoft.softmax.metric import CHOOSING
from hpsoft.study.records import NOT_IN_GRID, TrialRecord

VALUE, COST = "value", "cost"  # Optuna's name of what chooses, and that of cross-entropy in tables


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
    """Return the trials that have a value, the best first; ties by cross-entropy, then by smaller
    values of hyperparameters.

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
    cost = inf if record.cross_entropy is None else record.cross_entropy
    return record.loss, cost, stranger, values, record.grid_id, record.number or 0


def best(records: Iterable[TrialRecord]) -> TrialRecord | None:
    """Return the trial with the best value, None where all diverged."""
    return next(iter(rank(records)), None)


def sort_trials(
    found: Sequence[TrialRecord], top: int | None = None, sort: str = "value"
) -> list[TrialRecord]:
    """Return trials, the best first, at most `top` of them.

    `sort` is value (what the study's winner is chosen by), cost, another metric, number, seconds
    or a hyperparameter. What has no such value stands last. Equal values stand as a search ranks
    them, others by number.

    Raises:
        SpaceError: `top` is less than 1.
        StudyError: there is nothing of that name to sort by.
    """
    check_least("--top", top, 1)
    keys = _sort_keys({name for record in found for name in record.params})
    if sort not in keys:
        sort = sort.replace("-", "_")  # as metrics are typed elsewhere
    if sort not in keys:
        raise StudyError(unknown("column to sort by", sort, keys))
    chosen_by = {VALUE, *(_column(record.metric.name) for record in found[:1])}
    ranked = rank(found) if sort in chosen_by else []
    rest = [record for record in found if record.value is None] if ranked else found
    return [*ranked, *sorted(rest, key=_last_if_none(keys[sort]))][:top]


def _sort_keys(names: set[str]) -> dict[str, Callable[[TrialRecord], Choice | None]]:
    keys: dict[str, Callable[[TrialRecord], Any]] = {
        name: lambda record, name=name: record.params.get(name)  # type: ignore[misc]
        for name in names
    }
    return keys | {
        VALUE: lambda record: record.loss,
        **{_column(name): _loss_by(name) for name in CHOOSING},
        "number": lambda record: record.number,
        "seconds": lambda record: record.seconds,
    }


def _column(metric: str) -> str:
    """Return the name of a metric in tables."""
    return COST if metric == "cross_entropy" else metric


def _loss_by(name: str) -> Callable[[TrialRecord], float | None]:
    def loss(record: TrialRecord) -> float | None:
        score = record.score(name)
        return None if score is None else CHOOSING[name].loss(score)

    return loss


def _last_if_none(
    key: Callable[[TrialRecord], Choice | None],
) -> Callable[[TrialRecord], tuple[bool, bool, Choice, int]]:
    def sort_key(record: TrialRecord) -> tuple[bool, bool, Choice, int]:
        value = key(record)
        is_word = isinstance(value, str)  # words stand behind numbers
        return value is None, is_word, 0.0 if value is None else value, record.number or 0

    return sort_key
