"""What goes wrong with a storage, in words: files, databases, drivers. Passwords stay out."""

import errno
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from hpsoft.errors import StorageError, out_of_memory
from hpsoft.study.storage.journal import JournalFile
from hpsoft.study.storage.location import Location, redacted

_FULL = {errno.ENOSPC, errno.EDQUOT}
_SQLITE_FULL, _SQLITE_LOCKED = {sqlite3.SQLITE_FULL}, {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SERVER_FULL = "53100"  # SQLSTATE of PostgreSQL
_PACKAGES = {
    "psycopg2": "psycopg2-binary",
    "psycopg": "'hpsoft[postgres]'",
    "MySQLdb": "mysqlclient",
    "pymysql": "'hpsoft[mysql]'",
    "redis": "'hpsoft[redis]'",
}


@contextmanager
def storage_errors(location: Location) -> Iterator[None]:
    """Turn the errors of files, databases and drivers within into a StorageError."""
    try:
        yield
    except OSError as error:
        raise StorageError(_of_file(location, error)) from error
    except ImportError as error:
        if out_of_memory(error):
            raise
        package = _PACKAGES.get(error.name or "", error.name)
        raise StorageError(
            f"The storage {location} needs a driver that is not installed: pip install {package}."
        ) from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise StorageError(_unreadable(location, error)) from error
    except Exception as error:
        if not _is_of_database(error):
            raise
        raise StorageError(_of_database(location, error)) from error


def replay_error(journal: JournalFile, line: int, error: Exception) -> Exception:
    """Return what to raise where Optuna failed at the record of a journal's line.

    Optuna's own refusals, of a study whose name is taken say, pass unchanged.
    """
    if isinstance(error, StorageError | OSError) or _modules(error) & {"optuna"}:
        return error
    if isinstance(error, KeyError) and "does not exist" in str(error):
        return StorageError(
            f"Another process has deleted from {journal.path} what this one was writing to. "
            "Run the same command again."
        )
    return journal.damaged(line, f"Optuna cannot replay it ({type(error).__name__}: {error})")


def _unreadable(location: Location, error: ValueError) -> str:
    return (
        f"The storage {location} holds something that Optuna did not write ({error}): it is "
        "damaged, or another program has changed it. Put a copy from before in its place, or name "
        "another one with --storage."
    )


def _of_file(location: Location, error: OSError) -> str:
    if error.errno in _FULL:
        return _full(location)
    if error.errno == errno.EFBIG:
        return (
            f"The storage {location} has reached the largest size of a file that this shell "
            "(`ulimit -f`) or its file system allows. Finished trials that were written are safe; "
            "raise the limit, then run the same command again."
        )
    reason = redacted(error.strerror or str(error))
    return f"The storage {location} cannot be used: {reason}. Name another one with --storage."


def _of_database(location: Location, error: Exception) -> str:
    cause = error.__cause__ or error
    cause = getattr(cause, "orig", None) or cause
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # above are the details
    if code in _SQLITE_LOCKED:
        return (
            f"The storage {location} is locked by another process that does not let go. "
            "Stop that process, then run the same command again."
        )
    if code in _SQLITE_FULL or getattr(cause, "sqlstate", None) == _SERVER_FULL:
        return _full(location)
    reason = redacted(str(cause).strip().partition("\n")[0])
    return f"The storage {location} cannot be used: {reason}. Name another one with --storage."


def _full(location: Location) -> str:
    return (
        f"The disk is full: {location} cannot grow. Finished trials that were written are safe; "
        "make room, then run the same command again."
    )


def _is_of_database(error: Exception) -> bool:
    """Tell by module name: importing SQLAlchemy and Redis to compare types would take 0.2 s."""
    known = {"sqlalchemy", "redis", "pymysql", "sqlite3"}
    return type(error).__name__ == "StorageInternalError" or bool(_modules(error) & known)


def _modules(error: Exception) -> set[str]:
    return {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
