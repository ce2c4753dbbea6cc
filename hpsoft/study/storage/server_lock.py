"""The right to write one study on a database server: PostgreSQL's, as file_lock.py has it
beside a file.

An advisory lock of a session of its own: the server drops it with the connection, so a process
that is killed leaves none behind. But the server, or a network in between, may also end a session
whose process lives, and another process may then take the lock: so its holder asks before every
batch of writes. MySQL's (mysql_lock.py) differs in the questions only.
"""

import os
import socket
import zlib
from types import TracebackType
from typing import Any, Self

from hpsoft.errors import StorageError
from hpsoft.study.storage.file_lock import taken
from hpsoft.study.storage.location import Location

_CLASS = 0x6870_736F  # "hpso": keeps our keys from those of other programs

# The session is idle between two batches, maybe for hours: probes keep what lies in between from
# dropping it, and let either end notice within a minute that the other is gone.
_PROBES = {"idle": 30, "interval": 10, "count": 3}
_KEEPALIVE = {"keepalives": 1, **{f"keepalives_{name}": n for name, n in _PROBES.items()}}
_SERVERS_KEEPALIVE = ", ".join(
    f"set_config('tcp_keepalives_{name}', '{n}', false)" for name, n in _PROBES.items()
)
# pg_locks shows the locks of all databases of the server, where studies may share a name.
_HOLDER = (
    "SELECT pid = pg_backend_pid() AS ours, application_name AS name "
    "FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted "
    "AND classid::bigint = :kind AND objid::bigint = :study & 4294967295 "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class ServerLock:
    """Held from `__enter__` to `__exit__`, or until the connection is lost."""

    def __init__(self, location: Location, study: str) -> None:
        """Name the server and the study."""
        self._location, self._study = location, study
        digest = zlib.crc32(study.encode())
        self._key: dict[str, Any] = {
            "kind": _CLASS,
            "study": digest - 2**32 if digest >= 2**31 else digest,
        }

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            StudyError: another process has it; the message says which.
        """
        import sqlalchemy

        engine = sqlalchemy.create_engine(
            self._location.engine_url,
            poolclass=sqlalchemy.NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args=self._options(),
        )
        self._session = engine.connect()
        self._prepare()
        if not self._take():
            holder = self._holder()
            self._session.close()
            raise taken(self._study, holder)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the lock back, with the connection."""
        self._session.close()

    def check(self) -> None:
        """Ask the server whether the lock is still held: one round trip.

        Raises:
            StorageError: it is not; nothing may be written any more.
        """
        import sqlalchemy

        try:
            held = self._is_held()
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise lost(self._location, self._study) from error
        if not held:  # SQLAlchemy opens a lost session anew, by itself
            raise lost(self._location, self._study)

    def _options(self) -> dict[str, Any]:
        name = f"hpsoft {os.getpid()} on {socket.gethostname()}"[:63]
        return {"application_name": name, **_KEEPALIVE}

    def _prepare(self) -> None:
        self._ask(f"SELECT {_SERVERS_KEEPALIVE}")

    def _take(self) -> bool:
        return bool(self._ask("SELECT pg_try_advisory_lock(:kind, :study)")[0])

    def _is_held(self) -> bool:
        holder = self._ask(_HOLDER)
        return holder is not None and bool(holder.ours)

    def _holder(self) -> str:
        holder = self._ask(_HOLDER)
        return f"process {holder.name.removeprefix('hpsoft ')}" if holder else "another process"

    def _ask(self, query: str, *, rows: bool = True) -> Any:
        """Return the first row of the answer."""
        import sqlalchemy

        answer = self._session.execute(sqlalchemy.text(query), self._key)
        return answer.first() if rows else None


def lost(location: Location, study: str) -> StorageError:
    """Return the error of a process that may not write any more."""
    return StorageError(
        f"The connection to {location} that kept study {study!r} to this process was lost, so "
        "another one may write to it by now. What was stored is safe: the same command continues."
    )
