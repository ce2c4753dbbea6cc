"""The right to write one study of a journal in Redis: a key that expires unless it is renewed.

`SET key token NX PX` takes it; only whoever knows the token renews or deletes it. A process that
is killed leaves it behind for half a minute at most, and on the same machine not even that.
"""

import json
import os
import socket
import sys
import threading
import uuid
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from hpsoft.errors import StudyError
from hpsoft.study.storage.file_lock import named, taken
from hpsoft.study.storage.location import Location
from hpsoft.study.storage.server_lock import lost

EXPIRY_S = 30.0
_RENEW = (
    "if redis.call('get', KEYS[1]) == ARGV[1] then "
    "return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end"
)
_DELETE = (
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) "
    "else return 0 end"
)


class RedisLock:
    """Held from `__enter__` to `__exit__`, or until its key is gone or another's."""

    def __init__(self, location: Location, study: str, expiry: float = EXPIRY_S) -> None:
        """Name the server and the study, and after how many seconds the key is gone."""
        self._location, self._study, self._expiry = location, study, expiry
        self.key = f"hpsoft:writer:{study}"
        self._token = json.dumps(
            {
                "pid": os.getpid(),
                "host": socket.gethostname(),
                "in": _pids(),
                "id": uuid.uuid4().hex,
            }
        )
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        """Take the lock, and renew it until it is given back.

        Raises:
            StudyError: another process has it; the message says which.
        """
        import redis

        self._redis: Any = redis.Redis.from_url(self._location.url)
        while not self._redis.set(self.key, self._token, nx=True, px=int(self._expiry * 1000)):
            holder = self._redis.get(self.key)
            if holder is not None and not self._take_from_dead(holder):
                self._redis.close()
                raise StudyError(
                    f"{taken(self._study, named(holder))} A killed process counts as writing for "
                    f"{self._expiry:g} s."
                )
        self._renewing = threading.Thread(target=self._renew_on, daemon=True)
        self._renewing.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the lock back if it is still ours. A server that has gone lets it expire."""
        import redis

        self._ended.set()
        self._renewing.join()
        with suppress(redis.RedisError):
            self._redis.eval(_DELETE, 1, self.key, self._token)
        self._redis.close()

    def check(self) -> None:
        """Ask the server whether the lock is still held, and renew it: one round trip.

        Raises:
            StorageError: it is not; nothing may be written any more.
        """
        import redis

        try:
            held = self._renew()
        except redis.RedisError as error:
            raise lost(self._location, self._study) from error
        if not held:
            raise lost(self._location, self._study)

    def _renew(self) -> bool:
        expiry = int(self._expiry * 1000)
        return self._redis.eval(_RENEW, 1, self.key, self._token, expiry) == 1

    def _renew_on(self) -> None:
        import redis

        while not self._ended.wait(self._expiry / 3):
            with suppress(redis.RedisError):  # `check` tells, before the next write
                self._renew()

    def _take_from_dead(self, holder: bytes | str) -> bool:
        """Delete the key of a process that is seen to be dead."""
        if not _is_dead(holder):
            return False
        self._redis.eval(_DELETE, 1, self.key, holder)
        return True


def _pids() -> str | None:
    """Return what tells process numbers of this machine, or container, from those of others."""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    return None


def _is_dead(holder: bytes | str) -> bool:
    try:
        said = json.loads(holder)
        if sys.platform == "win32" or said["in"] is None or said["in"] != _pids():
            return False
        os.kill(said["pid"], 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError, LookupError, TypeError):
        return False
    return False
