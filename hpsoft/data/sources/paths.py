"""A path -> the reader of what lies there, told by its name, or by its first bytes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hpsoft.data.containers.arraynames import prefixed_role
from hpsoft.data.containers.choose import choose
from hpsoft.data.containers.container import Container
from hpsoft.data.containers.formats import OPENERS, open_beside, open_container
from hpsoft.data.containers.numpyfiles import open_npy
from hpsoft.data.errors import check_stand_in
from hpsoft.data.side.roles import ROLES
from hpsoft.data.sources import idx, svmlight
from hpsoft.data.sources.folder import read_folder, read_idx
from hpsoft.data.tables import csvfile
from hpsoft.data.tables.arrow import arff, columnar
from hpsoft.data.tables.arrow.parquet import read_columnar
from hpsoft.data.tables.columns import Wish
from hpsoft.data.types import Source
from hpsoft.errors import DataError, unknown

SUFFIXES = (
    ".npz", ".npy", *columnar.SUFFIXES, *csvfile.SUFFIXES, arff.SUFFIX, *svmlight.SUFFIXES,
    *(suffix for suffix in OPENERS if suffix != ".npz"),
)  # fmt: skip

# Options that are about columns and text: other files have none.
OF_TABLES = ("keep", "drop", "target", "features", "encoding", "delimiter", "side")

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def check_place(spec: str, path: Path) -> None:
    """Check that what the user names is on this machine and stays there.

    Raises:
        DataError: it is an address, or neither a file nor a folder.
    """
    if _ADDRESS.match(spec):
        raise DataError(
            f"{spec!r} is an address, and addresses are not read. Download what it names, and "
            "name the file."
        )
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise DataError(
            f"{spec!r} is no regular file but a pipe or device, which cannot be read twice. Write "
            "what comes from it to a file, and name that."
        )


def read_path(spec: str, wish: Wish, encoding: str | None, names: Sequence[str]) -> Source:
    """Read a file, a pair of .npy files, or a folder. `names` are those of known data sets.

    Raises:
        DataError: there is no such thing, it cannot be read, or an option makes no sense for it.
    """
    if not spec.strip():
        raise DataError(
            "--data is empty. Leave it out for Fashion-MNIST, or name a data set or a file; `.` "
            "is this folder."
        )
    path = Path(spec).expanduser()
    suffix = path.suffix.lower()
    check_place(spec, path)
    if ("," in spec and not path.exists()) or ".npy," in spec.lower():
        _refuse(
            spec, wish, encoding, "keep", "drop", "target", "features", "encoding", "delimiter"
        )
        return _read_pair(spec, wish)
    if path.is_dir() and suffix != ".csv":  # that name is a mistake
        return read_folder(path, wish, encoding)
    if suffix in {*OPENERS, ".npy"}:
        _refuse(spec, wish, encoding, "keep", "drop", "encoding", "delimiter")
        return choose(open_container(path), _of_npy(path, wish) if suffix == ".npy" else wish)
    if suffix in columnar.SUFFIXES:
        _refuse(spec, wish, encoding, "encoding", "delimiter")
        source = read_columnar(columnar.open_columnar(path), wish, path.stem)
        return replace(source, notes=(*source.notes, *one_of_many(path)))
    if is_arff(path):
        _refuse(spec, wish, encoding, "delimiter")
        return read_columnar(arff.open_arff(path, encoding), wish, path.name.partition(".")[0])
    return _read_by_content(spec, path, wish, encoding, names)


def _read_by_content(
    spec: str, path: Path, wish: Wish, encoding: str | None, names: Sequence[str]
) -> Source:
    if path.is_file() and idx.NAME.fullmatch(path.name):
        _refuse(spec, wish, encoding, *OF_TABLES)
        return read_idx(path.parent, idx.find_beside(path))
    is_svmlight = path.is_file() and wish.delimiter is None and svmlight.is_svmlight(path)
    if path.suffix.lower() in svmlight.SUFFIXES or is_svmlight:
        _refuse(spec, wish, encoding, *OF_TABLES)
        return svmlight.read_svmlight(path)
    if csvfile.is_table(path):
        return csvfile.read_csv(path, wish, encoding)
    raise no_such_data(spec, path, names)


def is_arff(path: Path) -> bool:
    """Tell whether a file is named as one of Weka's, compressed or not."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in csvfile.PACKED:
        suffixes.pop()
    return bool(suffixes) and suffixes[-1] == arff.SUFFIX


