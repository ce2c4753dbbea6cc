"""A limit on address space (`ulimit -v`), which BLAS does not survive: told before it is loaded.

OpenBLAS takes a buffer at its first product, and more for each of its threads. Where it gets none
it tries again for ever, or ends the process. So under a limit it is given one thread, which is
all that the engine uses, and its buffers are taken before anything else. Imports nothing heavy.
"""

import os
import sys
import threading

from hpsoft.errors import HpsoftError, out_of_memory

NEEDED = 512 * 2**20  # bytes; 360 MB are in use before any data, with one thread of BLAS
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")


def limit() -> int | None:
    """Return the bytes that this process may have, None where the machine decides."""
    if sys.platform == "win32":
        return None
    import resource

    found = [resource.getrlimit(which)[0] for which in (resource.RLIMIT_AS, resource.RLIMIT_DATA)]
    return min((bytes_ for bytes_ in found if bytes_ != resource.RLIM_INFINITY), default=None)


def check() -> None:
    """Make sure of room for the libraries, where there is a limit.

    Raises:
        HpsoftError: there is too little.
    """
    allowed = limit()
    if allowed is None:
        return
    if allowed < NEEDED:
        raise HpsoftError(
            f"hpsoft needs {_megabytes(NEEDED)} of address space before any data, and this shell "
            f"allows its programs {_megabytes(allowed)}. Raise the limit where it was set (with "
            "`ulimit -v` or `-d`, or by a batch system), then run the same command again."
        )
    threading.excepthook = _end_without_memory
    os.environ.update(dict.fromkeys(THREADS, "1"))
    take_buffers()


def take_buffers() -> None:
    """Let the BLAS of NumPy and that of SciPy take their buffers, where there is a limit."""
    if limit() is None:
        return
    import numpy as np
    from scipy.linalg.blas import dgemm

    ones = np.ones((256, 256))  # kernels for small matrices take none
    dgemm(1.0, ones, ones @ ones)


def too_little() -> str:
    """Say that memory ran out, and what to do."""
    allowed = limit()
    less = "There is not enough memory for this. Use less data, a smaller grid or --jobs 1"
    if allowed is None:
        return f"{less}."
    return f"{less}, or raise the limit of this shell, {_megabytes(allowed)} (`ulimit -v`)."


def _megabytes(n_bytes: int) -> str:
    return f"{n_bytes / 2**20:,.0f} MB"


def _end_without_memory(failed: threading.ExceptHookArgs) -> None:
    """End the process: the main thread would wait for ever for a thread that is no more."""
    if failed.exc_value is None or not out_of_memory(failed.exc_value):
        threading.__excepthook__(failed)
        return
    try:
        os.write(2, f"Error: {too_little()}\n".encode())
    finally:
        os._exit(2)


def available() -> int | None:
    """Return the bytes of memory that are free for this process; None: it is not known."""
    found = [limit(), _free()]
    return min((bytes_ for bytes_ in found if bytes_ is not None), default=None)


def _free() -> int | None:
    """Return the bytes that Linux could give to programs without swapping."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:  # noqa: PTH123 - pathlib is heavier
            kept = dict(line.split(":", 1) for line in lines)
        return int(kept["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return None
