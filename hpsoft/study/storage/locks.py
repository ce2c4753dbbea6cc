"""Locks between processes. The kernel drops them with the process, so kill -9 leaves none behind.

`WriterLock` keeps a study to one writing hpsoft process. `JournalLock` guards one append to a
journal file, also against processes that use stock Optuna's own lock.
"""

import json
import os
import socket
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from hpsoft.errors import StorageError, StudyError
from hpsoft.system.writing import let_through

LOCK_TIMEOUT_S = 60.0  # for another hpsoft process to finish one append, which takes milliseconds
GRACE_S = 10.0  # after which stock Optuna's lock counts as left behind by a dead process
_POLL_S = 0.002

if sys.platform == "win32":  # pragma: no cover -- the same two calls, in Windows' words
    import msvcrt

    def try_lock(file: IO[Any]) -> bool:
        """Lock a byte far behind the end: Windows would keep readers from a locked one."""
        file.seek(0x7FFFFFFF)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def try_lock(file: IO[Any]) -> bool:
        """Take the kernel's exclusive lock on an open file; closing the file gives it back."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def beside(storage: Path, study: str, kind: str) -> Path:
    """Return the path of something that belongs to a study: beside its storage."""
    readable = "".join(c if c.isalnum() or c in "-_" else "_" for c in study)[:40]
    digest = format(zlib.crc32(study.encode()), "08x")
    return storage.with_name(f"{storage.name}.{readable}-{digest}.{kind}")


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


class JournalLock:
    """Exclusive appending to a journal file, among hpsoft processes and those of stock Optuna.

    Stock Optuna's lock is a symbolic link beside the journal that a killed process leaves behind,
    and that others then wait for: 30 s at best, for ever where the link was made with a relative
    path. Ours is a kernel lock on the journal itself, and within it that link. Whoever has the
    kernel lock knows that a link with hpsoft's mark belongs to a process that is dead.
    """

    def __init__(self, journal: Path) -> None:
        """Name the link that stock Optuna respects."""
        self.link = journal.with_name(journal.name + ".lock")
        # The same file, spelled as nobody else spells it: that is the mark.
        self.target = os.path.join(journal.parent, ".", ".", journal.name)  # noqa: PTH118 -- Path would tidy the mark away

    @contextmanager
    def hold(self, file: IO[bytes]) -> Iterator[None]:
        """Hold the lock; `file` is the open journal, and closing it drops the kernel's part.

        Raises:
            StorageError: another process did not let go for `LOCK_TIMEOUT_S`.
            OSError: the link cannot be made.
        """
        self._wait_for_kernel(file)
        self._make_link()
        try:
            yield
        finally:
            with suppress(FileNotFoundError):  # a process of stock Optuna took us for dead
                self.link.unlink()

    def _wait_for_kernel(self, file: IO[bytes]) -> None:
        deadline = time.monotonic() + LOCK_TIMEOUT_S
        while not try_lock(file):
            if time.monotonic() > deadline:
                raise StorageError(
                    f"{file.name} is locked by another process that does not let go. "
                    "Stop that process, then run the same command again."
                )
            _pause()

    def _make_link(self) -> None:
        seen: tuple[int, int] | None = None
        since = time.monotonic()
        while not _linked(self.target, self.link):
            now = self._stamp()
            if now != seen:
                seen, since = now, time.monotonic()
            if self._ours() or time.monotonic() - since > GRACE_S:
                self.link.unlink(missing_ok=True)
            else:
                _pause()

    def _ours(self) -> bool:
        with suppress(OSError):  # it is gone, or is no link: JournalFileOpenLock makes a file
            return os.readlink(self.link) == self.target  # noqa: PTH115 -- as above
        return False

    def _stamp(self) -> tuple[int, int] | None:
        with suppress(FileNotFoundError):
            status = self.link.lstat()
            return status.st_ino, status.st_mtime_ns
        return None


def _pause() -> None:
    """Wait a little for a lock; Ctrl-C ends the wait, also where a write would hold it back."""
    let_through()
    time.sleep(_POLL_S)


def _linked(target: str, link: Path) -> bool:
    try:
        os.symlink(target, link)  # noqa: PTH211 -- Path would tidy the mark away
    except FileExistsError:
        return False
    return True
