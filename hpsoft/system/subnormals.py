"""Numbers next to zero (subnormals) become zero while models are trained, where x86 stumbles.

A model that is sure of a sample gives other classes probabilities of 1e-38 and less. In float32
these are subnormal, and a processor by Intel takes a hundred times as long for a product with one:
a hundredth of them makes a product 14 times slower. To any weight that is not subnormal itself
they add nothing. The switch is in the control word of the SSE unit, and belongs to a thread;
C's floating-point environment is the way there. Processors by others need none.
"""

import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ctypes

SIZE, MXCSR = 32, 28  # bytes of fenv_t, and where in it the control word is: glibc and musl
FLUSH = 1 << 15 | 1 << 6  # of results to zero, and of operands


@contextmanager
def flushed_subnormals() -> Iterator[None]:
    """Let this thread take subnormal numbers for zero; elsewhere than on x86 Linux do nothing."""
    library = _library()
    if library is None:
        yield
        return
    before = _exchange(library, FLUSH)
    try:
        yield
    finally:
        _exchange(library, before)


@cache
def _library() -> "ctypes.CDLL | None":
    """Return the C library's floating-point environment, None where there is none to be used."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return None
    import ctypes

    for name in (None, "libm.so.6"):
        try:
            library = ctypes.CDLL(name)
            library.fegetenv, library.fesetenv  # noqa: B018 -- whether they are there
        except (OSError, AttributeError):
            continue
        return library
    return None


def _exchange(library: "ctypes.CDLL", bits: int) -> int:
    """Set the bits of `FLUSH` as in `bits`, and return them as they were."""
    import ctypes

    kept = ctypes.create_string_buffer(SIZE)
    library.fegetenv(kept)
    word = int.from_bytes(kept.raw[MXCSR:], "little")
    changed = kept.raw[:MXCSR] + (word & ~FLUSH | bits).to_bytes(4, "little")
    library.fesetenv(ctypes.create_string_buffer(changed, SIZE))
    return word & FLUSH
