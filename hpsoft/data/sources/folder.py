"""Reading a folder: IDX files in the manner of MNIST, or .npy files named as in an .npz."""

from collections.abc import Mapping
from pathlib import Path

from hpsoft.data.errors import reading
from hpsoft.data.side.roles import ROLES
from hpsoft.data.sources import idx
from hpsoft.data.sources.arrays import NO_SIDE, map_npy, pick
from hpsoft.data.sources.images import as_source, recognise
from hpsoft.data.sources.imagesets import FILES, IMAGE_SETS
from hpsoft.data.types import Source
from hpsoft.errors import DataError


def read_folder(folder: Path, side: Mapping[str, str] = NO_SIDE) -> Source:
    """Read the arrays of a folder.

    Raises:
        DataError: it holds neither IDX files nor .npy files of known names, or bad ones.
    """
    with reading(folder):
        found = idx.find(folder)
        arrays = {path.stem: path for path in sorted(folder.glob("*.npy"))}
    if found:
        if side:
            raise no_side(side, folder)
        return _read_idx(folder, found)
    if arrays:
        name = folder.resolve().name
        return pick(name, str(folder), arrays, lambda stem: map_npy(arrays[stem]), side)
    with reading(folder):
        below = [sub for sub in sorted(folder.glob("*/")) if idx.find(sub)]
    raise DataError(
        f"{folder} holds no data that hpsoft can read. "
        + (f"Its folder {below[0].name} does: name that, {below[0]}. " if below else "")
        + "Wanted are IDX files "
        "(train-images-idx3-ubyte, train-labels-idx1-ubyte, and t10k-... for a test part; .gz or "
        "not), or X.npy and y.npy."
    )


def no_side(side: Mapping[str, str], where: Path | str) -> DataError:
    """Return the error for data that have no columns beside features and labels."""
    (role, name), *_ = side.items()
    return DataError(
        f"{ROLES[role].option} {name} makes no sense for {str(where)!r}: it has no columns or "
        "arrays beside features and labels. Store such data as a table or an .npz with one."
    )


def _read_idx(folder: Path, found: dict[str, Path]) -> Source:
    parts = {role.split("-")[0] for role in found} | {"train"}
    wanted = [f"{part}-{kind}" for part in sorted(parts) for kind in ("images", "labels")]
    missing = [role for role in wanted if role not in found]
    if missing:
        raise DataError(
            f"{folder} has IDX files, but no {' and no '.join(missing)}. Every part needs its "
            "images and its labels."
        )
    files = {role: idx.read(found[role]) for role in wanted}
    known = {recognise(file, role) for role, file in files.items()}
    name = known.pop()
    if name is not None and not known and files.keys() == FILES.keys():
        return as_source(files, str(folder), IMAGE_SETS[name])  # named and scaled as it should be
    test_images, test_labels = files.get("test-images"), files.get("test-labels")
    return Source(
        name=folder.resolve().name,
        X=files["train-images"].array,
        labels=files["train-labels"].array,
        X_test=test_images.array if test_images else None,
        labels_test=test_labels.array if test_labels else None,
        origin=str(folder),
    )
