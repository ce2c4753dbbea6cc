"""Arrays of containers: which of them are features and labels, and their rows.

What is mapped, and chunks of HDF5, are read as they are needed; members of .npz that are
compressed, .pt that is no zip file and .mat are in memory as a whole.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hpsoft.data.containers.arraynames import (
    PARTS,
    WHOLE,
    Found,
    Place,
    by_name,
    place_of,
    prefixed_role,
)
from hpsoft.data.containers.container import Container, Stored
from hpsoft.data.containers.formats import open_beside
from hpsoft.data.containers.numpyfiles import open_npy
from hpsoft.data.containers.parts import array_named, found_array
from hpsoft.data.stream.incoming import (
    Asked,
    Chunk,
    Incoming,
    Wanted,
    chunk_of,
    takes_text,
    widths,
)
from hpsoft.data.stream.labels import label_texts
from hpsoft.data.stream.parts import ALL, chosen
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

_USUAL = frozenset(("x", "xtrain", "xval", "xtest"))  # names that say what they are


@dataclass(frozen=True)
class _Arrays:
    """The arrays of a part, by name."""

    X: tuple[str, ...]  # side by side
    labels: str | None


def open_arrays(container: Container, asked: Asked, wanted: Wanted) -> Incoming:
    """Choose the arrays that are features and labels.

    Raises:
        DataError: it cannot be told which are meant, or they do not fit the model or each other.
    """
    found = _find(container, asked, wanted)
    split = _split(container, found, asked, wanted)
    parts, notes = chosen(found, ALL if split else asked.part, container.origin)
    opened = [_opened(container, part, split, wanted) for part in parts]
    names = ", ".join(map(repr, parts[0].X))
    labels = [part.labels for part in parts]
    what = f"Features: {names}" + ("." if labels[0] is None else f", labels: {labels[0]!r}.")
    said = () if re.sub(r"\W|_", "", parts[0].X[0].casefold()) in _USUAL else (what,)
    return Incoming(
        container.name,
        container.origin,
        lambda: (chunk for part in opened for chunk in part.chunks()),
        next((name for name in labels if name is not None), None),
        (*said, *notes, *container.notes),
        sum(part.n for part in opened),
        split,
    )


def _split(
    container: Container, found: Mapping[str, _Arrays], asked: Asked, wanted: Wanted
) -> str | None:
    """Return the array that said in training of which part each row is; None: all are read."""
    if asked.part == ALL or wanted.split is None or len(found) > 1:
        return None
    return found_array(container, wanted.split)


def open_pair(spec: str, asked: Asked, wanted: Wanted) -> Incoming:
    """Open `X.npy,y.npy`, the second of which are the labels.

    Raises:
        DataError: that is no pair of .npy files, or they do not fit.
    """
    paths = [Path(name.strip()).expanduser() for name in spec.split(",")]
    if len(paths) != 2 or any(path.suffix.lower() != ".npy" for path in paths):
        raise DataError(f"{spec!r} is no pair of .npy files, such as X.npy,y.npy.")
    where = f"{paths[0]}, {paths[1]}"
    arrays = {
        name: next(iter(open_npy([path], "", where).arrays.values()))
        for name, path in zip("Xy", paths, strict=True)
    }
    beside = open_beside(paths[0]).arrays if wanted.split is not None else {}
    split = {name: stored for name, stored in beside.items() if name == wanted.split}
    return open_arrays(Container(paths[0].stem, where, split | arrays), asked, wanted)


def _find(container: Container, asked: Asked, wanted: Wanted) -> Mapping[str, _Arrays]:
    """Return the arrays of each part that there is."""
    named = asked.features
    blocks = [name for name, _ in wanted.blocks]
    if not named and blocks and all(found_array(container, name) for name in blocks):
        named = tuple(blocks)
    if named:
        X = tuple(array_named(container, name, "--features") for name in named)
        return _with_labels(_alike(container, X), container, asked)
    found = _known(container, wanted)
    if found is not None:
        parts = {
            part: _Arrays((kinds["X"],), kinds.get("labels"))
            for part, kinds in found.items()
            if "X" in kinds
        }
        return parts if asked.labels is None else _with_labels(parts, container, asked)
    fitting = [name for name, stored in container.arrays.items() if _fits(stored, wanted)]
    if len(fitting) == 1:
        return _with_labels(_alike(container, tuple(fitting)), container, asked)
    width = " or ".join(f"{n:,}" for n in dict.fromkeys(widths(wanted)))
    raise DataError(
        f"{container.origin} holds {container.listing()}; it cannot be told which of them are the "
        f"features{f', {width} a sample' if width else ''}. Name them with --features, or call them "
        "X."
    )


def _known(container: Container, wanted: Wanted) -> Found | None:
    """Return the arrays that are called as features are, of the prefix that fits the model."""
    groups = {
        prefix: found
        for prefix, found in by_name(container.arrays).items()
        if any("X" in kinds for kinds in found.values())
    }
    if () in groups:
        return groups[()]
    fitting = [
        found
        for found in groups.values()
        if all(_fits(container.arrays[k["X"]], wanted) for k in found.values() if "X" in k)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _fits(stored: Stored, wanted: Wanted) -> bool:
    return len(stored.shape) > 1 and int(np.prod(stored.shape[1:])) in widths(wanted)


def _alike(container: Container, X: tuple[str, ...]) -> dict[str, _Arrays]:
    """Return arrays of one part, and those of the other parts that are called as these."""
    parts = {place_of(X[0]).part: _Arrays(X, None)}
    places = {place_of(name): name for name in sorted(container.arrays, reverse=True)}
    for part in PARTS:
        there = [places.get(Place(part, place_of(name).words)) for name in X]
        names = tuple(name for name in there if name is not None and name not in X)
        if part not in parts and len(names) == len(X):
            parts[part] = _Arrays(names, None)
    return parts


def _with_labels(
    parts: Mapping[str, _Arrays], container: Container, asked: Asked
) -> Mapping[str, _Arrays]:
    """Return the parts with the labels that the user names, or that are called so."""
    if asked.labels is not None:
        first = array_named(container, asked.labels, "--labels")
        words = place_of(first).words
        places = {place_of(name): name for name in container.arrays}
        alone = place_of(first).part == WHOLE and len(parts) == 1
        return {
            part: _Arrays(of.X, first if alone else places.get(Place(part, words)))
            for part, of in parts.items()
        }
    roles = {name: prefixed_role(name) for name in container.arrays}
    labels = {
        part: [
            n for n, role in roles.items() if role and (role.kind, role.part) == ("labels", part)
        ]
        for part in parts
    }
    return {
        part: _Arrays(of.X, labels[part][0] if len(labels[part]) == 1 else None)
        for part, of in parts.items()
    }


@dataclass(frozen=True, eq=False)
class _Opened:
    """The rows of a part."""

    n: int
    width: int
    read: Sequence[Callable[[int, int], Array]]  # of each array that stands beside the others
    labels: Array | None
    parts: Array | None  # of which part each row is
    wanted: Wanted

    def chunks(self) -> Iterator[Chunk]:
        """Yield all rows."""
        step = self.wanted.rows_at_a_time(self.width)
        for start in range(0, self.n, step):
            stop = min(start + step, self.n)
            blocks = [
                np.asarray(read(start, stop)).reshape(stop - start, -1) for read in self.read
            ]
            X = blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=1)
            labels, parts = (
                None if those is None else label_texts(those[start:stop])
                for those in (self.labels, self.parts)
            )
            yield chunk_of(X, self.wanted, labels, parts)


def _opened(container: Container, part: _Arrays, split: str | None, wanted: Wanted) -> _Opened:
    where = container.origin
    stored = [container.arrays[name] for name in part.X]
    shapes = [one.shape for one in stored]
    last = container.samples_last and sum(_width(shape) for shape in shapes) not in widths(wanted)
    if last:  # MATLAB's images, whose last axis is that of the samples
        shapes = [(*shape[-1:], *shape[:-1]) for shape in shapes]
    width, lengths = sum(map(_width, shapes)), {shape[:1] for shape in shapes}
    for name, one in zip(part.X, stored, strict=True):
        if one.dtype.kind not in "buif":
            one.read()  # says what is wrong with it, if it cannot be read
            raise DataError(
                f"Array {name!r} of {where} holds {one.dtype} values, not numbers. Name other "
                "features with --features."
            )
    if width not in widths(wanted) or len(lengths) > 1 or any(len(s) < 2 for s in shapes):
        raise _misfit(part, [one.shape for one in stored], wanted, where)
    n = int(shapes[0][0])
    labels = None if part.labels is None else container.arrays[part.labels].read()
    if labels is not None and labels.ndim == 2 and labels.shape[0] == 1 != n:
        labels = labels[0]
    if labels is not None and len(labels) != n:
        raise DataError(
            f"{where}: {part.X[0]!r} has {n:,} rows, and there are {len(labels):,} labels in "
            f"{part.labels!r}. Name the labels that belong to it with --labels."
        )
    words = None if split is None else container.arrays[split].read()
    if words is not None and words.size != n:
        raise DataError(
            f"{where}: {part.X[0]!r} has {n:,} rows, and {split!r}, which says of which part each is, "
            f"{words.size:,} values. --part {ALL} predicts all rows."
        )
    parts = None if words is None else words.reshape(n)
    return _Opened(n, width, [_reader(one, last=last) for one in stored], labels, parts, wanted)


def _width(shape: tuple[int, ...]) -> int:
    return int(np.prod(shape[1:]))


def _reader(stored: Stored, *, last: bool) -> Callable[[int, int], Array]:
    """Return what reads rows from start to stop."""
    if stored.rows is not None and not last:
        return stored.rows
    whole = stored.read()
    if last:
        whole = np.moveaxis(whole, -1, 0)
    return lambda start, stop: whole[start:stop]


def _misfit(
    part: _Arrays, shapes: Sequence[tuple[int, ...]], wanted: Wanted, where: str
) -> DataError:
    listed = ", ".join(f"{name} {shape}" for name, shape in zip(part.X, shapes, strict=True))
    if not widths(wanted):
        return takes_text(where, wanted)
    n = " or ".join(f"{n:,}" for n in dict.fromkeys(widths(wanted)))
    return DataError(
        f"{where}: the model takes {n} features a sample, and the features are {listed}. Name the "
        "arrays that it was trained on with --features."
    )
