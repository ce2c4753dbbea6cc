"""Which file is opened by what, and several files as one container."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from hpsoft.data.containers.arraynames import TITLES, WHOLE, place_of, prefixed_role
from hpsoft.data.containers.container import Container, together
from hpsoft.data.containers.hdf5 import open_hdf5
from hpsoft.data.containers.matlab import open_mat
from hpsoft.data.containers.numpyfiles import open_npy, open_npz
from hpsoft.data.containers.safetensorsfile import open_safetensors
from hpsoft.data.containers.torchfile import open_torch
from hpsoft.data.errors import reading
from hpsoft.errors import DataError

OPENERS: Mapping[str, Callable[[Path], Container]] = {
    ".npz": open_npz,
    ".safetensors": open_safetensors,
    **dict.fromkeys((".pt", ".pth"), open_torch),
    **dict.fromkeys((".h5", ".hdf5"), open_hdf5),
    ".mat": open_mat,
}
SUFFIXES = (*OPENERS, ".npy")


def open_container(path: Path) -> Container:
    """Return the arrays of a file; those of a .npy file are it and what lies beside it.

    Raises:
        DataError: it is missing, damaged, or of another format.
    """
    if path.suffix.lower() == ".npy":
        return open_beside(path)
    container = OPENERS[path.suffix.lower()](path)
    return replace(container, notes=(*container.notes, *_other_parts(path)))


def _other_parts(path: Path) -> Iterable[str]:
    """Say which files beside `path` are other parts, by their names: test.h5 beside train.h5."""
    place = place_of(path.stem)
    if place.part != "train":
        return
    for other in sorted(path.parent.glob(f"*{path.suffix}")):
        its = place_of(other.stem)
        if its.words == place.words and its.part in {"val", "test"}:
            yield (
                f"{other.name} beside it is not read; name the folder to have it as the "
                f"{TITLES[its.part]} part."
            )


def open_beside(path: Path) -> Container:
    """Return a .npy file and those beside it that belong to it by their names.

    Raises:
        DataError: a file is missing, or there are no labels.
    """
    with reading(path), path.open("rb"):
        beside = {other.stem: other for other in sorted(path.parent.glob("*.npy"))}
    beside[path.stem] = path
    found = _that_belong(path.stem, beside)
    name = path.resolve().parent.name
    container = open_npy([beside[stem] for stem in found], name, str(path))
    return replace(container, hint=f"Or name both files: --data {path.name},labels.npy")


def _that_belong(name: str, beside: Iterable[str]) -> list[str]:
    """Return the files that make a data set with that of the name: the same prefix, all parts."""
    main = prefixed_role(name)
    if main is None:
        return sorted(beside)
    roles = {other: role for other in beside if (role := prefixed_role(other)) is not None}
    alike = {other: role for other, role in roles.items() if role.prefix == main.prefix}
    rivals = {other for other, role in alike.items() if role == main and other != name}
    rivals |= {other for other, role in alike.items() if main.part and role.part == WHOLE}
    return [other for other in beside if other in alike.keys() - rivals or other not in roles]


def open_folder(folder: Path) -> Container | None:
    """Return the arrays of a folder as one container; None: there are none.

    That is its .npy files, those of its sub-folders, or its only container, or those that are
    named as parts: train.npz and test.npz.

    Raises:
        DataError: it holds several containers that are no parts, or one cannot be read.
    """
    name, origin = folder.resolve().name, str(folder)
    with reading(folder):
        loose = sorted(folder.glob("*.npy"))
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in OPENERS)
        below = {sub.name: sorted(sub.glob("*.npy")) for sub in sorted(folder.glob("*/"))}
    if loose:
        return open_npy(loose, name, origin)
    if len(files) == 1:
        return replace(OPENERS[files[0].suffix.lower()](files[0]), name=name)
    if files:
        return _files_of_parts(files, name, origin)
    inside = {
        sub: open_npy(paths, sub, origin)
        for sub, paths in below.items()
        if paths and place_of(sub).part != WHOLE
    }
    return together(name, origin, inside) if inside else None


def _files_of_parts(files: list[Path], name: str, origin: str) -> Container:
    parts = {path: place_of(path.stem) for path in files}
    named = [path for path, place in parts.items() if place.part != WHOLE]
    words = {parts[path].words for path in named}
    if "train" not in {parts[path].part for path in named} or len(words) > 1:
        listed = ", ".join(path.name for path in files[:12])
        raise DataError(
            f"{origin} holds several files of arrays: {listed}. Name the one that is meant, or call "
            "them as the parts of one data set: train, val and test."
        )
    opened = {path.stem: OPENERS[path.suffix.lower()](path) for path in named}
    return together(name, origin, opened)
