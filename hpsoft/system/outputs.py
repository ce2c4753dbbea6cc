"""Files that people name to be written: checked before the work, so that no other file is lost."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from hpsoft.errors import HpsoftError
from hpsoft.system.files import write_whole


def check_output(
    path: Path,
    option: str,
    suffixes: Collection[str],
    inputs: Mapping[Path, str],
    is_foreign: Callable[[Path], bool] | None = None,
) -> None:
    """Check that a file may be written, and that nothing else is lost by it.

    `inputs` are files that are read or kept, and what they are; `is_foreign` tells whether a file
    that is there is clearly none that hpsoft wrote in its place. Devices and pipes may have any
    name.

    Raises:
        HpsoftError: it is a folder, or there is none for it; another suffix; an input; a file of
            somebody else.
    """
    folder = path.absolute().parent
    if path.is_dir():
        raise HpsoftError(f"Cannot write {path}: it is a folder. Name a file in it with {option}.")
    if not folder.is_dir():
        raise HpsoftError(f"Cannot write {path}: there is no folder {folder}.")
    for other, what in inputs.items():
        if _is_same(path, other):
            raise HpsoftError(f"{option} {path} is {what}. Name another file.")
    if path.exists() and not path.is_file():
        return
    if suffixes and path.suffix.lower() not in suffixes:
        raise HpsoftError(
            f"{option} {path} does not end in {' or '.join(suffixes)}, as what is written does. "
            f"Name the file {path.stem}{next(iter(suffixes))}."
        )
    if is_foreign is not None and path.exists() and path.stat().st_size and is_foreign(path):
        raise HpsoftError(
            f"{option} {path} is there already, and no file that hpsoft would write in its place. "
            "Name another file, or move it away."
        )


def write_output(path: Path, content: bytes) -> None:
    """Write a file whole.

    Raises:
        HpsoftError: it cannot be written.
    """
    try:
        write_whole(path, content)
    except OSError as error:
        raise HpsoftError(f"Cannot write {path}: {error.strerror}.") from error


def files_named(data: str | None) -> list[Path]:
    """Return the files and folders that `--data` names, those that are there."""
    names = [] if data is None else [data, *data.split(",")]
    paths = [Path(name.strip()).expanduser() for name in names]
    return [path for path in paths if path.exists()]


def begins_otherwise(*beginnings: bytes) -> Callable[[Path], bool]:
    """Return what tells whether a file begins with none of these."""

    def is_foreign(path: Path) -> bool:
        with path.open("rb") as file:
            return not file.read(max(map(len, beginnings))).startswith(beginnings)

    return is_foreign


def columns_otherwise(first: str) -> Callable[[Path], bool]:
    """Return what tells whether a file is no Parquet whose first column's name begins so."""

    def is_foreign(path: Path) -> bool:
        import pyarrow as pa
        from pyarrow import parquet

        try:
            return not "".join(parquet.read_schema(path).names[:1]).startswith(first)
        except pa.ArrowInvalid:
            return True

    return is_foreign


def _is_same(one: Path, other: Path) -> bool:
    """Tell whether two paths are one file, by links too."""
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()
