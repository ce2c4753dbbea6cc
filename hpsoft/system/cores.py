"""The processor's cores that this process may use."""

import os

from hpsoft.errors import check_least


def n_cores(jobs: int | None = None) -> int:
    """Return how many cores to use: all that this process may run on, at most `jobs` of them.

    Raises:
        SpaceError: jobs < 1.
    """
    check_least("--jobs", jobs, 1)
    if hasattr(os, "sched_getaffinity"):
        available = len(os.sched_getaffinity(0))
    else:
        available = os.cpu_count() or 1
    return min(jobs or available, available)
