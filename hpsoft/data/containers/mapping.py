"""Bytes of a file as an array: mapped, not read."""

from pathlib import Path
from typing import Literal

import numpy as np

from hpsoft.data.containers.container import DType
from hpsoft.softmax.probabilities import Array


def mapped(
    path: Path, dtype: DType, offset: int, shape: tuple[int, ...], order: Literal["C", "F"] = "C"
) -> Array:
    """Return the array at an offset, read-only. Its numbers may lie at any byte.

    Raises OSError and ValueError as `numpy.memmap` does.
    """
    if 0 in shape:
        return np.empty(shape, dtype)  # nothing to map
    return np.memmap(path, dtype, "r", offset, shape, order=order)
