"""Weights of samples: finite numbers that are not negative, and not all 0."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.errors import nth
from hpsoft.data.side.cells import NthRow, check_known
from hpsoft.errors import DataError
from hpsoft.softmax.metrics import effective_size
from hpsoft.softmax.probabilities import Array

OPTION = "--sample-weight"
LARGEST = float(np.finfo(np.float64).max)
FAR = 1e9  # times the median of what is not 0: such a weight leaves nothing to all others


def sample_weights(
    values: Array,
    name: str,
    where: str,
    row: NthRow = nth,
    number: Callable[[str], float] = float,
) -> Array:
    """Return the weight of each sample (n,) in float64.

    `row` names the row of one, `number` reads a cell of text.

    Raises:
        DataError: a weight is missing, no number, negative, infinite or far beyond the others; all
            are 0.
    """
    check_known(values, name, OPTION, where, row)
    found = _numbers(values, number)
    for bad, what, way_out in (
        (np.isnan(found), "holds what is no number", "Name a column of numbers."),
        (np.isinf(found), "is infinite", "Give each sample a finite weight."),
        (found < 0, "is negative", "A weight says how often a sample counts: 0 or more."),
    ):
        if bad.any():
            first = int(np.argmax(bad))
            raise DataError(
                f"{where}: {OPTION} {name} {what} in {int(bad.sum()):,} of {len(bad):,} rows, first "
                f"in row {row(first)}: {values[first]!s:.40}. {way_out}"
            )
    if not found.any():
        raise DataError(
            f"{where}: {OPTION} {name} is 0 in all {len(found):,} rows, so no sample counts. Name "
            f"another column, or leave {OPTION} out."
        )
    if found.max() > LARGEST / len(found):
        raise DataError(
            f"{where}: the weights of {OPTION} {name} add up to more than float64 holds. Divide "
            "them by their mean: only ratios count."
        )
    _check_far(found, name, where, row)
    return found


def _check_far(weight: NDArray[np.float64], name: str, where: str, row: NthRow) -> None:
    """Refuse a weight that is more than FAR times the median of the others that are not 0."""
    known = np.sort(weight[weight > 0])[:-1]  # without the largest
    if not len(known):
        return
    median = float(known[(len(known) - 1) // 2])
    far = weight / FAR > median
    if far.any():
        first = int(np.argmax(far))
        raise DataError(
            f"{where}: {OPTION} {name} is {weight[first]:.6g} in row {row(first)}, and as far from "
            f"the others in {int(far.sum()):,} of {len(far):,} rows: their median is {median:.3g}, "
            "so next to it they would count for nothing. Correct it, leave it empty and such rows "
            f"out (--missing drop-rows), or leave {OPTION} out."
        )


def check_some_weight(weight: Array | None, what_for: str, where: str = "") -> None:
    """Check that not all samples of a part have the weight 0; weight (n,), None: 1 each.

    `where` is what the error begins with: the file.

    Raises:
        DataError: they have.
    """
    if weight is not None and len(weight) and not weight.any():
        raise DataError(
            f"{where and f'{where}: '}All {len(weight):,} samples to {what_for} have the weight 0, so none of them counts. "
            "Take samples without weight out of the data, divide it otherwise (--seed, or the "
            f"options and columns that say which samples go where), or leave {OPTION} out."
        )


def weightless(
    weight: Array | None, labels: Array, classes: Sequence[str], name: str
) -> tuple[str, ...]:
    """Return a sentence on the classes all of whose weights are 0, of samples to train on."""
    if weight is None:
        return ()
    total = np.bincount(labels, weight > 0, len(classes))
    names = [repr(name) for name, n in zip(classes, total, strict=True) if n == 0]
    if not names:
        return ()
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5:,} others" if len(names) > 5 else "")
    who = f"class {shown}" if len(names) == 1 else f"classes {shown}"
    note = (
        f"Warning: No training sample of {who} has a weight ({OPTION} {name}) above 0: it is never "
        "learnt. Correct the weights, or leave its samples out."
    )
    return (note,)


def weight_notes(weight: Array | None, test: Array | None, *, tested: bool) -> tuple[str, ...]:
    """Return in a sentence what is done by the weights (n,) of what may be trained on.

    `test` are those of the test part, None where it has none; `tested`: whether there are any
    samples in it.
    """
    if weight is None:
        return ()
    sure = effective_size(weight)
    note = (
        f"Samples count by their weight in training (divided by the mean over what is trained on) "
        f"and in metrics: the {len(weight):,} of them weigh {weight.min():.3g} to "
        f"{weight.max():.3g}, and make a mean as sure as {sure:,.0f} alike would."
    )
    if tested and test is None:
        note += " The test part has no weights, so all of it counts alike."
    return (note,)


def _numbers(values: Array, number: Callable[[str], float]) -> NDArray[np.float64]:
    """Return numbers, NaN for what is none."""
    if values.dtype.kind in "biuf":
        return values.astype(np.float64)
    if values.dtype.kind == "O":
        return np.array([_number(value, number) for value in values.tolist()], np.float64)
    different, inverse = np.unique(values, return_inverse=True)
    read = np.array([_number(cell, number) for cell in different.tolist()], np.float64)
    return read[inverse]


def _number(cell: object, number: Callable[[str], float]) -> float:
    try:
        if isinstance(cell, bytes):
            cell = cell.decode()
        return number(cell) if isinstance(cell, str) else float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return np.nan
