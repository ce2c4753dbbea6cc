"""Reading a folder: IDX files in the manner of MNIST, arrays, or tables; of any, in parts."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from hpsoft.data.containers.choose import choose
from hpsoft.data.containers.formats import open_folder
from hpsoft.data.errors import reading
from hpsoft.data.side.roles import ROLES
from hpsoft.data.sources import idx, tableparts
from hpsoft.data.sources.images import as_source, recognise
from hpsoft.data.sources.imagesets import FILES, IMAGE_SETS
from hpsoft.data.tables import csvfile
from hpsoft.data.tables.arrow import columnar
from hpsoft.data.tables.arrow.parquet import read_columnar
from hpsoft.data.tables.columns import NO_WISH, Wish
from hpsoft.data.types import Source
from hpsoft.errors import DataError


def read_folder(folder: Path, wish: Wish = NO_WISH, encoding: str | None = None) -> Source:
    """Read the data of a folder.

    Raises:
        DataError: it holds none, several that are no parts of one, or bad files.
    """
    with reading(folder):
        found = idx.find(folder)
        has_arrays = any(folder.glob("*.npy"))
    if found:
        if wish.side:
            raise no_side(wish.side, folder)
        _refuse(folder, wish, "target", "features", "keep", "drop")
        return read_idx(folder, found)
    if not has_arrays and (shards := tableparts.find_shards(folder, has_columns)):
        return tableparts.read_parts(shards, folder, _read_columns, _names, wish)
    if (arrays := open_folder(folder)) is not None:
        _refuse(folder, wish, "keep", "drop")
        return choose(arrays, wish)
    if shards := tableparts.find_shards(folder, is_text_table, depth=2):
        return _read_texts(shards, folder, wish, encoding)
    raise nothing_in(folder)


def _refuse(folder: Path, wish: Wish, *options: str) -> None:
    for option in options:
        if given := getattr(wish, option):
            name = given if isinstance(given, str) else given[0]
            raise DataError(
                f"--{option} {name} makes no sense for {str(folder)!r}, which holds no table. Leave "
                "it out."
            )


def has_columns(path: Path) -> bool:
    """Tell whether a file is a table of Arrow's by its name."""
    return path.suffix.lower() in columnar.SUFFIXES


def is_text_table(path: Path) -> bool:
    """Tell whether a file is a table by its name; a .txt in a folder is a text to read first."""
    names = {suffix.lower() for suffix in path.suffixes}
    return csvfile.is_table(path) and bool(names & {".csv", ".tsv"})


def _read_columns(paths: Sequence[Path], wish: Wish) -> Source:
    where = paths[0].parent
    table = (
        columnar.open_columnar(paths[0]) if len(paths) == 1 else columnar.open_shards(paths, where)
    )
    return read_columnar(table, wish, where.name)


def _names(path: Path) -> Sequence[str]:
    return columnar.open_columnar(path).names


def _read_texts(
    shards: tableparts.Shards, folder: Path, wish: Wish, encoding: str | None
) -> Source:
    for files in shards.files.values():
        if len(files) > 1:
            listed = ", ".join(path.name for path in files[:12])
            raise DataError(
                f"{folder} holds several tables: {listed}. Name the one that is meant, or call them "
                "as the parts of one data set: train, val and test."
            )

    def read(paths: Sequence[Path], wish: Wish) -> Source:
        return csvfile.read_csv(paths[0], wish, encoding)

    def names(path: Path) -> Sequence[str]:
        return csvfile.column_names(path, wish, encoding)

    return tableparts.read_parts(shards, folder, read, names, wish)


def nothing_in(folder: Path) -> DataError:
    """Return the error for a folder without data."""
    with reading(folder):
        below = [sub for sub in sorted(folder.glob("*/")) if idx.find(sub)]
    return DataError(
        f"{folder} holds no data that hpsoft can read. "
        + (f"Its folder {below[0].name} does: name that, {below[0]}. " if below else "")
        + "Wanted are IDX files "
        "(train-images-idx3-ubyte, train-labels-idx1-ubyte, and t10k-... for a test part; .gz or "
        "not), arrays (X.npy and y.npy, or train.npz and test.npz), or tables (train.parquet and "
        "test.parquet, their shards, or train.csv and test.csv)."
    )


def no_side(side: Mapping[str, str], where: Path | str) -> DataError:
    """Return the error for data that have no columns beside features and labels."""
    (role, name), *_ = side.items()
    return DataError(
        f"{ROLES[role].option} {name} makes no sense for {str(where)!r}: it has no columns or "
        "arrays beside features and labels. Store such data as a table or an .npz with one."
    )


def read_idx(folder: Path, found: dict[str, Path]) -> Source:
    """Read IDX files, found by role.

    Raises:
        DataError: half a part, or a bad file.
    """
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
    arrays = {role: file.array for role, file in files.items()}
    return Source(
        name=folder.resolve().name,
        X=arrays["train-images"],
        labels=arrays["train-labels"],
        X_test=arrays.get("test-images"),
        labels_test=arrays.get("test-labels"),
        origin=str(folder),
        X_val=arrays.get("val-images"),
        labels_val=arrays.get("val-labels"),
    )
