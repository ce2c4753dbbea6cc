"""Which column is treated how, from the training rows and what the user says."""

import shlex
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from hpsoft.data.encoding.category import NOTHING, Category, fit_category
from hpsoft.data.encoding.date import Date, order_of
from hpsoft.data.encoding.encoding import Column, Encoding
from hpsoft.data.encoding.left import KEEP, Left
from hpsoft.data.encoding.number import Number, fit_fills, fit_ranges
from hpsoft.data.encoding.policy import DROP, ERROR, Policy
from hpsoft.data.encoding.table import Coded, Field, Table
from hpsoft.errors import DataError

EMPTY = "it is empty in the training part"


def fit(
    table: Table, policy: Policy, where: str, *, keep: Collection[str] = (), constant: bool = True
) -> Encoding:
    """Fit an encoding to the training rows of a table, and to nothing else.

    `keep` names columns that stay though they are constant; `constant` False keeps all of them,
    as the pixels of images must be.

    Raises:
        DataError: columns that are not numbers, where `policy` refuses them.
    """
    numbers = iter(_numbers(table, policy, keep, constant=constant))
    texts = iter(table.texts)
    columns = [
        _text(field, next(texts), policy, keep) if field.is_text else next(numbers)
        for field in table.fields
    ]
    if policy.categories == ERROR:
        _refuse(columns, table, where)
    return Encoding(tuple(columns))


def _numbers(
    table: Table, policy: Policy, keep: Collection[str], *, constant: bool
) -> list[Column]:
    fields, X = table.number_fields, table.numbers
    if not fields:
        return []
    fills = fit_fills(X, policy.missing) if policy.fills else np.full(len(fields), np.nan)
    found: list[Column] = [
        Number(field.name, None if np.isnan(fill) else float(fill), field.kind.value)
        for field, fill in zip(fields, fills, strict=True)
    ]
    if policy.fills:
        for j in np.flatnonzero(np.isnan(fills)):
            found[j] = Left(fields[j].name, EMPTY)
    if not constant:
        return found
    low, high = fit_ranges(X)
    for j in np.flatnonzero(~(low < high)):
        name = fields[j].name
        if np.isnan(low[j]):
            found[j] = Left(name, EMPTY)
        elif name not in keep:
            found[j] = Left(name, f"it is {low[j]:.6g} in every training row", hint=KEEP)
    return found


def _text(field: Field, text: Coded, policy: Policy, keep: Collection[str]) -> Column:
    counts = text.counts()
    known = [level for level, n in zip(text.levels, counts[:-1], strict=True) if n]
    if not known:
        return Left(field.name, EMPTY, is_text=True)
    order = None if field.name in policy.categorical else order_of(known)
    if policy.categories == DROP:
        what = "dates" if order else "text"
        return Left(field.name, f"it holds {what}, and --categories drop says so", is_text=True)
    if order is not None:
        return _date(Date(field.name, order), text, policy, keep)
    return _category(fit_category(field.name, text), len(known), keep)


def _date(date: Date, text: Coded, policy: Policy, keep: Collection[str]) -> Column:
    days = date.days(text)
    low, high = np.nanmin(days), np.nanmax(days)
    if low == high and date.name not in keep:
        return Left(date.name, "it is one date in every training row", is_text=True, hint=KEEP)
    if not policy.fills:
        return date
    return replace(date, fill=float(fit_fills(days[:, None], policy.missing)[0]))


def _category(category: Category, n_known: int, keep: Collection[str]) -> Column:
    """Return the category, or leave it out where all rows would get the same feature."""
    if len(category.features) > 1 or category.name in keep:
        return category
    if category.rare:
        return Left(
            category.name,
            f"hardly one of its {n_known:,} different texts occurs again, so they tell rows apart, "
            "not classes",
            is_text=True,
        )
    (level,) = category.levels
    assert level != NOTHING, "a column without any text was left out before"
    return Left(category.name, f"it is {level!r} in every training row", is_text=True, hint=KEEP)


def _refuse(columns: Sequence[Column], table: Table, where: str) -> None:
    """Raise a DataError that names every column that is no number."""
    texts = dict(zip((field.name for field in table.text_fields), table.texts, strict=True))
    found = [
        f"{c.name!r} ({'dates' if isinstance(c, Date) else _values(texts[c.name])})"
        for c in columns
        if c.is_text
    ]
    if found:
        raise DataError(
            f"{len(found)} of {len(columns)} columns of {where} are not numbers: "
            f"{', '.join(found)}. --categories one-hot makes a feature of each value, and days of "
            "dates; --categories drop leaves such columns out, --drop COLUMN one of them."
        )


def _values(text: Coded) -> str:
    n = int(np.sum(text.counts()[:-1] > 0))
    return f"text, {n:,} different value{'s' if n != 1 else ''}"


def notes_of(encoding: Encoding) -> tuple[str, ...]:
    """Return in sentences what was done to columns without being asked for."""
    columns = encoding.columns
    found = []
    for kind, what in ((Category, "text"), (Date, "dates")):
        if some := [column for column in columns if isinstance(column, kind)]:
            n = sum(len(column.features) for column in some)
            made = f"{n} features of 0 and 1" if kind is Category else "days since 1970-01-01"
            verb = "holds" if len(some) == 1 else "hold"
            found.append(f"{_listed([c.name for c in some])} {verb} {what}, made {made}.")
    left = [c for c in columns if isinstance(c, Left) and "--categories" not in c.why]
    for hint in dict.fromkeys(column.hint for column in left):
        found += _left_out([column for column in left if column.hint == hint], hint)
    return tuple(found)


def _left_out(columns: Sequence[Left], hint: str) -> list[str]:
    if len(columns) <= 3:
        return [f"Column {c.name!r} is left out: {c.why}{_way_back(c)}." for c in columns]
    why = "each has one value in all training rows" if hint else columns[0].why
    end = f"; {hint} COLUMN takes one as a feature" if hint else ""
    return [f"{_listed([c.name for c in columns])} are left out: {why}{end}."]


def _way_back(column: Left) -> str:
    name = column.name
    option = shlex.quote(name) if name.isprintable() else "COLUMN"
    return f"; {column.hint} {option} takes it as a feature" if column.hint else ""


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"Column {names[0]!r}"
    if len(names) <= 5:
        return f"Columns {', '.join(map(repr, names[:-1]))} and {names[-1]!r}"
    return f"Columns {', '.join(map(repr, names[:3]))} and {len(names) - 3:,} others"
