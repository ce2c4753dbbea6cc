"""Reading image sets by name: on this machine first, from a mirror otherwise.

Places, in this order: $HPSOFT_DATA/NAME, $HPSOFT_DATA, Debian's folder, the user's cache. A file
whose SHA-256 is not the pinned one is never used: in the cache it is downloaded again, elsewhere
it is an error, since what the user put there should be what they get.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from hpsoft.data.errors import reading
from hpsoft.data.sources import idx
from hpsoft.data.sources.download import UnavailableError, cache_folder, download
from hpsoft.data.sources.imagesets import FILES, IMAGE_SETS, ImageSet
from hpsoft.data.types import Source
from hpsoft.errors import DataError

SYSTEM_FOLDER = Path("/usr/share/datasets")

Files = dict[str, idx.IdxFile]


def places(image_set: ImageSet) -> Iterator[Path]:
    """Yield the folders where the set is looked for, existing or not."""
    if own := os.environ.get("HPSOFT_DATA"):
        yield Path(own).expanduser() / image_set.name
        yield Path(own).expanduser()
    yield SYSTEM_FOLDER / image_set.name
    yield cache_folder(image_set)


def candidates(image_set: ImageSet) -> Iterator[tuple[Path, dict[str, Path]]]:
    """Yield the places that have all four files, with the files; nothing is read."""
    for folder in places(image_set):
        if folder.is_dir():
            with reading(folder):
                found = idx.find(folder)
            if found.keys() >= FILES.keys():
                yield folder, found


def read_images(image_set: ImageSet, *, progress: bool = False) -> Source:
    """Read an image set, downloading it if no place has it.

    Raises:
        UnavailableError: it is neither on this machine nor to be downloaded.
        DataError: a file that the user or the system put in place is not what it should be.
    """
    for folder, paths in candidates(image_set):
        files = _verified(image_set, folder, paths)
        if files is not None:
            return as_source(files, str(folder), image_set)
    _download(image_set, progress=progress)
    folder = cache_folder(image_set)
    files = {role: idx.read(folder / name) for role, name in FILES.items()}
    return as_source(files, str(folder), image_set)


def fetch_images(image_set: ImageSet, *, progress: bool = False) -> tuple[Path, ...]:
    """Return the paths of the four files, verified, downloading those that no place has.

    Raises:
        UnavailableError, DataError: as `read_images`.
    """
    for folder, paths in candidates(image_set):
        if _verified(image_set, folder, paths) is not None:
            return tuple(paths[role] for role in FILES)
    return _download(image_set, progress=progress)


def _verified(image_set: ImageSet, folder: Path, paths: dict[str, Path]) -> Files | None:
    """Read the four files; None where they are another set's, or spoilt ones of the cache."""
    in_cache = folder == cache_folder(image_set)
    try:
        files = {role: idx.read(paths[role]) for role in FILES}
    except DataError:
        if in_cache:
            return None
        raise
    wrong = [role for role in FILES if files[role].digest != image_set.digests[role]]
    if not wrong:
        return files
    role = wrong[0]
    if in_cache or recognise(files[role], role) is not None:
        return None
    raise DataError(
        f"{paths[role]} is not the {role.replace('-', ' ')} of {image_set.title}: its SHA-256 is "
        f"{files[role].digest}, not {image_set.digests[role]}. It is corrupt or altered and is "
        "not used; remove it or put the original in its place."
    )


def recognise(file: idx.IdxFile, role: str) -> str | None:
    """Return the name of the image set that has this very file in this role."""
    names = (name for name, known in IMAGE_SETS.items() if known.digests.get(role) == file.digest)
    return next(names, None)


def _download(image_set: ImageSet, *, progress: bool) -> tuple[Path, ...]:
    try:
        return download(image_set, progress=progress)
    except UnavailableError as error:
        raise UnavailableError(_ways_out(image_set, str(error))) from None


def _ways_out(image_set: ImageSet, why: str) -> str:
    looked = ", ".join(str(folder) for folder in places(image_set))
    package = f"install Debian's package {image_set.package}, or " if image_set.package else ""
    return (
        f"{image_set.title} is not on this machine (looked in {looked}) and cannot be downloaded: "
        f"{why.rstrip('.')}. Three ways out: {package}set HPSOFT_DATA to a folder with its four "
        f"IDX files; run `hpsoft data fetch {image_set.name}` with internet access (HPSOFT_MIRROR names "
        "another mirror); or choose other data, such as --data digits, which needs no download."
    )


def as_source(files: Files, origin: str, image_set: ImageSet) -> Source:
    """Return the content of the four files as a source."""
    return Source(
        name=image_set.name,
        X=files["train-images"].array,
        labels=files["train-labels"].array,
        X_test=files["test-images"].array,
        labels_test=files["test-labels"].array,
        origin=origin,
        scale="raw",
        classes=image_set.classes,
    )
