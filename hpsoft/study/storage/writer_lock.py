"""The one writer of a study: which lock that is, by where the study is kept.

A study of a storage that is open here has one writer in this process; another process is kept away
by nobody.
"""

import threading
from types import TracebackType
from typing import Self

from hpsoft.errors import StudyError
from hpsoft.study.storage.file_lock import WriterLock
from hpsoft.study.storage.location import Backend, Location
from hpsoft.study.storage.mysql_lock import MySQLLock
from hpsoft.study.storage.redis_lock import RedisLock
from hpsoft.study.storage.server_lock import ServerLock


def writer_lock(
    location: Location, study: str
) -> "WriterLock | ServerLock | RedisLock | ObjectLock":
    """Return the lock of a study, still to be taken."""
    if location.backend is Backend.OBJECT:
        return ObjectLock(location.given, study)
    if location.path is not None:
        return WriterLock(location.path, study)
    if location.backend is Backend.REDIS:
        return RedisLock(location, study)
    return (ServerLock if location.is_postgresql else MySQLLock)(location, study)


_writing: set[tuple[int, str]] = set()  # id of the storage, name of the study
_changing = threading.Lock()


class ObjectLock:
    """The right to write one study of a storage that is open here."""

    def __init__(self, storage: object, study: str) -> None:
        """Take the storage and the name of the study."""
        self._key, self._study = (id(storage), study), study

    def check(self) -> None:
        """Do nothing: nobody takes the right away."""

    def __enter__(self) -> Self:
        """Take it.

        Raises:
            StudyError: another thread has it.
        """
        with _changing:
            if self._key in _writing:
                raise StudyError(
                    f"Study {self._study!r} is being written by another search of this process. "
                    "Wait for its end, or name this search with --study OTHER."
                )
            _writing.add(self._key)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give it back."""
        with _changing:
            _writing.discard(self._key)
