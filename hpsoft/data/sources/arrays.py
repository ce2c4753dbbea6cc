"""NumPy's own files, .npy and .npz, memory-mapped wherever the bytes lie uncompressed.

`numpy.load` maps no member of an .npz. `numpy.savez` stores members as they are, though, so their
arrays can be mapped at the member's offset; only those of `numpy.savez_compressed` are read into
memory. Pickles and object arrays are never loaded.
"""

import math
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import IO

import numpy as np
from numpy.lib import format as npy

from hpsoft.data.errors import corrupt, reading
from hpsoft.data.side.names import side_arrays
from hpsoft.data.sources.arraynames import WHOLE, Role, parts_of, role_of
from hpsoft.data.types import Source
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array
from hpsoft.system.files import UNREADABLE

NO_SIDE: Mapping[str, str] = MappingProxyType({})
LOCAL_HEADER = struct.Struct("<4s22xHH")  # of a zip member: signature, lengths of name and extra


def read_npz(path: Path, side: Mapping[str, str] = NO_SIDE) -> Source:
    """Read X and y, or x_train, y_train, x_val, y_val, x_test and y_test, from an .npz file.

    Raises:
        DataError: no .npz file, a corrupt one, or one without these arrays.
    """
    with reading(path), zipfile.ZipFile(path) as archive:
        members = {
            info.filename.removesuffix(".npy"): info
            for info in archive.infolist()
            if info.filename.endswith(".npy")
        }
        return pick(
            path.stem, str(path), members, lambda n: _member(path, archive, members[n]), side
        )


def read_npy(path: Path, labels: Path | None = None, side: Mapping[str, str] = NO_SIDE) -> Source:
    """Read a pair of .npy files.

    Without `labels`, they are looked for beside X: y.npy beside X.npy; y_train.npy, x_test.npy and
    y_test.npy beside x_train.npy.

    Raises:
        DataError: a file is missing or bad, or it is not to be guessed where the labels are.
    """
    if labels is not None:
        where = f"{path}, {labels}"
        beside = {other.stem: other for other in path.parent.glob("*.npy")} if side else {}
        values, _ = side_arrays(side, beside, lambda stem: map_npy(beside[stem]), where)
        return Source(path.stem, map_npy(path), map_npy(labels), None, None, where, side=values)
    with reading(path), path.open("rb"):
        beside = {other.stem: other for other in sorted(path.parent.glob("*.npy"))}
    found = _that_belong(path.stem, beside)
    if not found:
        raise DataError(
            f"{path} has no labels beside it (y.npy beside X.npy, y_train.npy beside x_train.npy). "
            f"Name both files, separated by a comma: --data {path.name},labels.npy"
        )
    name = path.resolve().parent.name
    found = found | {stem: other for stem, other in beside.items() if stem in side.values()}
    return pick(name, str(path), found, lambda stem: map_npy(found[stem]), side)


def _that_belong(name: str, beside: Mapping[str, Path]) -> dict[str, Path]:
    """Return the arrays that belong to the X of that name; none where its labels are not there."""
    main = role_of(name)
    if main is None or main.kind != "X" or main.part in {"val", "test"}:
        return {}
    roles = {other: role for other in beside if (role := role_of(other)) is not None}
    rivals = {other for other, role in roles.items() if role == main and other != name}
    rivals |= {other for other, role in roles.items() if main.part and role.part == WHOLE}
    if Role(main.part, "labels", 0) not in roles.values():
        return {}
    return {other: beside[other] for other in roles if other not in rivals}


def pick(
    name: str,
    origin: str,
    names: Iterable[str],
    read: Callable[[str], Array],
    side: Mapping[str, str] = NO_SIDE,
) -> Source:
    """Return the arrays that make a data set, by name; case does not matter.

    `side` names an array beside them for each role that one is to have.

    Raises:
        DataError: neither X and y nor x_train and y_train are there, or a part is half there.
    """
    names = list(names)
    values, used = side_arrays(side, names, read, origin)
    parts = parts_of([other for other in names if other not in used], origin)
    X, labels = read(parts.train.X), read(parts.train.labels)
    X_val, labels_val = (read(parts.val.X), read(parts.val.labels)) if parts.val else (None, None)
    X_test, labels_test = (
        (read(parts.test.X), read(parts.test.labels)) if parts.test else (None, None)
    )
    return Source(
        name=name,
        X=X,
        labels=labels,
        X_test=X_test,
        labels_test=labels_test,
        origin=origin,
        X_val=X_val,
        labels_val=labels_val,
        notes=parts.notes,
        side=values,
    )


