"""The fingerprint of a data set: SHA-256 of what it holds, however it was stored.

Covered are shape, dtype and bytes of X, the labels and the names of the classes, of the training
the validation part, if there is one, and the test part, and the columns beside them that decide
what is trained on (groups, say). Not covered: the name, the file format, the scale.
"""

import hashlib
from collections.abc import Iterable

import numpy as np

from hpsoft.data.tables.matrix import row_slices
from hpsoft.data.types import Samples


def fingerprint(parts: Iterable[Samples], classes: tuple[str, ...]) -> str:
    """Return the SHA-256, in hexadecimal, of all parts and the names of the classes."""
    digest = hashlib.sha256(b"hpsoft data 1\0")
    for name in classes:
        encoded = name.encode()
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
    for part in parts:
        dtype = part.X.dtype.newbyteorder("<")
        digest.update(f"{dtype.str} {part.X.shape}\0".encode())
        for rows in row_slices(part.X):
            digest.update(np.ascontiguousarray(part.X[rows], dtype=dtype).data)
        digest.update(np.ascontiguousarray(part.labels, dtype="<i8").data)
        for role, values in sorted(part.side.items()):
            dtype = values.dtype.newbyteorder("<")
            digest.update(f"{role} {dtype.str}\0".encode())
            digest.update(np.ascontiguousarray(values, dtype=dtype).data)
    return digest.hexdigest()