def one_of_many(path: Path) -> tuple[str, ...]:
    """Say that a file is one shard of several."""
    _, marked, n = path.stem.rpartition("-of-")
    if not marked or not n.isdecimal() or int(n) < 2:
        return ()
    return (f"{path.name} is one of {int(n)} files of a table; name the folder to read all.",)


def _of_npy(path: Path, wish: Wish) -> Wish:
    """Return the wish for a .npy file, which is the features unless its name says otherwise."""
    if wish.features or wish.target is not None or prefixed_role(path.stem) is not None:
        return wish
    return replace(wish, features=(path.stem,))


def _read_pair(spec: str, wish: Wish) -> Source:
    paths = [Path(name.strip()).expanduser() for name in spec.split(",")]
    if len(paths) != 2 or any(path.suffix.lower() != ".npy" for path in paths):
        raise DataError(f"{spec!r} is no pair of .npy files, such as X.npy,y.npy.")
    where = f"{paths[0]}, {paths[1]}"
    pair = {
        name: next(iter(open_npy([path], "", where).arrays.values()))
        for name, path in zip("Xy", paths, strict=True)
    }
    beside = open_beside(paths[0]).arrays if wish.side else {}
    side = {name: stored for name, stored in beside.items() if name in wish.side.values()}
    return choose(Container(paths[0].stem, where, side | pair), wish)


def _refuse(spec: str, wish: Wish, encoding: str | None, *options: str) -> None:
    """Refuse the options that make no sense for what `spec` names.

    Raises:
        DataError: one of them is given.
    """
    given = {**_given(wish), "encoding": [] if encoding is None else [f"--encoding {encoding}"]}
    if wrong := [text for option in options for text in given[option]]:
        raise no_sense(spec, wrong)


def _given(wish: Wish) -> Mapping[str, Sequence[str]]:
    """Return the options that are given, as they are written."""
    lists = {"features": wish.features, "keep": wish.keep, "drop": wish.drop}
    return {
        "target": [] if wish.target is None else [f"--target {wish.target}"],
        **{option: [f"--{option} {name}" for name in names] for option, names in lists.items()},
        "delimiter": [] if wish.delimiter is None else [f"--delimiter {wish.delimiter!r}"],
        "side": [f"{ROLES[role].option} {name}" for role, name in wish.side.items()],
    }


def no_columns(wish: Wish, spec: str, encoding: str | None = None) -> DataError | None:
    """Return the error for data that have neither columns nor arrays of a name; None: no wish."""
    given = [text for texts in _given(wish).values() for text in texts]
    given += [] if encoding is None else [f"--encoding {encoding}"]
    return no_sense(spec, given) if given else None


def no_sense(spec: str, given: Sequence[str]) -> DataError:
    """Return the error for options that such data cannot have."""
    verb = "makes" if len(given) == 1 else "make"
    return DataError(
        f"{' '.join(given)} {verb} no sense for {spec!r}: columns of tables have names (--target, "
        "--keep, --drop, --features), arrays of containers too (--target, --features), an OpenML "
        "data set takes --target alone, and text has an --encoding and, as a table, a --delimiter. Leave it out."
    )


def no_such_data(spec: str, path: Path, names: Sequence[str]) -> DataError:
    """Return the error for what is neither a file that is read nor a name; raise a better one."""
    if path.exists():
        check_stand_in(path)
        return DataError(
            f"{spec!r} is of no format that hpsoft reads: {', '.join(SUFFIXES)}, or a folder. "
            "Rename or convert it."
        )
    if path.suffix or len(path.parts) > 1:
        return DataError(
            f"There is no file or folder {spec!r}. Check the path; `hpsoft data list` shows the "
            "data sets that have a name."
        )
    return DataError(
        f"{unknown('data set', spec, names)} A path ({', '.join(SUFFIXES)} or a folder) will do "
        "as well."
    )
