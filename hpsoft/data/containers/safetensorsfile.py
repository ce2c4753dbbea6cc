"""Reading .safetensors: named tensors, memory-mapped.

    8 bytes: length of the header | the header, JSON: name -> dtype, shape, offsets | the tensors

The library checks the header; its own reader would copy every tensor.
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.data.containers.container import BROKEN, Container, Stored
from hpsoft.data.containers.mapping import mapped
from hpsoft.data.errors import corrupt, reading
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

TYPES = {
    **{f"F{8 * size}": f"<f{size}" for size in (2, 4, 8)},
    **{f"I{8 * size}": f"<i{size}" for size in (1, 2, 4, 8)},
    **{f"U{8 * size}": f"<u{size}" for size in (1, 2, 4, 8)},
    "BOOL": "?",
}
BRAIN = "BF16"  # the upper half of a float32


def open_safetensors(path: Path) -> Container:
    """Return the tensors of a .safetensors file; those of bfloat16 are read as float32.

    Raises:
        DataError: missing, truncated, or no such file.
    """
    from safetensors import SafetensorError, safe_open

    with reading(path), path.open("rb") as file:
        try:
            with safe_open(path, framework="numpy"):
                pass
        except SafetensorError as error:
            raise corrupt(path, str(error)) from None
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    header.pop("__metadata__", None)
    arrays = {name: _stored(path, name, of, 8 + length) for name, of in header.items()}
    return Container(path.stem, str(path), arrays)


def _stored(path: Path, name: str, of: dict[str, Any], start: int) -> Stored:
    shape, kind, offset = tuple(of["shape"]), of["dtype"], start + of["data_offsets"][0]
    if kind == BRAIN:
        row = 2 * math.prod(shape[1:])
        return Stored(
            shape,
            np.dtype("<f4"),
            lambda: _brain(path, offset, shape),
            lambda a, b: _brain(path, offset + a * row, (b - a, *shape[1:])),
        )
    if kind not in TYPES:
        return Stored(shape, BROKEN, lambda: _refuse(path, name, kind))
    dtype = np.dtype(TYPES[kind])

    def read() -> Array:
        with reading(path):
            return mapped(path, dtype, offset, shape)

    return Stored(shape, dtype, read)


def _brain(path: Path, offset: int, shape: tuple[int, ...]) -> Array:
    """Return bfloat16 as float32, which holds it exactly."""
    with reading(path):
        upper = mapped(path, np.dtype("<u2"), offset, shape)
    return (upper.astype(np.uint32) << 16).view(np.float32)


def _refuse(path: Path, name: str, kind: str) -> Array:
    raise DataError(
        f"Tensor {name!r} of {path} is of type {kind}, which NumPy has not. Save it as float16 or "
        "float32: tensor.float()."
    )