def map_npy(path: Path) -> Array:
    """Memory-map a .npy file, read-only.

    Raises:
        DataError: missing, truncated, pickled, or no .npy file.
    """
    with reading(path):
        return _map(path, 0, path.stat().st_size)


def _member(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Array:
    """Return an array of an archive, mapped if it is stored as it is."""
    where = f"{info.filename} in {path}"
    try:
        if info.compress_type == zipfile.ZIP_STORED and not info.flag_bits & 1:
            start = _content_offset(path, info)
            _check_crc(path, start, info)
            return _map(path, start, start + info.file_size, where)
        return _unpack(archive, info, where)
    except UNREADABLE as error:
        raise corrupt(where, str(error) or type(error).__name__) from None


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str) -> Array:
    with archive.open(info) as stream:
        shape, _, dtype = _header(stream)
        if dtype.hasobject:
            raise _pickled(where)
        # Checked here since NumPy allocates first and a corrupt header may ask for terabytes.
        if math.prod(shape) * dtype.itemsize + stream.tell() != info.file_size:
            raise zipfile.BadZipFile(f"{info.filename} is not as long as its header says")
        stream.seek(0)
        return npy.read_array(stream, allow_pickle=False)


def _content_offset(path: Path, info: zipfile.ZipInfo) -> int:
    with path.open("rb") as file:
        file.seek(info.header_offset)
        header = file.read(LOCAL_HEADER.size)
    signature, name, extra = LOCAL_HEADER.unpack(header)
    if signature != b"PK\3\4":
        raise zipfile.BadZipFile("a member is not where the directory says")
    return int(info.header_offset + LOCAL_HEADER.size + name + extra)


def _check_crc(path: Path, start: int, info: zipfile.ZipInfo) -> None:
    """Check the archive's own checksum, which a memory map would pass by."""
    crc, left = 0, info.file_size
    with path.open("rb") as file:
        file.seek(start)
        while left and (chunk := file.read(min(left, 1 << 20))):
            crc, left = zlib.crc32(chunk, crc), left - len(chunk)
    if crc != info.CRC:
        raise zipfile.BadZipFile(f"wrong checksum of {info.filename}")


def _header(stream: IO[bytes]) -> tuple[tuple[int, ...], bool, "np.dtype[np.generic]"]:
    version = npy.read_magic(stream)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, fortran, dtype = read(stream)
    if any(length < 0 for length in shape):
        raise ValueError(f"shape {shape}")
    return shape, fortran, dtype


def _pickled(where: str) -> DataError:
    return DataError(
        f"{where} holds Python objects, which are pickled; loading a pickle may run any code, so "
        "hpsoft never does. Save it as a numeric array, and labels as numbers or strings: "
        "labels.astype(str)."
    )


def _map(path: Path, start: int, end: int, where: str = "") -> Array:
    """Map the .npy content of `path` that lies between two offsets."""
    where = where or str(path)
    with path.open("rb") as file:
        file.seek(start)
        try:
            shape, fortran, dtype = _header(file)
        except UNREADABLE as error:
            raise corrupt(where, f"it is no .npy file ({error})") from None
        offset = file.tell()
    if dtype.hasobject:
        raise _pickled(where)
    size = math.prod(shape) * dtype.itemsize
    if offset + size > end:
        raise DataError(
            f"{where} is truncated: shape {shape} of {dtype} takes {size} bytes, {end - offset} "
            "are there. Copy or save it again."
        )
    if size == 0:
        return np.empty(shape, dtype)  # nothing to map
    return np.memmap(path, dtype, "r", offset, shape, order="F" if fortran else "C")
