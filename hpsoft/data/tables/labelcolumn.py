"""Whether a column of a table can be labels: classes occur again and again, measurements not."""

import shlex
from collections.abc import Callable

import numpy as np

from hpsoft.data.encoding.complete import missing_labels
from hpsoft.data.tables.columnnames import is_surely_label, named_labels
from hpsoft.data.tables.columns import ONLY_TEXT, Columns
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

MOST_NUMBERS = 20  # that a guessed column may hold, unless they are 0, 1, 2, ... or 1, 2, 3, ...
IMAGE = 16  # pixels of the smallest one, whose edge may be taken for labels
MOST_FRACTIONS = 30  # numbers with fractions that a named column may hold


def check_labels(
    labels: Array,
    number: Callable[[str], float],
    *,
    name: str,
    why: str | None,
    beside_pixels: bool,
    where: str,
) -> None:
    """Refuse a column that looks like a measurement.

    `labels` (n,) are strings or numbers; `number` reads a string as a number. `why` the column was
    guessed is None where the user named it; then only numbers with fractions are refused, if there
    are many. `beside_pixels` tells whether the features look like pixels.

    Raises:
        DataError: it looks like one.
    """
    labels = labels[~missing_labels(labels)]  # of which more is said elsewhere
    try:
        found, counts = np.unique(labels, return_counts=True)
        values = np.array([number(str(value)) for value in found])
    except (TypeError, ValueError):  # of several types, or text
        return _check_text(labels, name, why, where)
    if not len(values) or not np.isfinite(values).all():
        return None
    fractions = values[values != np.trunc(values)]
    if why is None:
        if len(fractions) and len(values) > min(MOST_FRACTIONS, len(labels) / 2):
            raise _regression(where, name, len(values), fractions[0])
        if len(values) > MOST_NUMBERS and np.sum(counts == 1) > len(values) / 2:
            raise _once(where, name, len(values))
        return None
    if what := _measured(values, counts, fractions, beside_pixels=beside_pixels):
        raise _no_labels(where, name, why, what)
    return None


def _measured(
    values: Array, counts: Array, fractions: Array, *, beside_pixels: bool
) -> str | None:
    """Return what makes numbers look measured; `values` are distinct and ascending."""
    n_values = len(values)
    if len(fractions):
        return f"it holds fractions such as {fractions[0]:g}"
    if n_values > 2 and np.sum(counts == 1) > n_values / 2:
        return f"most of its {n_values} different numbers occur once"
    span = values[-1] - values[0] + 1
    is_list = values[0] in {0, 1} and n_values > span / 2
    if n_values > MOST_NUMBERS and not is_list:
        return f"it holds {n_values} different numbers, {values[0]:.0f} to {values[-1]:.0f}"
    mostly_0 = values[0] == 0 and counts[0] > counts.sum() / 2
    if beside_pixels and mostly_0 and values[-1] > 1:
        return "it is mostly 0 beside columns of pixels, as a pixel at the edge is"
    return None


def check_rivals(columns: Columns, X: Array, where: str) -> None:
    """Refuse a guess by text alone in the middle of a table whose last column may be the labels.

    X (n, n_numbers) are the columns of numbers.

    Raises:
        DataError: either may hold the labels.
    """
    last = len(columns.names) - 1
    if columns.why != ONLY_TEXT or not 0 < columns.label < last or last not in columns.numbers:
        return
    values = np.unique(X[:, columns.numbers.index(last)])
    is_list = np.array_equal(values, values[0] + np.arange(len(values)))
    if not (is_list and values[0] in {0, 1} and 1 < len(values) <= MOST_NUMBERS):
        return
    one, other = columns.label_name, columns.names[last]
    raise DataError(
        f"Two columns of {where} may hold the labels: {one!r}, the only one of text, and {other!r}, "
        f"the last one, of {len(values)} whole numbers. Name the right one with --target."
    )


def other_labels(columns: Columns) -> dict[str, str]:
    """Return a warning for each feature that is called as labels are, by its name."""
    found = [
        columns.names[i]
        for i in named_labels(columns.names)
        if i in columns.features and i not in columns.kept
        if columns.is_guess or is_surely_label(columns.names[i])
    ]
    return {name: _also(name, columns.label_name) for name in found}


def _also(name: str, label: str) -> str:
    shown = shlex.quote(name) if name.isprintable() else "COLUMN"
    return (
        f"Warning: column {name!r} is a feature, and is called as labels are. If it says of which "
        f"class a sample is, the model is worth nothing without it: leave it out with --drop "
        f"{shown}, or take it for the labels, --target {shown}, and {label!r} out. --keep {shown} "
        "says that it is a feature."
    )


def _check_text(labels: Array, name: str, why: str | None, where: str) -> None:
    if why is None:
        return
    counts = np.unique(labels.astype(str), return_counts=True)[1]
    n_values = len(counts)
    if n_values > max(2, len(labels) / 4) and np.sum(counts == 1) > n_values / 2:
        raise _no_labels(where, name, why, f"most of its {n_values} different texts occur once")


def _no_labels(where: str, name: str, why: str, what: str) -> DataError:
    return DataError(
        f"Column {name!r} of {where} would be taken for the labels ({why.partition(';')[0]}), but "
        f"does not look like labels: {what}. Name the column of the labels with --target; to take "
        f"this one, --target says so as well."
    )


def _once(where: str, name: str, n_values: int) -> DataError:
    return DataError(
        f"Column {name!r} of {where} looks like a quantity or an identifier: most of its "
        f"{n_values:,} different numbers occur once, so no class can be learnt from one sample and "
        "tested on another. Name another --target, or make classes of the numbers first, such as "
        "low, middle and high."
    )


def _regression(where: str, name: str, n_values: int, example: float) -> DataError:
    return DataError(
        f"Column {name!r} of {where} is continuous: it holds {n_values} different numbers, such "
        f"as {example:g}. Softmax regression learns classes: name another --target, or make "
        "classes of the numbers first, such as low, middle and high."
    )
