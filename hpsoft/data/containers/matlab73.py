"""Variables of a .mat file of version 7.3: HDF5, with axes in MATLAB's order, thus reversed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.data.containers.container import Stored, in_memory
from hpsoft.data.containers.dense import as_dense
from hpsoft.data.containers.extras import library
from hpsoft.data.containers.hdf5 import opened
from hpsoft.softmax.probabilities import Array


def open_73(path: Path) -> dict[str, Stored]:
    """Return the variables of the file.

    Raises:
        DataError: h5py is not installed, or the file is damaged.
    """
    h5py = library("h5py", "hdf5", path)
    with opened(h5py, path) as file:
        names = [name for name in file if not name.startswith("#")]
        return {
            found: stored
            for name in names
            for found, stored in _variables(h5py, path, name, file[name])
        }


def _class(item: Any) -> str:
    name = item.attrs.get("MATLAB_class", b"")
    return name.decode() if isinstance(name, bytes) else str(name)


def _variables(h5py: Any, path: Path, name: str, item: Any) -> Iterator[tuple[str, Stored]]:
    if isinstance(item, h5py.Group):
        if "MATLAB_sparse" in item.attrs:
            matrix = _sparse(item)
            title = f"{name.replace('/', '.')} of {path}"
            yield (
                name.replace("/", "."),
                Stored(matrix.shape, matrix.dtype, as_dense(matrix, title)),
            )
        else:
            for key in item:
                yield from _variables(h5py, path, f"{name}/{key}", item[key])
    elif (stored := _stored(h5py, path, name, item)) is not None:
        yield name.replace("/", "."), stored


def _stored(h5py: Any, path: Path, name: str, item: Any) -> Stored | None:
    kind = _class(item)
    if "MATLAB_empty" in item.attrs or not item.shape:
        return None
    if kind == "cell" or h5py.check_ref_dtype(item.dtype) is not None:
        cells = _cells(item)
        return None if cells is None else in_memory(cells)
    if kind == "char":
        return in_memory(_text(item))
    shape = item.shape[::-1]

    def read() -> Array:
        with opened(h5py, path) as file:
            array = np.asarray(file[name][()]).T
            return array.astype(bool) if kind == "logical" else array

    return Stored(shape, np.dtype(bool) if kind == "logical" else item.dtype, read)


def _text(item: Any) -> Array:
    """Return the rows of a matrix of characters (UTF-16) as texts."""
    rows = np.asarray(item[()], np.uint16).T.reshape(item.shape[-1], -1)
    return np.array([row.astype("<u2").tobytes().decode("utf-16-le").rstrip() for row in rows])


def _cells(item: Any) -> Array | None:
    """Return cells of one text or number each; None: there are others."""
    found: list[Any] = []
    for reference in np.asarray(item[()]).T.ravel():
        cell = item.file[reference]
        if "MATLAB_empty" in cell.attrs:
            found.append("")
        elif _class(cell) == "char":
            found.append("".join(_text(cell)))
        elif getattr(cell, "size", 0) == 1:
            found.append(np.asarray(cell[()]).item())
        else:
            return None
    if not found or len({isinstance(value, str) for value in found}) > 1:
        return None
    return np.array(found)


def _sparse(group: Any) -> Any:
    from scipy.sparse import csc_matrix

    n_rows, starts = int(group.attrs["MATLAB_sparse"]), group["jc"][()]
    values = group["data"][()] if "data" in group else np.empty(0)
    rows = group["ir"][()] if "ir" in group else np.empty(0, int)
    return csc_matrix((values, rows, starts), shape=(n_rows, len(starts) - 1))
