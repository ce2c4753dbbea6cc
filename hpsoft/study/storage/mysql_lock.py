"""The right to write one study on a MySQL or MariaDB server: a named lock of a session of its own.

`GET_LOCK(name, 0)` is given back with the connection, so a process that is killed leaves none
behind. Names are the server's, not the database's, and 64 characters at most.
"""

import hashlib
from typing import Any

from hpsoft.study.storage.server_lock import ServerLock

_LONGEST_IDLE_S = 31_536_000  # the session waits between two batches, maybe for hours


class MySQLLock(ServerLock):
    """Held from `__enter__` to `__exit__`, or until the connection is lost."""

    def _options(self) -> dict[str, Any]:
        return {}

    def _prepare(self) -> None:
        self._ask(f"SET SESSION wait_timeout = {_LONGEST_IDLE_S}", rows=False)
        database = self._ask("SELECT DATABASE()")[0]
        digest = hashlib.sha256(f"{database}\0{self._study}".encode()).hexdigest()
        self._key = {"name": f"hpsoft.{digest[:40]}"}

    def _take(self) -> bool:
        return self._ask("SELECT GET_LOCK(:name, 0)")[0] == 1

    def _is_held(self) -> bool:
        return self._ask("SELECT IS_USED_LOCK(:name) = CONNECTION_ID()")[0] == 1

    def _holder(self) -> str:
        found = self._ask(
            "SELECT host FROM information_schema.processlist WHERE id = IS_USED_LOCK(:name)"
        )
        return f"a process on {found[0].partition(':')[0]}" if found else "another process"
