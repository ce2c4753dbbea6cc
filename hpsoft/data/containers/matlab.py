"""Reading .mat: versions 4 to 7 through SciPy, 7.3, which is HDF5, through h5py.

Structures become paths, `data.X`, and cells of text arrays of text. MATLAB has no one-axis
arrays, and often puts the samples last: labels may be (1, n), features (h, w, c, n).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.data.containers.container import Container, Stored, in_memory
from hpsoft.data.containers.dense import as_dense
from hpsoft.data.containers.matlab73 import open_73
from hpsoft.data.errors import corrupt, reading
from hpsoft.errors import out_of_memory

HDF5 = b"\x89HDF\r\n\x1a\n"  # behind 512 bytes of MATLAB's own, or at once


def open_mat(path: Path) -> Container:
    """Return the variables of a .mat file.

    Raises:
        DataError: missing, damaged, no .mat file, or one of version 7.3 without h5py.
    """
    with reading(path), path.open("rb") as file:
        start = file.read(520)
    if HDF5 in {start[:8], start[512:520]}:
        arrays = open_73(path)
    else:
        arrays = {
            found: stored
            for name, value in _load(path).items()
            if not name.startswith("__")
            for found, stored in _arrays(name, value, str(path))
        }
    return Container(path.stem, str(path), arrays, samples_last=True)


def _load(path: Path) -> dict[str, Any]:
    from scipy.io import loadmat
    from scipy.io.matlab import MatReadError

    with reading(path):
        try:
            return loadmat(path, struct_as_record=False, appendmat=False)
        except (OSError, MemoryError):
            raise
        except (MatReadError, Exception) as error:  # of damaged bytes: any kind of error
            if out_of_memory(error):
                raise
            raise corrupt(path, str(error) or type(error).__name__) from None


def _arrays(name: str, value: Any, where: str) -> Iterator[tuple[str, Stored]]:
    from scipy import sparse
    from scipy.io.matlab import mat_struct

    if sparse.issparse(value):
        matrix: Any = value
        yield name, Stored(matrix.shape, matrix.dtype, as_dense(matrix, f"{name} of {where}"))
        return
    value = np.asarray(value)
    if value.dtype != object:
        stored = np.char.rstrip(value) if value.dtype.kind == "U" else value
        yield name, in_memory(stored)
        return
    items = value.ravel().tolist()
    if len(items) == 1 and isinstance(items[0], mat_struct):
        for field in vars(items[0])["_fieldnames"]:  # SciPy documents no other way
            yield from _arrays(f"{name}.{field}", getattr(items[0], field), where)
    elif (cells := of_cells(items)) is not None:
        yield name, in_memory(cells)


def of_cells(items: list[Any]) -> np.ndarray[Any, Any] | None:
    """Return cells of one text or number each as an array (n,); None: there are others."""
    arrays = [np.asarray(item) for item in items]
    kinds = {array.dtype.kind for array in arrays}
    if kinds == {"U"} and all(array.size <= 1 for array in arrays):
        return np.array([str(array.item()) if array.size else "" for array in arrays])
    if kinds and kinds <= set("biuf") and all(array.size == 1 for array in arrays):
        return np.array([array.item() for array in arrays])
    return None
