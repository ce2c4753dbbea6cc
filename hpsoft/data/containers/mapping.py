"""Bytes of a file as an array: mapped, not read, wherever they lie as NumPy wants them."""

from pathlib import Path
from typing import Literal

import numpy as np

from hpsoft.data.containers.container import DType
from hpsoft.softmax.probabilities import Array


def mapped(
    path: Path, dtype: DType, offset: int, shape: tuple[int, ...], order: Literal["C", "F"] = "C"
) -> Array:
    """Return the array at an offset, read-only; a copy where its numbers are not aligned.

    Raises OSError and ValueError as `numpy.memmap` does.
    """
    if 0 in shape:
        return np.empty(shape, dtype)  # nothing to map
    found = np.memmap(path, dtype, "r", offset, shape, order=order)
    return found if found.flags.aligned else np.array(found)
