"""Columns that tell the labels by themselves: copies, codings, what sorts them.

Such a column is known only when the label is, as a rule: the model looks perfect and is useless.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.encoding.number import CELLS_AT_A_TIME
from hpsoft.data.encoding.table import Table
from hpsoft.data.rows import Matrix, Rows

Codes = NDArray[np.int64]

SAMPLE = 500  # rows that are looked at first
AGREE = 0.3  # of the neighbours that chance would not make agree
TELLING = 0.02  # of the errors of always guessing the commonest class may be left
FEWEST = 20  # rows that say anything
SHORT = 0.01  # share of the rows below which a run of one class is chance
MOST_VALUES = 50  # of a column of numbers that may be a coding


@dataclass(frozen=True)
class Leak:
    """A column by which alone nearly every label is known."""

    name: str
    is_sorted: bool  # by order; otherwise value by value
    n_errors: int
    n_rows: int

    @property
    def note(self) -> str:
        """What the user should know of it."""
        how = (
            "sorted by it, the rows are sorted by class"
            if self.is_sorted
            else ("each of its values occurs with one class")
        )
        if self.n_errors:  # a good measurement does so too
            return (
                f"Warning: column {self.name!r} nearly tells the label by itself: {how}, but for "
                f"{self.n_errors:,} of {self.n_rows:,} rows. If it is measured as the others are, "
                "it is a strong feature; leave it out with --drop if it is known only when the "
                "label is."
            )
        return (
            f"Warning: column {self.name!r} tells the label by itself: {how}. If it is a copy, "
            "a coding or a consequence of the label, the model is worth nothing without it: leave "
            "it out with --drop."
        )


def find_leaks(table: Table, labels: NDArray[np.intp], n_classes: int) -> Iterator[Leak]:
    """Yield the columns of the training rows that give the labels away."""
    n = len(labels)
    base = n - int(np.bincount(labels).max())
    if n < FEWEST or base == 0:
        return
    for j in _candidates(table.numbers, labels):
        column = _column(table.numbers, int(j))
        if (found := _of_numbers(column, labels, n_classes)) is not None:
            yield Leak(table.number_fields[j].name, found[0], found[1], n)
    for field, text in zip(table.text_fields, table.texts, strict=True):
        groups = np.where(text.missing, len(text.levels), text.codes)
        errors = _errors_by_value(groups, labels, n_classes)
        if errors <= TELLING * base:
            yield Leak(field.name, is_sorted=False, n_errors=errors, n_rows=n)


def _candidates(X: Matrix, labels: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the columns of X (n_rows, n_columns) along which labels mostly follow themselves.

    A sample of the rows tells: sorted by a column that knows the labels, neighbours agree.
    """
    rows = np.linspace(0, len(X) - 1, min(len(X), SAMPLE)).astype(np.intp)
    by_chance = float(np.square(np.bincount(labels[rows]) / len(rows)).sum())
    step = max(1, CELLS_AT_A_TIME // max(1, X.shape[1]))
    sample = np.concatenate([X[rows[i : i + step]] for i in range(0, len(rows), step)])
    ordered = labels[rows][
        np.lexsort((np.broadcast_to(labels[rows, None], sample.shape), sample), axis=0)
    ]
    agree = (ordered[1:] == ordered[:-1]).mean(axis=0)
    return np.flatnonzero(agree > by_chance + AGREE * (1 - by_chance))


def _column(X: Matrix, j: int) -> NDArray[np.generic]:
    whole = slice(j, j + 1)
    return (X.columns(whole) if isinstance(X, Rows) else X[:, whole])[:, 0]


def _of_numbers(
    column: NDArray[np.generic], labels: NDArray[np.intp], n_classes: int
) -> tuple[bool, int] | None:
    """Return whether a column tells by order, and its errors; None: it does not tell."""
    base = len(labels) - int(np.bincount(labels).max())
    values, groups = np.unique(column, return_inverse=True)
    if len(values) <= MOST_VALUES:
        errors = _errors_by_value(groups, labels, n_classes)
        if errors <= TELLING * base:
            return False, errors
    errors = _errors_by_order(groups, labels, n_classes)
    return (True, errors) if errors <= TELLING * base else None


def _errors_by_value(groups: Codes, labels: NDArray[np.intp], n_classes: int) -> int:
    """Return how many rows are not of the class that the others of their value mostly have."""
    n_groups = int(groups.max()) + 1
    if n_groups > len(labels) / 2:
        return len(labels)
    counts = np.zeros((n_groups, n_classes), np.int64)
    np.add.at(counts, (groups, labels), 1)
    ordered = np.sort(counts, axis=1)
    top, second = ordered[:, -1], ordered[:, -2]
    return int(len(labels) - top[top - 1 > second].sum())


def _errors_by_order(groups: Codes, labels: NDArray[np.intp], n_classes: int) -> int:
    """Return how many rows are no part of a long run of one class, in the order of the values.

    As many runs as there are classes, twice, are no errors; with more of them it is no order.
    """
    order = np.lexsort((labels, groups))
    ordered, group = labels[order], groups[order]
    counts = np.zeros((int(group[-1]) + 1, n_classes), np.int64)
    np.add.at(counts, (group, ordered), 1)
    major = counts.argmax(axis=1)
    n_odd = len(labels) - int(counts.max(axis=1).sum())
    sizes = counts.max(axis=1)
    ends = np.flatnonzero(np.diff(major)) + 1
    runs = np.add.reduceat(sizes, [0, *ends])
    is_short = runs < max(3, SHORT * len(labels))
    if np.sum(~is_short) > 2 * n_classes:
        return len(labels)
    return n_odd + int(runs[is_short].sum())
