"""Labels of any kind -> indices into a tuple of class names.

Numbers are sorted by value (2 before 10) and strings alphabetically. Text that is all whole
numbers ("7", "-7" or "7.0") counts as numbers, so that a CSV and an .npz of the same data agree.
The labels of the training part decide that for the test part as well. Other text, "1e5" say, is a
name.
"""

import re
from collections.abc import Sequence
from decimal import Context, Decimal

import numpy as np

from hpsoft.data.errors import nth
from hpsoft.data.types import Labels
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

WHOLE_NUMBER = re.compile(r"-?[0-9]+(\.0+)?")
_DIGITS = Context(prec=100)  # of a name that is a number
MOST_ALIKE = 5  # groups of names that are warned of
HINT = "Labels are class names or whole numbers, one a sample."


def encode(
    train: Array, other: Array | None, where: str, part: str = "test"
) -> tuple[Labels, Labels | None, tuple[str, ...]]:
    """Return indices of the training labels, of another part's, and the names of the classes.

    Raises:
        DataError: labels that are missing, fractional or not of one axis; fewer than two classes;
            a class of the other part that the training part has not.
    """
    values = _normal(train, where)
    if values.dtype.kind == "U" and _are_numbers(values):
        texts, places = np.unique(values, return_inverse=True)
        values = np.array([_number(text) for text in texts], np.int64)[places]
    found, indices = np.unique(values, return_inverse=True)
    if len(found) < 2:
        names = ", ".join(map(str, found)) or "none"
        raise DataError(
            f"{where} has one class only ({names}); a classifier needs two or more. "
            "Is this the column or array of the labels? In a table --target names another."
        )
    classes = tuple(str(value) for value in found)
    looked_up = None if other is None else _look_up(found, _normal(other, where), part, where)
    return indices.astype(np.intp), looked_up, classes


def alike(labels: Labels, classes: Sequence[str]) -> tuple[str, ...]:
    """Return a warning for each group of classes whose names are one number, or one text but for
    case and spaces; of many the first.

    `labels` (n_samples,) are indices into `classes`.
    """
    groups: dict[str, list[int]] = {}
    for k, name in enumerate(classes):
        groups.setdefault(_bare(name), []).append(k)
    found = [group for group in groups.values() if len(group) > 1]
    if not found:
        return ()
    counts = np.bincount(labels, minlength=len(classes))
    said = []
    for group in found[:MOST_ALIKE]:
        names = " and ".join(f"{classes[k]!r} ({counts[k]:,} samples)" for k in group)
        said.append(
            f"Warning: the labels {names} are {len(group)} classes, though they differ only in how "
            "they are written. If one class is meant, write them alike."
        )
    if len(found) > MOST_ALIKE:
        said.append(f"Warning: {len(found) - MOST_ALIKE:,} more names of classes are so alike.")
    return tuple(said)


def _bare(name: str) -> str:
    """Return what a name is but for the way it is written."""
    try:
        # In decimals: floats of 2^53 and 2^53 + 1 are one.
        return str(Decimal(name).normalize(_DIGITS)) if "_" not in name else name
    except ArithmeticError:
        return " ".join(name.split()).casefold()


def _look_up(found: Array, values: Array, part: str, where: str) -> Labels:
    if found.dtype.kind != "U" and values.dtype.kind == "U":
        values = np.array([plain_name(text) for text in values], dtype=str)
    if found.dtype.kind != values.dtype.kind and "U" in (found.dtype.kind, values.dtype.kind):
        found, values = found.astype(str), values.astype(str)
    order = np.argsort(found, kind="stable")
    places = np.searchsorted(found, values, sorter=order)
    indices = order[np.minimum(places, len(found) - 1)]
    absent = found[indices] != values
    if absent.any():
        name = str(values[np.argmax(absent)])
        raise DataError(
            f"Class {name!r} is in the {part} part of {where} but absent from the training part, so "
            "it cannot be learnt. Take it out or give it training samples."
        )
    return indices.astype(np.intp)


