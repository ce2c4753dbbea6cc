"""Missing values: refused with their columns and counts, or their rows left out.

A number is missing where it is NaN, a text where it is empty, NA, NaN, null or ?. Rows whose label
is missing teach nothing: they are left out where `--missing` says anything at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.encoding.number import CELLS_AT_A_TIME
from hpsoft.data.encoding.policy import BEFORE, DROP, DROP_ROWS, ERROR, NOW, Policy
from hpsoft.data.encoding.table import Table
from hpsoft.data.errors import nth
from hpsoft.data.tables.numerals import UNKNOWN
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

Mask = NDArray[np.bool_]

SHOWN = 8  # columns that an error names


@dataclass(frozen=True)
class Gaps:
    """Where values are missing in some rows."""

    n_rows: int
    columns: dict[str, tuple[int, int]]  # name -> how many cells, and the first row
    rows: Mask  # (n_rows,), with a gap

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self.columns)


def gaps_of(
    table: Table,
    policy: Policy,
    where: str,
    *,
    named: bool = True,
    cells: int = CELLS_AT_A_TIME,
) -> Gaps:
    """Return the gaps of a table, whose numbers are looked at so many cells at a time.

    Columns that `policy` leaves out do not count, and none that is empty in all rows where such
    ones are left out: in tables, and where gaps are filled in.

    Raises:
        DataError: an infinite number.
    """
    rows = np.zeros(len(table), bool)
    full_too = not (named or policy.fills)
    step = max(1, cells // max(1, len(table.number_fields)))
    columns = _number_gaps(table, rows, where, step, named=named, full_too=full_too)
    texts = () if policy.categories == DROP else zip(table.text_fields, table.texts, strict=True)
    for field, text in texts:
        missing = text.missing
        if missing.any() and not missing.all():
            columns[field.name] = int(missing.sum()), int(np.argmax(missing))
            rows |= missing
    order = {field.name: k for k, field in enumerate(table.fields)}
    return Gaps(len(table), dict(sorted(columns.items(), key=lambda c: order[c[0]])), rows)


def _number_gaps(
    table: Table, rows: Mask, where: str, step: int, *, named: bool, full_too: bool
) -> dict[str, tuple[int, int]]:
    """Return the gaps of the columns of numbers, and mark their rows, `step` at a time."""
    X, fields = table.numbers, table.number_fields
    if X.dtype.kind != "f":
        return {}
    counts, first = np.zeros(len(fields), np.int64), np.full(len(fields), len(X))
    for start in range(0, len(X), step):
        chunk = X[start : start + step]
        if np.isfinite(chunk).all():
            continue
        missing = np.isnan(chunk)
        if bool((odd := np.isinf(chunk)).any()):
            i, j = np.argwhere(odd)[0]
            cell = fields[j].name, start + int(i), float(chunk[i, j])
            rest = (np.isinf(X[at : at + step]) for at in range(start, len(X), step))
            counts = np.sum([(part.sum(), part.any(axis=1).sum()) for part in rest], axis=0)
            raise _infinite(where, *cell, counts.tolist(), len(X), named=named)
        counts += missing.sum(axis=0)
        here = start + np.argmax(missing, axis=0)
        first = np.where(missing.any(axis=0), np.minimum(first, here), first)
        rows[start : start + step] |= missing.any(axis=1)
    full = (counts == len(X)) & (not full_too)
    if full.any():  # whose rows have no gap by this column
        rows[:] = False
        some = np.flatnonzero((counts > 0) & ~full)
        for start in range(0, len(X) if len(some) else 0, step):
            rows[start : start + step] = np.isnan(X[start : start + step][:, some]).any(axis=1)
    return {
        fields[j].name: (int(counts[j]), int(first[j]))
        for j in np.flatnonzero((counts > 0) & ~full)
    }


def missing_labels(labels: Array, rules: int = NOW) -> Mask:
    """Tell which labels (n, ...) are missing: NaN, None, or texts such as `` and NA.

    By the rules BEFORE, NA was the name of a class.
    """
    marks = UNKNOWN if rules != BEFORE else frozenset([""])
    if labels.ndim != 1:
        return np.zeros(len(labels), bool)
    if labels.dtype.kind == "f":
        return np.isnan(labels)
    if labels.dtype.kind == "O":
        return np.array([_is_nothing(label, marks) for label in labels], bool)
    if labels.dtype.kind != "U":
        return np.zeros(len(labels), bool)
    found = labels == ""
    for mark in marks:
        for text in {mark, mark.upper(), mark.title(), mark.replace("nan", "NaN")}:
            found |= labels == text
    return found


def _is_nothing(label: object, marks: frozenset[str]) -> bool:
    if label is None or label != label:  # noqa: PLR0124 - NaN
        return True
    return isinstance(label, str) and label.strip().casefold() in marks


def rows_to_leave(
    table: Table,
    labels: Array,
    policy: Policy,
    where: str,
    *,
    label_name: str | None = None,
    named: bool = True,
    beside: Mapping[str, Mask] | None = None,
) -> tuple[Mask | None, tuple[str, ...]]:
    """Return the rows to leave out, None for no row, and a sentence if there are any.

    `beside` tells in which rows side columns are missing, by what names them: such rows are left
    out where those with gaps are.

    Raises:
        DataError: values are missing, and the user does not say what to do with them; or no row
            would be left.
    """
    gaps = gaps_of(table, policy, where, named=named)
    unlabelled = missing_labels(labels, policy.rules)
    if len(unlabelled) != len(table):
        return None, ()  # an error of its own
    if policy.missing == ERROR:
        if unlabelled.any():
            raise _without_label(unlabelled, where, label_name)
        if gaps:
            raise _with_gaps(gaps, where, named=named)
        return None, ()
    out = unlabelled
    if policy.missing == DROP_ROWS:
        out = np.logical_or.reduce([unlabelled, gaps.rows, *(beside or {}).values()])
    filled = _filled(gaps, policy) if policy.fills and gaps else ()
    if not out.any():
        return None, filled
    if out.all():
        raise DataError(
            f"Every row of {where} has a missing value: none is left ({_everywhere(gaps, beside)}). "
            f"{'Leave the emptiest columns out with --drop, or take' if named else 'Take'} "
            "--missing median."
        )
    what = "have a missing value" if policy.missing == DROP_ROWS else "have no label"
    lacking = _beside(beside) if policy.missing == DROP_ROWS else ""
    said = f"{int(out.sum()):,} of {len(out):,} rows {what}{lacking} and are left out."
    return out, (said, *filled)


def _beside(beside: Mapping[str, Mask] | None) -> str:
    """Say of how many rows side columns are missing."""
    counts = {name: int(missing.sum()) for name, missing in (beside or {}).items()}
    found = [f"{n:,} of {name}" for name, n in counts.items() if n]
    return f" ({', '.join(found)})" if found else ""


def _everywhere(gaps: Gaps, beside: Mapping[str, Mask] | None) -> str:
    return " and ".join(part for part in (_listed(gaps), _beside(beside).strip(" ()")) if part)


def _filled(gaps: Gaps, policy: Policy) -> tuple[str, ...]:
    cells, n = sum(n for n, _ in gaps.columns.values()), len(gaps.columns)
    what = f"{cells:,} missing value{_s(cells)} of {n:,} column{_s(n)}"
    how = f"numbers and dates are filled in by the {policy.missing} of the training part"
    return (f"{what}: {how}, a missing text is a value of its own.",)


def _s(n: int) -> str:
    return "" if n == 1 else "s"


def _without_label(missing: Mask, where: str, name: str | None) -> DataError:
    column = "Labels" if name is None else f"Labels (column {name!r})"
    n = int(missing.sum())
    return DataError(
        f"{column} of {where}: {n:,} of {len(missing):,} are missing, first in row "
        f"{nth(int(np.argmax(missing)))}. A sample without a label teaches nothing: --missing "
        "drop-rows leaves such rows out. If this is a class, give it a name, such as none; if other "
        "labels are meant, --target names their column."
    )


def _with_gaps(gaps: Gaps, where: str, *, named: bool) -> DataError:
    cells, n = sum(n for n, _ in gaps.columns.values()), len(gaps.columns)
    verb = "is" if cells == 1 else "are"
    drop = "; --drop COLUMN leaves a column out" if named else ""
    return DataError(
        f"{cells:,} value{_s(cells)} {verb} missing in {n:,} column{_s(n)} of {where}, in "
        f"{int(gaps.rows.sum()):,} of {gaps.n_rows:,} rows (counted from 1): {_listed(gaps)}. "
        "--missing median (or mean) fills numbers in from the training part and makes a missing "
        f"text a value of its own; --missing drop-rows leaves such rows out{drop}."
    )


def _listed(gaps: Gaps) -> str:
    most = sorted(gaps.columns.items(), key=lambda item: -item[1][0])[:SHOWN]
    shown = [f"{name!r} {n:,} (from row {first + 1:,})" for name, (n, first) in most]
    others = len(gaps.columns) - len(most)
    return ", ".join(shown) + (f" and {others:,} other columns" if others else "")


def _infinite(
    where: str, name: str, row: int, value: float, counts: list[int], n: int, *, named: bool
) -> DataError:
    drop = ", or leave the column out with --drop" if named else ""
    return DataError(
        f"Column {name!r} of {where} is not finite everywhere: row {nth(row)} has {value}; "
        f"{counts[0]:,} value(s) in {counts[1]:,} of {n:,} rows are infinite. "
        f"Softmax regression needs finite numbers: correct it, or take the row out{drop}."
    )
