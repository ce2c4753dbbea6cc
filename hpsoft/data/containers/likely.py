"""Arrays whose names are as likely as those that are taken: `y` beside `labels`."""

import numpy as np

from hpsoft.data.containers.arraynames import prefixed_role
from hpsoft.data.containers.container import Container
from hpsoft.data.containers.fitting import n_samples
from hpsoft.data.containers.parts import Pair
from hpsoft.errors import DataError


def rivals(container: Container, taken: Pair) -> tuple[str, ...]:
    """Return a sentence on each other array that could be the features, or labels, and is equal.

    Raises:
        DataError: one of them holds something else.
    """
    return tuple(
        _equal(container, name, other, option)
        for name, option in ((taken.X[0], "--features"), (taken.labels, "--target"))
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
