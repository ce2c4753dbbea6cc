"""NumPy's own files, .npy and .npz, memory-mapped wherever the bytes lie uncompressed.

`numpy.load` maps no member of an .npz. `numpy.savez` stores members as they are, though, so their
arrays can be mapped at the member's offset; only those of `numpy.savez_compressed` are read into
memory. Pickles and object arrays are never loaded.
"""

import math
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy

from hpsoft.data.containers.container import BROKEN, Container, Stored
from hpsoft.data.containers.mapping import mapped
from hpsoft.data.errors import corrupt, reading
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array
from hpsoft.system.files import UNREADABLE

DAMAGED = (*UNREADABLE, zlib.error, zipfile.BadZipFile, EOFError, OSError)
LOCAL_HEADER = struct.Struct("<4s22xHH")  # of a zip member: signature, lengths of name and extra


def open_npz(path: Path) -> Container:
    """Return the arrays of an .npz file.

    Raises:
        DataError: no .npz file, or a corrupt one.
    """
    with reading(path), zipfile.ZipFile(path) as archive:
        members = [info for info in archive.infolist() if info.filename.endswith(".npy")]
        arrays = {
            info.filename.removesuffix(".npy"): _stored(path, archive, info) for info in members
        }
    return Container(path.stem, str(path), arrays)


def _stored(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Stored:
    def read() -> Array:
        with reading(path), zipfile.ZipFile(path) as again:
            return _member(path, again, info)

    try:
        with archive.open(info) as stream:
            shape, _, dtype = _header(stream)
    except DAMAGED:
        return Stored((), BROKEN, read)
    return Stored(shape, dtype, read)


def open_npy(paths: Iterable[Path], name: str, origin: str) -> Container:
    """Return .npy files as a container; an array is called as its file.

    Raises:
        DataError: a file is missing, or no .npy file.
    """
    return Container(name, origin, {path.stem: _stored_alone(path) for path in paths})


def _stored_alone(path: Path) -> Stored:
    try:
        with path.open("rb") as file:
            shape, _, dtype = _header(file)
    except DAMAGED:  # said when it is read, if it is
        shape, dtype = (), BROKEN
    return Stored(shape, dtype, lambda: map_npy(path))


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
    return mapped(path, dtype, offset, shape, order="F" if fortran else "C")
