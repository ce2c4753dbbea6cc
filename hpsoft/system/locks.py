"""Locks between processes, on open files: the kernel drops them with the process.

So kill -9 leaves none behind, no file is made for them, and reading rights are enough.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

if sys.platform == "win32":  # pragma: no cover -- the same calls, in Windows' words
    import msvcrt

    def try_lock(file: IO[Any]) -> bool:
        """Lock a byte far behind the end: Windows would keep readers from a locked one."""
        file.seek(0x7FFFFFFF)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    @contextmanager
    def folder_to_itself(folder: Path) -> Iterator[None]:  # noqa: ARG001
        """Do nothing: Windows does not lock folders."""
        yield
else:
    import fcntl

    def try_lock(file: IO[Any]) -> bool:
        """Take the kernel's exclusive lock on an open file; closing the file gives it back."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    @contextmanager
    def folder_to_itself(folder: Path) -> Iterator[None]:
        """Wait for any other process that has the folder to itself, then keep it from others.

        Without effect on file systems that have no locks. Raises OSError where there is no folder.
        """
        opened = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):
                fcntl.flock(opened, fcntl.LOCK_EX)
            yield
        finally:
            os.close(opened)
