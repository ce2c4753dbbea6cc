"""The right to write one study on a PostgreSQL server, as `locks.WriterLock` is it beside a file.

An advisory lock of a session of its own: the server drops it with the connection, so a process
that is killed leaves none behind. Other databases have no such lock here.
"""

import os
import socket
import zlib
from types import TracebackType
from typing import Any, Self

from hpsoft.errors import StudyError
from hpsoft.search.location import Location

_CLASS = 0x6870_736F  # "hpso": keeps our keys from those of other programs


class ServerLock:
    """Held from `__enter__` to `__exit__`, or until the connection is lost."""

    def __init__(self, location: Location, study: str) -> None:
        """Name the server and the study."""
        self._location, self._study = location, study
        digest = zlib.crc32(study.encode())
        self._key = {"kind": _CLASS, "study": digest - 2**32 if digest >= 2**31 else digest}

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            StudyError: another process has it; the message says which.
        """
        import sqlalchemy

        name = f"hpsoft {os.getpid()} on {socket.gethostname()}"[:63]
        engine = sqlalchemy.create_engine(
            self._location.engine_url,
            poolclass=sqlalchemy.NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"application_name": name},
        )
        self._session = engine.connect()
        if not self._ask("SELECT pg_try_advisory_lock(:kind, :study)"):
            holder = self._holder()
            self._session.close()
            raise StudyError(
                f"Study {self._study!r} is being written by {holder}. Wait for that search, or stop "
                "it; to run another beside it, name it with --study OTHER."
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the lock back, with the connection."""
        self._session.close()

    def _holder(self) -> str:
        name = self._ask(
            "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) "
            "WHERE locktype = 'advisory' AND granted "
            "AND classid::bigint = :kind AND objid::bigint = :study & 4294967295"
        )
        return f"process {str(name).removeprefix('hpsoft ')}" if name else "another process"

    def _ask(self, query: str) -> Any:
        import sqlalchemy

        return self._session.execute(sqlalchemy.text(query), self._key).scalar()
