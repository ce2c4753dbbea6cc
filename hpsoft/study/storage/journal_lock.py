"""Exclusive appending to one journal file, among processes of hpsoft and of stock Optuna."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from hpsoft.errors import StorageError
from hpsoft.system.interrupts import let_through
from hpsoft.system.locks import try_lock

LOCK_TIMEOUT_S = 60.0  # for another hpsoft process to finish one append, which takes milliseconds
GRACE_S = 10.0  # after which stock Optuna's lock counts as left behind by a dead process
_POLL_S = 0.002


class JournalLock:
    """Exclusive appending to a journal file, among hpsoft processes and those of stock Optuna.

    Stock Optuna's lock is a symbolic link beside the journal that a killed process leaves behind,
    and that others then wait for: 30 s at best, for ever where the link was made with a relative
    path. Ours is a kernel lock on the journal itself, and within it that link. Whoever has the
    kernel lock knows that a link with hpsoft's mark belongs to a process that is dead.
    """

    def __init__(
        self, journal: Path, timeout: float = LOCK_TIMEOUT_S, grace: float = GRACE_S
    ) -> None:
        """Name the link that stock Optuna respects, and the seconds to wait for hpsoft and it."""
        self._timeout, self._grace = timeout, grace
        self.link = journal.with_name(journal.name + ".lock")
        # The same file, spelled as nobody else spells it: that is the mark.
        self.target = os.path.join(journal.parent, ".", ".", journal.name)  # noqa: PTH118 -- Path would tidy the mark away

    @contextmanager
    def hold(self, file: IO[bytes]) -> Iterator[None]:
        """Hold the lock; `file` is the open journal, and closing it drops the kernel's part.

        Raises:
            StorageError: another process did not let go within the time.
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
        deadline = time.monotonic() + self._timeout
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
            if self._ours() or time.monotonic() - since > self._grace:
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
