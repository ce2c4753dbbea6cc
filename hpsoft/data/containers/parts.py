"""Which arrays of a container make the parts of a data set: by the user's word, names, or fit.

1. `--features` and `--target` name arrays; those of the other parts are called alike.
2. Names that are known: X and y, x_train and y_train, with or without a prefix.
3. Two arrays that fit each other, where there are no other two that do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from hpsoft.data.containers.arraynames import (
    TITLES,
    WHOLE,
    Found,
    Place,
    by_name,
    main_part,
    place_of,
    prefixed_role,
)
from hpsoft.data.containers.container import Container
from hpsoft.data.containers.fitting import can_be_features, can_be_labels, is_row, n_samples
from hpsoft.data.tables.columns import NO_WISH, Wish
from hpsoft.errors import DataError


@dataclass(frozen=True)
class Pair:
    """The names of arrays that belong together."""

    X: tuple[str, ...]  # side by side
    labels: str

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.X, self.labels)


@dataclass(frozen=True)
class Parts:
    """The names of the arrays of a data set."""

    train: Pair
    val: Pair | None = None
    test: Pair | None = None
    notes: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()  # features of parts without labels, which are not read


def parts_of(container: Container, wish: Wish = NO_WISH) -> Parts:
    """Tell the arrays of each part; where X and y hold all samples, no part is read besides.

    Raises:
        DataError: it cannot be told which arrays are meant, one that is named is not there, or a
            part is half there.
    """
    by_wish = bool(wish.features or wish.target is not None)
    parts = _wished(container, wish) if by_wish else _unasked(container)
    used = {name for pair in (parts.train, parts.val, parts.test) if pair for name in pair.names}
    used |= set(parts.alone)
    unused = [name for name in sorted(container.arrays) if name not in used]
    said = () if by_wish else _taken(parts.train)
    return replace(parts, notes=(*said, *_notes(parts.val, parts.alone, unused)))


def _unasked(container: Container) -> Parts:
    parts = _named(container) or _fitting(container, container.arrays, container.arrays)
    if parts is None:
        raise _unclear(container)
    return parts


def _named(container: Container) -> Parts | None:
    groups = {
        prefix: found
        for prefix, found in by_name(container.arrays).items()
        if main_part(found) is not None
    }
    if () in groups:
        return _parts_by_name(groups[()], container)
    if len(groups) > 1:
        sets = ", ".join(sorted("_".join(prefix) for prefix in groups))
        raise DataError(
            f"{container.origin} holds several data sets: {sets}. Name the arrays of one with "
            "--features and --target, or, in a folder, one of its files."
        )
    return next((_parts_by_name(found, container) for found in groups.values()), None)


def _parts_by_name(found: Found, container: Container) -> Parts:
    main = main_part(found)
    assert main is not None, "both of its arrays are there"
    repeated = main == WHOLE and bool(found.get("train"))
    pairs = {
        part: None if repeated else _pair(part, found.get(part, {}), container.origin)
        for part in ("val", "test")
    }
    train = Pair((found[main]["X"],), found[main]["labels"])
    alone = [
        found[part]["X"]
        for part, pair in pairs.items()
        if pair is None and "X" in found.get(part, {})
    ]
    return Parts(train, pairs["val"], pairs["test"], alone=() if repeated else tuple(alone))


def _pair(part: str, names: Mapping[str, str], where: str) -> Pair | None:
    """Return the two arrays of a part, or None where it is not there, or has no labels."""
    if names.keys() == {"X"}:
        return None
    if len(names) == 1:
        (alone,) = names.values()
        raise DataError(
            f"{where} has {alone} alone; a {TITLES[part]} part needs x_{part} and y_{part}."
        )
    return Pair((names["X"],), names["labels"]) if names else None


def _wished(container: Container, wish: Wish) -> Parts:
    """Return the arrays that the user names, and those that go with them."""
    X = [array_named(container, name, "--features") for name in dict.fromkeys(wish.features)]
    target = None if wish.target is None else array_named(container, wish.target, "--target")
    if target in X:
        raise DataError(f"Array {target!r} cannot be both --features and --target: choose one.")
    if X and target is not None:
        shapes = [len(container.arrays[name].shape) for name in (*X, target)]
        if len(X) == 1 and shapes[0] == 1 and not is_row(container.arrays[target]):
            raise DataError(
                f"--features {X[0]} names one value a sample of {container.origin}, and --target "
                f"{target} several: they look swapped. Say --features {target} --target {X[0]}."
            )
        return _with_other_parts(container, Pair(tuple(X), target))
    part = place_of(target or X[0]).part
    beside = [name for name in container.arrays if place_of(name).part == part]
    roles = {name: prefixed_role(name) for name in beside}
    if target is None:
        named = [n for n, role in roles.items() if role and role.kind == "labels"]
        parts = _fitting(container, [X[0]], named) or _fitting(container, [X[0]], beside)
        if parts is not None:
            return _with_other_parts(container, Pair(tuple(X), parts.train.labels))
        raise _unclear(container, "which of them are the labels", features=X)
    named = [n for n, role in roles.items() if role and role.kind == "X" and n != target]
    parts = _fitting(container, named, [target], checked=False) or _fitting(
        container, beside, [target], checked=False
    )
    if parts is None:
        raise _unclear(container, "which of them are the features", target=target)
    return parts


def with_sets(container: Container, wish: Wish) -> Wish:
    """Return the wish with the arrays as features that feature sets name, where no others are."""
    if wish.features:
        return replace(wish, sets=())
    named = tuple(name for name in wish.sets if found_array(container, name) is not None)
    return replace(wish, features=named, sets=named)


def array_named(container: Container, wanted: str, option: str) -> str:
    """Return the array that a name means.

    Raises:
        DataError: there is none, or several.
    """
    if (found := found_array(container, wanted)) is not None:
        return found
    close = get_close_matches(wanted, list(container.arrays), n=1)
    guess = f" Did you mean {close[0]!r}?" if close else ""
    raise DataError(
        f"{container.origin} has no array {wanted!r}, named by {option}. It holds "
        f"{container.listing()}.{guess}"
    )


def found_array(container: Container, wanted: str) -> str | None:
    """Return the array of that name, or the only one whose path ends so, of the training part.

    So `emb` is `train_emb` where parts have it in common, and `dataset/emb`.
    """
    if wanted in container.arrays:
        return wanted
    words = place_of(wanted).words
    places = {name: place_of(name) for name in container.arrays}
    for part in (WHOLE, "train"):
        alike = [
            name
            for name, place in places.items()
            if place.part == part and words and place.words[-len(words) :] == words
        ]
        if len(alike) == 1 and place_of(wanted).part == WHOLE:
            return alike[0]
    return None


def _fitting(
    container: Container,
    features: Iterable[str],
    labels: Iterable[str],
    *,
    checked: bool = True,
) -> Parts | None:
    """Return the only two arrays of the training part that fit each other, None: not just two.

    `checked` tells whether the labels must look like labels.
    """
    arrays = container.arrays
    has_train = any(place_of(name).part == "train" for name in arrays)
    here = {n for n in arrays if place_of(n).part == ("train" if has_train else WHOLE)}
    if not checked:
        here = set(arrays)  # the user has named one of them
    axes = container.samples_last
    pairs = [
        (X, y)
        for X in features
        for y in labels
        if y != X and {X, y} <= here
        if can_be_features(arrays[X], n_samples(arrays[y]), samples_last=axes)
        and (not checked or can_be_labels(arrays[y], maybe_one_hot=len(here) == 2))
    ]
    if len(pairs) != 1:
        return None
    ((X, y),) = pairs
    return _with_other_parts(container, Pair((X,), y))


def _with_other_parts(container: Container, train: Pair) -> Parts:
    """Return the parts whose arrays are called as those of `train` but for the part."""
    places = {place_of(name): name for name in sorted(container.arrays, reverse=True)}
    found = {}
    alone: list[str] = []
    for part in ("val", "test"):
        wanted = [places.get(Place(part, place_of(name).words)) for name in train.names]
        there = [name for name in wanted if name is not None and name not in train.names]
        if there and wanted[-1] is None and len(there) == len(train.X):
            alone += there
            there = []
        if there and len(there) < len(wanted):
            raise DataError(
                f"{container.origin} has {', '.join(there)} of a {TITLES[part]} part, but not "
                f"what belongs to it: the training part is {', '.join(train.names)}."
            )
        found[part] = Pair(tuple(there[:-1]), there[-1]) if there else None
    return Parts(train, found["val"], found["test"], alone=tuple(alone))


def _unclear(
    container: Container,
    what: str = "which of them are the features and the labels",
    features: Sequence[str] = (),
    target: str | None = None,
) -> DataError:
    if not container.arrays:
        return DataError(
            f"{container.origin} holds no arrays; wanted are X and y, or x_train and y_train (and "
            "x_val, y_val, x_test and y_test, if there are such parts)."
        )
    rows = {name: is_row(stored) for name, stored in container.arrays.items()}
    features = features or [name for name in rows if not rows[name]]
    labels = [target] if target else [name for name in rows if rows[name]]
    X, y = (*features, "FEATURES")[0], (*labels, "LABELS")[0]
    return DataError(
        f"{container.origin} holds {container.listing()}; it cannot be told {what}. Name them, "
        f"--features {X} --target {y}, or call them X and y, or x_train and y_train (and x_val, "
        f"y_val, x_test, y_test). {container.hint}".rstrip()
    )


def _taken(train: Pair) -> Iterable[str]:
    usual = {("x", "y"), ("x_train", "y_train")}
    if (train.X[0].casefold(), train.labels.casefold()) not in usual:
        yield f"The features are the array {train.X[0]!r}, the labels {train.labels!r}."


def _notes(val: Pair | None, alone: Sequence[str], unused: Sequence[str]) -> Iterable[str]:
    if val is not None:
        names = " and ".join(map(repr, val.names))
        yield f"The arrays {names} are the validation part."
    for name in alone:
        yield f"The array {name!r} has no labels beside it, and is not read."
    if unused:
        shown = ", ".join(map(repr, unused[:5])) + (" and others" if len(unused) > 5 else "")
        yield f"Not read: {shown}."
