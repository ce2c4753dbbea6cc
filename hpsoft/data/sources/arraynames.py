"""Which array of several is what, by its name: X or labels, of which part of the data.

    X  x_train  X_val  train_images  testLabels  embeddings  validation-targets

A name is a part, or none, and a kind, in either order; letter case and marks do not matter.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hpsoft.errors import DataError

# Of several arrays of one kind, the first of these is taken.
KINDS = {
    "X": (
        *("x", "data", "features", "embeddings", "images", "inputs", "vectors"),
        *("feature", "embedding", "image", "input"),
    ),
    "labels": ("y", "labels", "targets", "classes", "label", "target", "class"),
}
PARTS = {
    "train": ("training", "train", "trn", "tr"),
    "val": ("validation", "valid", "val", "dev"),
    "test": ("testing", "test", "tst", "te"),
}
WHOLE = ""


@dataclass(frozen=True)
class Pair:
    """The names of two arrays that belong together."""

    X: str
    labels: str


@dataclass(frozen=True)
class Parts:
    """The names of the arrays of a data set."""

    train: Pair
    val: Pair | None
    test: Pair | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Role:
    """What a name stands for."""

    part: str  # WHOLE or one of PARTS
    kind: str  # one of KINDS
    rank: int = field(compare=False)  # of its word among those for the kind


def role_of(name: str) -> Role | None:
    """Return what a name stands for; None: something else."""
    bare = re.sub(r"[\W_]+", "", name.casefold())
    for part, words in {WHOLE: ("",), **PARTS}.items():
        for word in words:
            rests = [bare.removeprefix(word)] if bare.startswith(word) else []
            rests += [bare.removesuffix(word)] if bare.endswith(word) else []
            for kind, known in KINDS.items():
                for rest in rests:
                    if rest in known:
                        return Role(part, kind, known.index(rest))
    return None


def parts_of(names: Iterable[str], where: str) -> Parts:
    """Tell the arrays of each part; where X and y hold all samples, no part is read besides.

    Raises:
        DataError: neither X and labels nor those of a training part are there, or a part is half
            there.
    """
    names = sorted(names)
    found: dict[Role, str] = {}
    known = [(role, name) for name in names if (role := role_of(name)) is not None]
    for role, name in sorted(known, key=lambda pair: pair[0].rank):
        found.setdefault(role, name)
    main = next((p for p in (WHOLE, "train") if len(_of_part(p, found)) == len(KINDS)), None)
    if main is None:
        raise DataError(
            f"{where} holds {', '.join(names) or 'no arrays'}; wanted are X and y, or x_train and "
            "y_train (and x_val, y_val, x_test and y_test, if there are such parts)."
        )
    train = _pair(main, found, where)
    assert train is not None, "both of its arrays are there"
    repeated = main == WHOLE and bool(_of_part("train", found))
    val, test = (None if repeated else _pair(part, found, where) for part in ("val", "test"))
    used = {name for pair in (train, val, test) if pair for name in (pair.X, pair.labels)}
    return Parts(train, val, test, tuple(_notes(train, val, [n for n in names if n not in used])))


def _of_part(part: str, found: Mapping[Role, str]) -> dict[str, str]:
    return {role.kind: name for role, name in found.items() if role.part == part}


def _pair(part: str, found: Mapping[Role, str], where: str) -> Pair | None:
    """Return the two arrays of a part, or None where it is not there."""
    names = _of_part(part, found)
    if len(names) == 1:
        (alone,) = names.values()
        title = {"val": "validation"}.get(part, part)
        raise DataError(f"{where} has {alone} alone; a {title} part needs x_{part} and y_{part}.")
    return Pair(names["X"], names["labels"]) if names else None


def _notes(train: Pair, val: Pair | None, unused: list[str]) -> Iterable[str]:
    if (train.X.casefold(), train.labels.casefold()) not in {("x", "y"), ("x_train", "y_train")}:
        yield f"The features are the array {train.X!r}, the labels {train.labels!r}."
    if val is not None:
        yield f"The arrays {val.X!r} and {val.labels!r} are the validation part."
    if unused:
        shown = ", ".join(map(repr, unused[:5])) + (" and others" if len(unused) > 5 else "")
        yield f"Not read: {shown}."
