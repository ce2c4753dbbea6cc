"""Columns of text that are mostly numbers or dates, and so may be meant as such.

A few texts among numbers make all of them names; dates that nothing puts in order are names too.
Nobody notices that on the features, so it is said, with what would help.
"""

import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hpsoft.data.encoding.date import days_of, is_no_day, order_of
from hpsoft.data.encoding.notations import is_number, notation_of
from hpsoft.data.encoding.policy import ONE_HOT, Policy
from hpsoft.data.encoding.table import Coded, Field
from hpsoft.data.errors import nth

MOSTLY = 0.8  # of the values that are not missing
FEWEST = 5  # such values
NAMED = 3  # words that an option is shown with
ORDERS = ("ymd", "dmy", "mdy")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATES = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].*)?"
    rf"|\d{{1,4}}[- ./](?:{_MONTHS})[a-z]*[- ./,]+\d{{1,4}}(?:[T ].*)?"
    rf"|(?:{_MONTHS})[a-z]*[- .]+\d{{1,2}},?[- ]+\d{{2,4}}(?:[T ].*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Doubt:
    """Why a column of text may be meant otherwise."""

    name: str
    what: str  # it holds
    help: str

    @property
    def note(self) -> str:
        """All of it, in sentences."""
        return f"Column {self.name!r} is taken for text, although {self.what}. {self.help}"


def doubts_of(
    fields: Sequence[Field],
    texts: Sequence[Coded],
    number: Callable[[str], float],
    policy: Policy,
) -> tuple[Doubt, ...]:
    """Return the columns of text that are mostly numbers or dates.

    `number` reads a text as the number it stands for. Columns that the user calls categorical are
    beyond doubt, and all are where the policy makes no features of text.
    """
    if policy.categories != ONE_HOT:
        return ()
    names = [field.name for field in fields if field.is_text]
    found = (
        _of_notations(name, text, number)
        or _of_numbers(name, text, number)
        or _of_dates(name, text)
        for name, text in zip(names, texts, strict=True)
        if name not in policy.categorical
    )
    return tuple(doubt for doubt in found if doubt is not None)


def _of_numbers(name: str, text: Coded, number: Callable[[str], float]) -> Doubt | None:
    n_numbers, n_known, odd = _counted(text, [is_number(level, number) for level in text.levels])
    if not odd or n_numbers < max(FEWEST, MOSTLY * n_known):
        return None
    what = (
        f"{n_numbers:,} of its {n_known:,} values are numbers: {n_known - n_numbers:,} are none, "
        f"first {text.levels[odd[0]]!r} in row {nth(_row(text, odd[0]))}"
    )
    return Doubt(name, what, _help(name, text, odd, ""))


def _of_notations(name: str, text: Coded, number: Callable[[str], float]) -> Doubt | None:
    """Doubt a column of numbers that are not all written as those of the file are."""
    notations: dict[str, list[int]] = {}
    own = []
    for k in _used(text):
        if is_number(text.levels[k], number):
            own.append(k)
        elif (notation := notation_of(text.levels[k], number)) is not None:
            notations.setdefault(notation, []).append(k)
    counts = text.counts()
    n_known = int(counts[:-1].sum())
    n_own = int(counts[own].sum())
    n_of = {notation: int(counts[levels].sum()) for notation, levels in notations.items()}
    n_numbers = n_own + sum(n_of.values())
    if not n_of or n_numbers < max(FEWEST, MOSTLY * n_known):
        return None
    example = "1,5" if is_number("1,5", number) else "1.5"
    said = [
        f"{n:,} with {notation}, first {text.levels[notations[notation][0]]!r} in row "
        f"{nth(_row(text, notations[notation][0]))}"
        for notation, n in sorted(n_of.items(), key=lambda item: -item[1])[:NAMED]
    ]
    if n_own:
        said.append(f"{n_own:,} as the file's numbers ({example})")
    what = f"{n_numbers:,} of its {n_known:,} values are numbers: {'; '.join(said)}"
    return Doubt(
        name,
        what,
        f"Write all of them like {example}, without signs but '-', and they are read as numbers; "
        f"{_drop(name)} leaves the column out.",
    )


def _of_dates(name: str, text: Coded) -> Doubt | None:
    is_date = [bool(_DATES.fullmatch(level.strip())) for level in text.levels]
    n_dates, n_known, odd = _counted(text, is_date)
    used = _used(text)
    if n_dates < max(FEWEST, MOSTLY * n_known) or order_of(text.levels[k] for k in used):
        return None
    if odd:
        why = f"{text.levels[odd[0]]!r} in row {nth(_row(text, odd[0]))} is none"
    elif odd := [k for k in used if is_no_day(text.levels[k])]:
        n_odd = int(text.counts()[odd].sum())
        why = (
            f"row {nth(_row(text, odd[0]))} holds {text.levels[odd[0]]}, which is no day; "
            f"{n_odd:,} of {n_known:,}"
        )
    else:
        why = _disorder(text, used)
    what = f"{n_dates:,} of its {n_known:,} values look like dates: {why}"
    return Doubt(name, what, _help(name, text, odd, "Write all dates as 2024-03-01; "))


def _disorder(text: Coded, used: Sequence[int]) -> str:
    """Say why texts that all look like dates have no order of day, month and year."""
    first = text.levels[used[0]]
    orders = [order for order in ORDERS if days_of(first, order) is not None]
    if not orders:
        return f"in no form that is known, such as {first!r}"
    for k in used:
        if not any(days_of(text.levels[k], order) is not None for order in orders):
            other = text.levels[k]
            return f"not in one order, {first!r} and, in row {nth(_row(text, k))}, {other!r}"
        left = [order for order in orders if days_of(text.levels[k], order) is not None]
        orders = left or orders
    return f"day and month cannot be told apart, as in {first!r}"


def _help(name: str, text: Coded, odd: Sequence[int], before: str) -> str:
    words = [text.levels[k].strip() for k in odd]
    drop = _drop(name)
    if not words or len(words) > NAMED or any("," in w or not w.isprintable() for w in words):
        return f"{before}{drop} leaves the column out."
    them = "these" if len(words) > 1 else "it"
    return (
        f"{before}--missing-values {shlex.quote(','.join(words))} takes {them} for missing, which "
        f"--missing median or drop-rows mends; {drop} leaves the column out."
    )


def _drop(name: str) -> str:
    return f"--drop {shlex.quote(name) if name.isprintable() else 'COLUMN'}"


def _counted(text: Coded, fits: Sequence[bool]) -> tuple[int, int, list[int]]:
    """Return how many values fit, how many are known, and the levels that do not, first first."""
    counts = text.counts()[:-1]
    n_fit = sum(int(n) for n, fit in zip(counts, fits, strict=True) if fit)
    odd = [k for k in _used(text) if not fits[k]]
    return n_fit, int(counts.sum()), odd


def _used(text: Coded) -> list[int]:
    """Return the levels that occur, in the order of their first rows."""
    seen = dict.fromkeys(text.codes.tolist())
    return [k for k in seen if k >= 0]


def _row(text: Coded, level: int) -> int:
    return int((text.codes == level).argmax())
