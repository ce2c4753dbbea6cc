"""Entry points of all distributions, read once as long as the folders on the path stay the same.

Reading them takes 20 ms, and a command asks several times.
"""

import sys
from functools import lru_cache
from importlib import metadata
from pathlib import Path


def entry_points(*, group: str) -> metadata.EntryPoints:
    """Return the entry points of a group, as `importlib.metadata.entry_points` does.

    Raises:
        Exception: of any kind, where the metadata of a distribution are damaged.
    """
    return _read(group, tuple((folder, _changed(folder)) for folder in sys.path))


@lru_cache(maxsize=4)
def _read(group: str, folders: tuple[tuple[str, int | None], ...]) -> metadata.EntryPoints:
    del folders  # it only tells whether this was asked before
    return metadata.entry_points(group=group)


def _changed(folder: str) -> int | None:
    """Return when something was last installed in a folder, or taken out, in ns."""
    try:
        return Path(folder).stat().st_mtime_ns
    except OSError:
        return None
