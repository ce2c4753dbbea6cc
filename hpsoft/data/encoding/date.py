"""Dates as text: a number of days since 1970-01-01.

    2024-03-01   2024/3/1 17:05   2024-03-01T17:05:09.25Z   1.3.2024   3/31/2024

Days and months that nothing tells apart (3/1/2024 in all rows) are no dates.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.encoding.table import Coded

_TIME = r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})" + _TIME)
_YEAR_LAST = {
    "dmy": re.compile(r"(?P<d>\d{1,2})([-/.])(?P<m>\d{1,2})\2(?P<y>\d{4})" + _TIME),
    "mdy": re.compile(r"(?P<m>\d{1,2})([-/])(?P<d>\d{1,2})\2(?P<y>\d{4})" + _TIME),
}
_PATTERNS = {"ymd": _YEAR_FIRST, **_YEAR_LAST}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Date:
    """A column of dates in text: one feature."""

    TYPE: ClassVar = "date"
    is_text: ClassVar = True

    name: str
    order: str  # ymd, dmy or mdy
    fill: float | None = None  # days in the place of a missing date; None: there may be none

    @property
    def features(self) -> tuple[str, ...]:
        """Names of its features."""
        return (self.name,)

    @property
    def taken_for(self) -> str:
        """What it is taken for."""
        return "date"

    @property
    def becomes(self) -> str:
        """What is done to it, in words."""
        what = "days since 1970"
        return what if self.fill is None else f"{what}, {self.fill:.6g} where missing"

    def days(self, column: Coded) -> NDArray[np.float64]:
        """Return the days (n,); NaN where there is no date."""
        found = [days_of(text, self.order) for text in column.levels]
        lookup = np.array([np.nan if d is None else d for d in found] + [np.nan])
        return lookup[column.codes]


def order_of(texts: Iterable[str]) -> str | None:
    """Return the order of year, month and day in texts that are all dates; None: they are not."""
    orders = list(_PATTERNS)
    seen = False
    for text in texts:
        seen = True
        orders = [order for order in orders if days_of(text, order) is not None]
        if not orders:
            return None
    return orders[0] if seen and len(orders) == 1 else None


def is_no_day(text: str) -> bool:
    """Tell whether a text is written as a date, and there is no such day: 2024-02-31."""
    text = text.strip()
    written = any(pattern.fullmatch(text) for pattern in _PATTERNS.values())
    return written and all(days_of(text, order) is None for order in _PATTERNS)


def days_of(text: str, order: str) -> float | None:
    """Return the days from 1970-01-01, UTC, to a date; None: it is none in this order."""
    match = _PATTERNS[order].fullmatch(text.strip())
    if match is None:
        return None
    hour, minute, second, fraction, zone = match.groups()[-5:]
    try:
        day = datetime(
            int(match["y"]), int(match["m"]), int(match["d"]),
            int(hour or 0), int(minute or 0), int(second or 0), tzinfo=_zone(zone),
        )  # fmt: skip
    except ValueError:  # the 30th of February
        return None
    part = float(f"0.{fraction}") if fraction else 0.0
    return (day - _EPOCH) / _DAY + part / 86_400


def _zone(text: str | None) -> timezone:
    if text is None or text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
