"""The IDX format of the MNIST family: one array a file, big-endian, compressed by gzip or not.

    2 zero bytes | type, 1 byte | number of axes, 1 byte | their lengths, 4 bytes each | the values

Whether a file is compressed is told by its first bytes, never by its name.
"""

import gzip
import hashlib
import math
import re
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hpsoft.data.errors import check_stand_in, corrupt, reading
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
NAME = re.compile(
    r"(?:(?P<set>.+)[-_.])?(?P<part>train|val|valid|validation|dev|t10k|test)[-_]"
    r"(?P<kind>images|labels)([-.]idx\d?(-ubyte)?)?(\.gz)?",
    re.IGNORECASE,
)
_PARTS = {"train": "train", "t10k": "test", "test": "test"}  # any other: val
CHUNK = 1 << 20


@dataclass(frozen=True)
class IdxFile:
    """Content of an IDX file."""

    array: Array
    digest: str  # SHA-256 of the uncompressed file


def find(folder: Path) -> dict[str, Path]:
    """Return the IDX files of a folder by role: train-images, train-labels, test-images, ...

    Of a file that is there with and without compression, the uncompressed one is taken. The names
    of a set may stand before, as in `emnist-letters-train-images-idx3-ubyte`.

    Raises:
        DataError: there are several such sets.
    """
    sets = _sets(folder)
    if "" in sets or len(sets) < 2:
        return sets.get("") or next(iter(sets.values()), {})
    example = next(iter(sets[min(sets)].values())).name
    raise DataError(
        f"{folder} has the IDX files of {len(sets)} data sets: {', '.join(sorted(sets))}. Name one "
        f"by a file of it, such as {folder / example}."
    )


def find_beside(path: Path) -> dict[str, Path]:
    """Return the IDX files of the set that a file belongs to, by role."""
    match = NAME.fullmatch(path.name)
    return _sets(path.parent).get((match["set"] or "").lower(), {}) if match else {}


def _sets(folder: Path) -> dict[str, dict[str, Path]]:
    sets: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.iterdir(), reverse=True):
        if match := NAME.fullmatch(path.name):
            part = _PARTS.get(match["part"].lower(), "val")
            found = sets.setdefault((match["set"] or "").lower(), {})
            found[f"{part}-{match['kind'].lower()}"] = path
    return sets


def read(path: Path) -> IdxFile:
    """Read an IDX file.

    Raises:
        DataError: missing, truncated, corrupt, or no IDX file at all.
    """
    content = uncompressed(path)
    shape, dtype, offset = _header(content, path)
    wanted = offset + math.prod(shape) * dtype.itemsize
    if len(content) < wanted:
        raise DataError(
            f"{path} is truncated: its header promises {wanted} bytes (shape {shape}), it has "
            f"{len(content)}. Copy or download it again."
        )
    if len(content) > wanted:
        raise corrupt(path, f"{len(content) - wanted} bytes follow the end of its array")
    array = np.frombuffer(content, dtype, offset=offset).reshape(shape)
    return IdxFile(
        array.astype(dtype.newbyteorder("="), copy=False), hashlib.sha256(content).hexdigest()
    )


def uncompressed(path: Path) -> bytearray:
    """Return the bytes of a file, those of its content if it is compressed by gzip.

    Raises:
        DataError: missing, truncated or corrupt.
    """
    content = bytearray()
    with reading(path):
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                content += chunk
    return content


def _header(content: bytearray, path: Path) -> tuple[tuple[int, ...], "np.dtype[np.generic]", int]:
    """Return shape, dtype and the offset of the values."""
    magic = bytes(content[:4])
    check_stand_in(path)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in TYPES or not magic[3]:
        raise DataError(
            f"{path} is no IDX file: it begins with {magic.hex(' ') or 'nothing'}, where two zero "
            "bytes, a type and a number of axes belong. Check that it is the file that you meant."
        )
    offset = 4 + 4 * magic[3]
    if len(content) < offset:
        raise DataError(f"{path} is truncated: it ends inside its header. Copy it again.")
    return struct.unpack_from(f">{magic[3]}I", content, 4), np.dtype(TYPES[magic[2]]), offset
