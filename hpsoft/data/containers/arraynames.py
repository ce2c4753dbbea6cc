"""Which array of several is what, by its name: X or labels, of which part of the data.

    X  x_train  X_val  train_images  testLabels  embeddings  validation-targets  train/X

A name is a part, or none, and a kind, in either order; letter case and marks do not matter. What
is left besides them is a prefix that all arrays of a data set share: `digits_train_images`,
`digits_train_labels`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

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
TITLES = {WHOLE: "whole", "train": "training", "val": "validation", "test": "test"}
_PART_OF = {word: part for part, words in PARTS.items() for word in words} | {"t10k": "test"}
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}
_FILLERS = frozenset(("set", "split", "part"))
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True)
class Role:
    """What a name stands for."""

    part: str  # WHOLE or one of PARTS
    kind: str  # one of KINDS
    rank: int = field(compare=False)  # of its word among those for the kind
    prefix: tuple[str, ...] = ()  # words that are neither part nor kind


@dataclass(frozen=True)
class Place:
    """Where a name belongs: its part, and the words besides, which other parts have as well."""

    part: str
    words: tuple[str, ...]


def role_of(name: str) -> Role | None:
    """Return what a name that is a part and a kind stands for; None: something else."""
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


def place_of(name: str) -> Place:
    """Divide a name, at its marks and capitals, into the part and all other words."""
    words = [word for word in re.split(r"[\W_]+", _CAMEL.sub("_", name).casefold()) if word]
    part = next((_PART_OF[word] for word in words if word in _PART_OF), WHOLE)
    rest = [word for word in words if _PART_OF.get(word) != part or part == WHOLE]
    return Place(part, tuple(word for word in rest if word not in _FILLERS) if part else (*rest,))


def prefixed_role(name: str) -> Role | None:
    """Return what a name stands for whose last or first word, besides the part, is a kind."""
    if (role := role_of(name)) is not None:
        return role
    place = place_of(name)
    for end, prefix in ((-1, place.words[:-1]), (0, place.words[1:])):
        kind = _KIND_OF.get(place.words[end]) if place.words else None
        if kind is not None:
            return Role(place.part, kind, KINDS[kind].index(place.words[end]), prefix)
    return None


Found = Mapping[str, Mapping[str, str]]  # part -> kind -> name


def by_name(names: Iterable[str]) -> Mapping[tuple[str, ...], Found]:
    """Return the arrays whose names are known: prefix -> part -> kind -> the likeliest name."""
    known = [(role, name) for name in sorted(names) if (role := prefixed_role(name)) is not None]
    found: dict[tuple[str, ...], dict[str, dict[str, str]]] = {}
    for role, name in sorted(known, key=lambda pair: pair[0].rank):
        found.setdefault(role.prefix, {}).setdefault(role.part, {}).setdefault(role.kind, name)
    return found


def main_part(found: Found) -> str | None:
    """Return the part that is trained on: all samples, or those of the training part."""
    return next((p for p in (WHOLE, "train") if len(found.get(p, ())) == len(KINDS)), None)
