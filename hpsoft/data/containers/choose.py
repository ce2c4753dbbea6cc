"""A container of arrays -> the Source that a data set is made of."""

import numpy as np

from hpsoft.data.containers.container import BROKEN, Container
from hpsoft.data.containers.fitting import rivals
from hpsoft.data.containers.parts import Pair, parts_of, with_sets
from hpsoft.data.labels import is_one_hot
from hpsoft.data.side.names import side_arrays
from hpsoft.data.side.roles import ROLES
from hpsoft.data.tables.columns import NO_WISH, Wish
from hpsoft.data.types import Source
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array


def choose(container: Container, wish: Wish = NO_WISH) -> Source:
    """Read the arrays that make a data set, by the user's word, by name, or as they fit.

    Raises:
        DataError: it cannot be told which arrays are meant, or one of them cannot be read.
    """
    wish = with_sets(container, wish)
    _check_apart(wish, container.origin)
    side, beside = side_arrays(
        wish.side, container.arrays, lambda name: container.arrays[name].read(), container.origin
    )
    try:
        parts = parts_of(container.only(n for n in container.arrays if n not in beside), wish)
    except DataError:
        _check_needed(container, wish)
        for stored in container.arrays.values():
            if stored.dtype == BROKEN:
                stored.read()  # why it cannot be read says more than what it is not
        raise
    same = (
        ()
        if wish.features or wish.target is not None
        else rivals(container, parts.train.X[0], parts.train.labels)
    )
    found, labels, remarks = _read(container, parts.train)
    X_val, labels_val = _other(container, parts.val)
    X_test, labels_test = _other(container, parts.test)
    return Source(
        name=container.name,
        X=_side_by_side(found, parts.train, container.origin),
        labels=labels,
        X_test=X_test,
        labels_test=labels_test,
        origin=container.origin,
        X_val=X_val,
        labels_val=labels_val,
        side=side,
        notes=(*parts.notes, *same, *remarks, *container.notes),
        blocks=_blocks(found, parts.train, wish),
        named=wish.features if wish.sets else (),
    )


def _other(container: Container, pair: Pair | None) -> tuple[Array | None, Array | None]:
    if pair is None:
        return None, None
    found, labels, _ = _read(container, pair)
    return _side_by_side(found, pair, container.origin), labels


def _blocks(found: list[Array], pair: Pair, wish: Wish) -> tuple[tuple[str, int], ...]:
    """Return the arrays of the features, as the user calls them, and how many features each is."""
    asked = tuple(dict.fromkeys(wish.features))
    names = asked if len(asked) == len(found) else pair.X
    return tuple((n, int(np.prod(X.shape[1:]))) for n, X in zip(names, found, strict=True))


def _read(container: Container, pair: Pair) -> tuple[list[Array], Array, tuple[str, ...]]:
    """Return the arrays of the features, the labels, and what is to be said of them."""
    found = [container.arrays[name].read() for name in pair.X]
    labels, remarks = _as_labels(container.arrays[pair.labels].read(), pair.labels)
    if container.samples_last:
        for i, name in enumerate(pair.X):
            if _samples_are_last(found[i], len(labels)):
                found[i] = np.moveaxis(found[i], -1, 0)
                remarks = (*remarks, f"The last axis of {name!r} is that of the samples.")
    return found, labels, remarks


def _as_labels(labels: Array, name: str) -> tuple[Array, tuple[str, ...]]:
    if labels.ndim == 2 and labels.shape[0] == 1 and labels.shape[1] > 1:
        return labels[0], ()
    if labels.ndim == 2 and labels.shape[1] > 1 and is_one_hot(labels):
        return labels, (f"The labels {name!r} are one-hot: class i is column i, from 0.",)
    return labels, ()


def _samples_are_last(X: Array, n: int) -> bool:
    return X.ndim > 1 and len(X) != n and X.shape[-1] == n


def _side_by_side(found: list[Array], pair: Pair, where: str) -> Array:
    if len(found) == 1:
        return found[0]
    lengths = {X.shape[:1] for X in found}
    if len(lengths) > 1 or any(X.ndim < 2 for X in found):
        shapes = ", ".join(f"{name} {X.shape}" for name, X in zip(pair.X, found, strict=True))
        raise DataError(
            f"{where}: --features names arrays that cannot stand side by side: {shapes}. They "
            "need a row for each of the same samples."
        )
    return np.concatenate([X.reshape(len(X), -1) for X in found], axis=1)


def _check_needed(container: Container, wish: Wish) -> None:
    """Refuse a side column that is the only array that can be the features, or the labels."""
    if not wish.side:
        return
    try:
        train = parts_of(container, wish).train
    except DataError:
        return
    for role, name in wish.side.items():
        if name in train.names:
            what = "labels" if name == train.labels else "features"
            raise DataError(
                f"Array {name!r} of {container.origin} is the {what} and cannot be "
                f"{ROLES[role].what} of {ROLES[role].option} too. Name another array, or the "
                f"{what} with {'--target' if what == 'labels' else '--features'}."
            ) from None


def _check_apart(wish: Wish, where: str) -> None:
    """Refuse a side column that is named as features or labels as well."""
    taken = {wish.target: "the labels by --target"}
    taken |= dict.fromkeys(wish.features, "features by --features")
    for role, name in wish.side.items():
        if name in taken:
            raise DataError(
                f"Array {name!r} of {where} holds {taken[name]}, so {ROLES[role].option} cannot have "
                "it. Name another array."
            )
