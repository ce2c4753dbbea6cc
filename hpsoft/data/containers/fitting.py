"""Whether an array can be features, or labels, by its shape and what it holds.

It is asked only of arrays whose names say nothing, or the same; what is refused here can be named
by the user.
"""

import numpy as np

from hpsoft.data.containers.arraynames import prefixed_role
from hpsoft.data.containers.container import Container, Stored
from hpsoft.data.labels import is_one_hot
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

MOST_CLASSES = 10_000  # columns that one-hot labels may have


def n_samples(labels: Stored) -> int:
    """Return how many samples labels of that shape are for: (n,), (n, 1), (1, n) or (n, k)."""
    shape = labels.shape
    if not shape:
        return 0
    return shape[1] if len(shape) == 2 and shape[0] == 1 else shape[0]


def is_row(stored: Stored) -> bool:
    """Tell whether an array has one value a sample."""
    shape = stored.shape
    return len(shape) == 1 or (len(shape) == 2 and 1 in shape)


def can_be_features(stored: Stored, n: int, *, samples_last: bool) -> bool:
    """Tell whether an array has numbers for each of `n` samples, two axes or more."""
    if stored.dtype.kind not in "buif" or len(stored.shape) < 2 or n < 2:
        return False
    return stored.shape[0] == n or (samples_last and stored.shape[-1] == n)


def can_be_labels(stored: Stored, *, maybe_one_hot: bool) -> bool:
    """Tell whether an array looks like labels: classes, at least one of which occurs again."""
    shape, kind = stored.shape, stored.dtype.kind
    if is_row(stored):
        return kind in "biufSUO" and _recur(stored)
    if not maybe_one_hot or len(shape) != 2 or kind not in "biuf" or shape[1] > MOST_CLASSES:
        return False
    return is_one_hot(stored.read())


def _recur(stored: Stored) -> bool:
    if stored.dtype.kind == "O":
        return True  # reading says what is wrong with it, if anything is
    values: Array = np.asarray(stored.read()).ravel()
    if values.dtype.kind == "f" and not np.all(values == np.trunc(values)):  # NaN included
        return False
    n_classes = len(np.unique(values))
    return 2 <= n_classes < len(values) or (n_classes == len(values) == 2)


def rivals(container: Container, features: str, labels: str) -> tuple[str, ...]:
    """Return a sentence on each other array that could be the features, or labels, and is equal.

    Raises:
        DataError: one of them holds something else.
    """
    return tuple(
        _equal(container, name, other, option)
        for name, option in ((features, "--features"), (labels, "--target"))
        for other in _alike(container, name)
    )


def _alike(container: Container, name: str) -> list[str]:
    """Return the arrays of as many samples whose names stand for the same as that of one."""
    role, arrays = prefixed_role(name), container.arrays
    n = n_samples(arrays[name])
    return [
        other
        for other in sorted(arrays)
        if role is not None and other != name and prefixed_role(other) == role
        if n_samples(arrays[other]) == n
    ]


def _equal(container: Container, name: str, other: str, option: str) -> str:
    one, two = (container.arrays[n] for n in (name, other))
    same = np.prod(one.shape) == np.prod(two.shape)
    if same and np.array_equal(one.read().ravel(), two.read().ravel()):
        return f"The array {other!r} holds the same as {name!r}."
    what = "features" if option == "--features" else "labels"
    raise DataError(
        f"{container.origin} has two arrays that are likely to be the {what}, {name!r} and "
        f"{other!r}, and they differ. Name the one that is meant: {option} {name} or {option} {other}."
    )
