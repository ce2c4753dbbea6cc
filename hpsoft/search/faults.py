"""What goes wrong with a storage, in words: files, databases, drivers. Passwords stay out."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from hpsoft.errors import StorageError
from hpsoft.search.location import Location, redacted

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_PACKAGES = {
    "psycopg2": "psycopg2-binary",
    "psycopg": "'hpsoft[postgres]'",
    "MySQLdb": "mysqlclient",
    "pymysql": "PyMySQL",
}


@contextmanager
def storage_errors(location: Location) -> Iterator[None]:
    """Turn the errors of files, databases and drivers within into a StorageError."""
    try:
        yield
    except OSError as error:
        raise StorageError(_of_file(location, error)) from error
    except ImportError as error:
        package = _PACKAGES.get(error.name or "", error.name)
        raise StorageError(
            f"The storage {location} needs a driver that is not installed: pip install {package}."
        ) from error
    except Exception as error:
        if not _is_of_database(error):
            raise
        raise StorageError(_of_database(location, error)) from error


def _of_file(location: Location, error: OSError) -> str:
    if error.errno in _FULL:
        return _full(location)
    reason = redacted(error.strerror or str(error))
    return f"The storage {location} cannot be used: {reason}. Name another one with --storage."


def _of_database(location: Location, error: Exception) -> str:
    cause = error.__cause__ or error
    reason = redacted(str(getattr(cause, "orig", None) or cause).strip().partition("\n")[0])
    if "locked" in reason:
        return (
            f"The storage {location} is locked by another process that does not let go. "
            "Stop that process, then run the same command again."
        )
    if "full" in reason:
        return _full(location)
    return f"The storage {location} cannot be used: {reason}. Name another one with --storage."


def _full(location: Location) -> str:
    return (
        f"The disk is full: {location} cannot grow. Finished trials that were written are safe; "
        "make room, then run the same command again."
    )


def _is_of_database(error: Exception) -> bool:
    """Tell by module name: importing SQLAlchemy and Redis to compare types would take 0.2 s."""
    modules = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
    return type(error).__name__ == "StorageInternalError" or bool(
        modules & {"sqlalchemy", "redis"}
    )
