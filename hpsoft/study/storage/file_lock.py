"""The right to write one study in a file, held by one process of hpsoft at a time."""

import json
import os
import socket
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from hpsoft.errors import StudyError
from hpsoft.study.storage.location import beside
from hpsoft.system.locks import try_lock


class WriterLock:
    """The right to write one study, held from `acquire` to `release`."""

    def __init__(self, storage: Path, study: str) -> None:
        """Name the lock file: beside the storage, one per study."""
        self.path = beside(storage, study, "writer")
        self._study = study
        self._file: IO[str] | None = None

    def acquire(self) -> Self:
        """Take the lock.

        Raises:
            StudyError: another process has it; the message says which.
            OSError: the lock file cannot be made.
        """
        while self._file is None:
            file = self.path.open("a+", encoding="utf-8")
            if not try_lock(file):
                file.close()
                raise StudyError(
                    f"Study {self._study!r} is being written by {self._holder()}. Wait for that "
                    "search, or stop it; to run another beside it, name it with --study OTHER."
                )
            if _same_file(file, self.path):
                self._file = file
            else:  # the holder before us removed the file between our open and our lock
                file.close()
        self._file.truncate(0)
        json.dump({"pid": os.getpid(), "host": socket.gethostname()}, self._file)
        self._file.flush()
        return self

    def release(self) -> None:
        """Give the lock back and remove its file. Harmless when it is not held."""
        if self._file is not None:
            with suppress(OSError):  # Windows keeps open files; an empty lock file does no harm
                self.path.unlink()
            self._file.close()
            self._file = None

    def check(self) -> None:
        """Do nothing: the kernel takes the lock from no process that lives."""

    def __enter__(self) -> Self:
        """Take the lock."""
        return self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the lock back."""
        self.release()

    def _holder(self) -> str:
        try:
            holder = json.loads(self.path.read_text(encoding="utf-8"))
            return f"process {holder['pid']} on {holder['host']}"
        except (OSError, ValueError, LookupError, TypeError):
            return "another process"  # which has the lock, but has not yet signed it


def _same_file(file: IO[Any], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
