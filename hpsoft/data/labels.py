"""Labels of any kind -> indices into a tuple of class names.

Numbers are sorted by value (2 before 10) and strings alphabetically. Strings that are all whole
numbers count as numbers, so that a CSV and an .npz of the same data agree.
"""

from collections.abc import Sequence

import numpy as np

from hpsoft.data.types import Array, Labels
from hpsoft.errors import DataError

HINT = "Labels are class names or whole numbers, one a sample."


def encode(
    train: Array, test: Array | None, where: str
) -> tuple[Labels, Labels | None, tuple[str, ...]]:
    """Return indices of the training labels, of the test labels, and the names of the classes.

    Raises:
        DataError: labels that are missing, fractional or not of one axis; fewer than two classes;
            a class of the test part that the training part has not.
    """
    values = _normal(train, where)
    found, indices = np.unique(values, return_inverse=True)
    if len(found) < 2:
        names = ", ".join(map(str, found)) or "none"
        raise DataError(
            f"{where} has one class only ({names}); a classifier needs two or more. "
            "Is this the column or array of the labels?"
        )
    classes = tuple(str(value) for value in found)
    test_indices = None if test is None else _look_up(found, _normal(test, where), where)
    return indices.astype(np.intp), test_indices, classes


def _look_up(found: Array, values: Array, where: str) -> Labels:
    if found.dtype.kind != values.dtype.kind and "U" in (found.dtype.kind, values.dtype.kind):
        found, values = found.astype(str), values.astype(str)
    order = np.argsort(found, kind="stable")
    places = np.searchsorted(found, values, sorter=order)
    indices = order[np.minimum(places, len(found) - 1)]
    absent = found[indices] != values
    if absent.any():
        name = str(values[np.argmax(absent)])
        raise DataError(
            f"Class {name!r} is in the test part of {where} but absent from the training part, so "
            "it cannot be learnt. Take it out or give it training samples."
        )
    return indices.astype(np.intp)


def _normal(labels: Array | Sequence[object], where: str) -> Array:
    """Return labels as a 1-d array of bool, integers or non-empty str."""
    labels = np.asarray(labels)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise DataError(f"Labels of {where} have shape {labels.shape}, not (n_samples,). {HINT}")
    if labels.dtype.kind in "biu":
        return labels
    if labels.dtype.kind == "f":
        return _whole(labels, where)
    if labels.dtype.kind not in "USO":
        raise DataError(f"Labels of {where} are of type {labels.dtype}. {HINT}")
    return _from_text(labels, where)


def _whole(labels: Array, where: str) -> Array:
    bad = ~np.isfinite(labels) | (labels != np.trunc(labels)) | (np.abs(labels) >= 2.0**63)
    if bad.any():
        raise DataError(
            f"Labels of {where} hold {labels[np.argmax(bad)]}, which names no class. {HINT} "
            "In a table, choose the column of the labels with --target."
        )
    return labels.astype(np.int64)


def _from_text(labels: Array, where: str) -> Array:
    """Return text as integers if all of it is whole numbers, else as str."""
    if labels.dtype.kind == "S":
        text = np.char.decode(labels, "utf-8", "replace")
    else:
        missing = [i for i, label in enumerate(labels) if label is None or label != label]  # noqa: PLR0124 - NaN
        if missing:
            raise DataError(f"Label {missing[0]} (from 0) of {where} is missing. {HINT}")
        text = np.asarray([str(label).strip() for label in labels], dtype=str)
    if np.any(text == ""):
        raise DataError(f"Label {np.argmax(text == '')} (from 0) of {where} is empty. {HINT}")
    return _numbers(text, where) if _are_plain_numbers(text) else text


def _are_plain_numbers(text: Array) -> bool:
    """Tell whether the texts are whole numbers, and as many different ones as there are texts.

    "01" and "1" are two names; as numbers they would be one class.
    """
    names = np.unique(text)
    try:
        return len(np.unique(names.astype(np.float64))) == len(names)
    except ValueError:
        return False


def _numbers(text: Array, where: str) -> Array:
    try:
        return text.astype(np.int64)
    except (ValueError, OverflowError):
        return _whole(text.astype(np.float64), where)  # "1.0"
