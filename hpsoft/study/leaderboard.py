"""The one ranking of trials: which of them compete, in which order, and who wins."""

from collections.abc import Iterable
from typing import Any

from hpsoft.study.records import NOT_IN_GRID, TrialRecord


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
