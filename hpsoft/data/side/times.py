"""Times of any kind -> numbers that grow with time: numbers, or dates as ISO 8601 writes them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from hpsoft.data.errors import nth
from hpsoft.data.side.cells import NthRow, check_known
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

_MONTH = re.compile(r"\d{4}(-\d{2})?")  # or a year
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def times(values: Array, name: str, where: str, row: NthRow = nth) -> Array:
    """Return the time of each sample (n,): int64 (microseconds, of dates) or float64.

    `row` names the row of one.

    Raises:
        DataError: a time is missing, neither a number nor a date, or infinite; some dates have a
            zone and others none; all are one.
    """
    check_known(values, name, "--time", where, row)
    found = _numbers(values, name, where, row)
    if len(found) and (found == found[0]).all():
        raise DataError(
            f"{where}: all {len(found):,} samples have one --time {name}, {values[0]}, so none is "
            "later. Leave --time out, or name another column."
        )
    return found


def _numbers(values: Array, name: str, where: str, row: NthRow) -> Array:
    if values.dtype.kind == "M":
        return values.astype(np.int64)
    if values.dtype.kind in "biu":
        return values.astype(np.int64)
    if values.dtype.kind == "f":
        bad = ~np.isfinite(values)
        if bad.any():
            raise _bad(values, bad, "time", name, where, row)
        return values.astype(np.float64)
    text = values.astype(str)
    different, inverse = np.unique(text, return_inverse=True)
    for read, dtype in ((int, np.int64), (_finite, np.float64), (_microseconds, np.int64)):
        try:
            found = np.array([read(cell) for cell in different], dtype)[inverse]
        except (ValueError, OverflowError):
            continue
        if read is _microseconds:
            zoned = np.array([_is_zoned(cell) for cell in different])[inverse]
            _check_zones(text, zoned, name, where, row)
        return found
    dates, numbers = (
        np.array([_is(read, cell) for cell in different])[inverse]
        for read in (_microseconds, _finite)
    )
    fit, what = (numbers, "number") if numbers.sum() > dates.sum() else (dates, "date")
    raise _bad(text, ~fit, what if fit.any() else "time", name, where, row)


def _finite(cell: str) -> float:
    number = float(cell)
    if not np.isfinite(number) or "_" in cell:
        raise ValueError(cell)
    return number


def _microseconds(cell: str) -> int:
    """Return microseconds since 1970; a date without a zone is taken as UTC.

    Raises:
        ValueError: it is no date as ISO 8601 writes it.
    """
    cell = cell.strip()
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        if not _MONTH.fullmatch(cell):
            raise
        moment = datetime.fromisoformat(f"{cell}-01-01"[:10])
    zoned = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    delta = zoned - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def _is_zoned(cell: str) -> bool:
    cell = cell.strip()
    return not _MONTH.fullmatch(cell) and datetime.fromisoformat(cell).tzinfo is not None


def _check_zones(text: Array, zoned: Array, name: str, where: str, row: NthRow) -> None:
    """Refuse times of which some say their zone: the others may be hours off among them.

    Raises:
        DataError: some have a zone, others none.
    """
    if not len(zoned) or zoned.all() or not zoned.any():
        return
    bare, other = int(np.argmin(zoned)), int(np.argmax(zoned))
    raise DataError(
        f"{where}: --time {name} has no time zone in {int((~zoned).sum()):,} of {len(zoned):,} rows, "
        f"first {text[bare]:.40} in row {row(bare)}, and one in the others, such as "
        f"{text[other]:.40} in row {row(other)}, so which is later is not known. Write a zone in "
        "all rows (Z is UTC), or in none."
    )


def _is(read: Callable[[str], float], cell: str) -> bool:
    try:
        read(cell)
    except (ValueError, OverflowError):
        return False
    return True


def _bad(values: Array, bad: Array, what: str, name: str, where: str, row: NthRow) -> DataError:
    """Return the error for values that are no times, or not of the kind, `what`, that most are."""
    first = int(np.argmax(bad))
    return DataError(
        f"{where}: --time {name} holds {values[first]!s:.40} in row {row(first)}, which is no "
        f"{what}; {int(bad.sum()):,} of {len(bad):,} rows hold none. Times are numbers, or dates as "
        "2024-05-31 or 2024-05-31T12:00:00, all of one kind."
    )