def _normal(labels: Array | Sequence[object], where: str) -> Array:
    """Return labels as a 1-d array of bool, integers or non-empty str."""
    labels = np.asarray(labels)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim == 2 and labels.shape[1] > 1 and labels.dtype.kind in "biuf":
        return _from_one_hot(labels, where)
    if labels.ndim != 1:
        raise DataError(f"Labels of {where} have shape {labels.shape}, not (n_samples,). {HINT}")
    if labels.dtype.kind in "biu":
        return labels
    if labels.dtype.kind == "f":
        return _whole(labels, where)
    if labels.dtype.kind not in "USO":
        raise DataError(f"Labels of {where} are of type {labels.dtype}. {HINT}")
    return _text(labels, where)


def is_one_hot(labels: Array) -> bool:
    """Tell whether labels (n, k) have a 1 a row, in the column of its class, and 0 elsewhere."""
    if labels.ndim != 2 or labels.shape[1] < 2 or labels.dtype.kind not in "biuf":
        return False
    if np.count_nonzero(labels[:1]) != 1:  # most features are told by their first row
        return False
    return bool(np.all(np.count_nonzero(labels, axis=1) == 1) and np.all(labels.max(axis=1) == 1))


def _from_one_hot(labels: Array, where: str) -> Array:
    if is_one_hot(labels):
        return labels.argmax(axis=1)
    ones = np.count_nonzero(labels, axis=1)
    bad = (ones != 1) | (labels.max(axis=1) != 1)
    row, what = int(np.argmax(bad)), f"{int(bad.sum())} of {len(labels)} rows have not"
    if np.all((labels == 0) | (labels == 1)):
        why = f"row {nth(row)} has {ones[row]}; {what} one"
        way_out = "Labels of several classes at once are not what softmax regression learns."
    else:
        why = f"row {nth(row)} has other numbers"
        way_out = "Of probabilities, or the like, save the likeliest class: y.argmax(axis=1)."
    raise DataError(
        f"Labels of {where} have shape {labels.shape}, and are not one-hot, which is a single 1 a "
        f"row and 0 elsewhere: {why}. {HINT} {way_out}"
    )


def _whole(labels: Array, where: str) -> Array:
    bad = ~np.isfinite(labels) | (labels != np.trunc(labels)) | (np.abs(labels) >= 2.0**63)
    if bad.any():
        raise DataError(
            f"Labels of {where} hold {labels[np.argmax(bad)]}, which names no class, in row "
            f"{nth(int(np.argmax(bad)))}; {int(bad.sum()):,} of {len(labels):,} are so. {HINT} "
            "A measurement is no class: make classes of the numbers first, or name other labels "
            "with --target."
        )
    return labels.astype(np.int64)


def _text(labels: Array, where: str) -> Array:
    if labels.dtype.kind == "S":
        text = np.char.decode(labels, "utf-8", "replace")
    elif labels.dtype.kind == "U":
        text = np.char.strip(labels)
    else:
        missing = [i for i, label in enumerate(labels) if label is None or label != label]  # noqa: PLR0124 - NaN
        if missing:
            raise DataError(f"Label {nth(int(missing[0]))} of {where} is missing. {HINT}")
        text = np.asarray([str(label).strip() for label in labels], dtype=str)
    if np.any(text == ""):
        raise DataError(f"Label {nth(int(np.argmax(text == '')))} of {where} is empty. {HINT}")
    return text


def _are_numbers(text: Array) -> bool:
    """Tell whether the texts are whole numbers, and as many different ones as there are texts.

    "01" and "1" are two names; as numbers they would be one class.
    """
    names = np.unique(text)
    if not all(map(WHOLE_NUMBER.fullmatch, names)):
        return False
    numbers = {_number(name) for name in names}
    return len(numbers) == len(names) and all(-(2**63) <= n < 2**63 for n in numbers)


def _number(text: str) -> int:
    return int(text.partition(".")[0])


def plain_name(text: str) -> str:
    """Return a whole number as a class of that number is called; other text as it is."""
    return str(_number(text)) if WHOLE_NUMBER.fullmatch(text) else text
