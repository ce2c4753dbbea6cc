"""Arrays that lie together, so that the operating system can give them large pages.

From 4 MiB on NumPy asks Linux for pages of 2 MiB. A matrix product walks through weights, rows
and logits at once; in pages of 4 KiB their addresses do not fit the processor's table of pages,
which costs 4 % of the time (tests/benchmarks/README.md).
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

ASKED_FROM = 4 << 20  # bytes
LARGE_PAGE = 2 << 20
LINE = 64  # bytes of the cache: no two arrays share one
WORTH_IT = 1 << 20  # bytes below which 4 KiB pages do as well


def zeros_together(
    shapes: Sequence[tuple[int, ...]], dtype: np.dtype[Any], *, large_pages: bool
) -> list[NDArray[Any]]:
    """Return a C-contiguous array of zeros for each shape, all in one piece of memory."""
    sizes = [-(-math.prod(shape) * dtype.itemsize // LINE) * LINE for shape in shapes]
    total, boundary = sum(sizes), LINE
    if large_pages and total >= WORTH_IT:
        total, boundary = max(total, ASKED_FROM), LARGE_PAGE
    memory = np.empty(total + boundary, np.uint8)
    first = -memory.ctypes.data % boundary
    arrays = []
    for shape, size in zip(shapes, sizes, strict=True):
        part = memory[first : first + math.prod(shape) * dtype.itemsize]
        arrays.append(part.view(dtype).reshape(shape))
        arrays[-1].fill(0)
        first += size
    return arrays
