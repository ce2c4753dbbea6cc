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
                raise taken(self._study, self._holder())
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
            return named(self.path.read_bytes())
        except OSError:  # it has the lock, but has not yet signed it
            return named(b"")


def _same_file(file: IO[Any], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def taken(study: str, holder: str) -> StudyError:
    """Return the error of a process that wants a study which another one writes."""
    return StudyError(
        f"Study {study!r} is being written by {holder}. Wait for that search, or stop it; to run "
        "another beside it, name it with --study OTHER."
    )


def named(signature: bytes | str) -> str:
    """Say whose a lock is, by what its holder has written into it."""
    try:
        said = json.loads(signature)
        return f"process {said['pid']} on {said['host']}"
    except (ValueError, LookupError, TypeError):
        return "another process"
