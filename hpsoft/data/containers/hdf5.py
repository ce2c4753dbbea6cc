"""Reading .h5 and .hdf5: data sets by their paths, such as `train/X`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.data.containers.container import Container, Stored
from hpsoft.data.containers.extras import library
from hpsoft.data.containers.mapping import mapped
from hpsoft.data.errors import check_stand_in, corrupt, reading
from hpsoft.errors import HpsoftError, out_of_memory
from hpsoft.softmax.probabilities import Array


def open_hdf5(path: Path) -> Container:
    """Return the data sets of an HDF5 file that have a row a sample.

    Raises:
        DataError: h5py is not installed; the file is missing, damaged, or none of HDF5.
    """
    with reading(path), path.open("rb"):
        check_stand_in(path)
    h5py = library("h5py", "hdf5", path)
    arrays: dict[str, Stored] = {}

    def visit(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset) and item.shape:
            arrays[name] = _stored(h5py, path, name, item)

    with opened(h5py, path) as file:
        file.visititems(visit)
    return Container(path.stem, str(path), arrays)


@contextmanager
def opened(h5py: Any, path: Path) -> Iterator[Any]:
    """Open an HDF5 file and read from it; of damaged bytes h5py raises any kind of error.

    Raises:
        DataError: the file is damaged.
    """
    with reading(path):
        try:
            with h5py.File(path, "r") as file:
                yield file
        except (HpsoftError, OSError):
            raise
        except Exception as error:
            if out_of_memory(error):
                raise
            raise corrupt(path, str(error)) from None


def _stored(h5py: Any, path: Path, name: str, dataset: Any) -> Stored:
    is_text = h5py.check_string_dtype(dataset.dtype) is not None

    def read() -> Array:
        with opened(h5py, path) as file:
            found = file[name]
            if is_text:
                return np.array(found.asstr(errors="replace")[()], dtype=str)
            offset = found.id.get_offset()  # None: in chunks, compressed, or not written
            plain = (
                found.external is None and found.dtype.kind in "iuf" and not file.userblock_size
            )
            if offset is not None and plain:
                return mapped(path, found.dtype, offset, found.shape)
            return np.asarray(found[()])

    def rows(start: int, stop: int) -> Array:
        with opened(h5py, path) as file:
            return np.asarray(file[name][start:stop])

    dtype = np.dtype(object) if is_text else dataset.dtype
    return Stored(dataset.shape, dtype, read, None if is_text else rows)
