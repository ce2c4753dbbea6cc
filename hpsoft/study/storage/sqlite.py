"""SQLite files: their URL, whatever their path holds, and damage that is told instead of retried.

Optuna waits and tries again where a trial cannot be created, for ever where the file is damaged.
So the engine raises an error of ours there, which Optuna passes on.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hpsoft.errors import StorageError

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine, ExceptionContext

TIMEOUT_S = 10.0  # for another process to end its transaction


def check_whole(path: Path) -> None:
    """Refuse a file that is shorter than it says itself: what was cut off would read as zeros.

    Raises:
        StorageError: it is, or is no database.
    """
    if not path.exists() or not path.stat().st_size:
        return
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as database:
            missing = _missing(database, path)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT:
            raise _damaged(path, str(error)) from error
        return  # it is locked, or no database: whoever uses it finds out
    if missing > 0:
        raise _damaged(path, f"{missing:,} bytes are missing at its end")


def _missing(database: sqlite3.Connection, path: Path) -> int:
    """Return how many bytes a file is shorter than its first page says."""
    database.execute("BEGIN")
    database.execute("SELECT count(*) FROM sqlite_master").fetchone()  # now nobody writes
    if database.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        return 0  # pages may be in the other file
    (size,) = database.execute("PRAGMA page_size").fetchone()
    (count,) = database.execute("PRAGMA page_count").fetchone()
    return size * count - path.stat().st_size


def damage(path: Path, error: BaseException | None) -> StorageError | None:
    """Return what to say of an error of SQLite that means damage, None of any other."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # above are the details
    return _damaged(path, str(error)) if code == sqlite3.SQLITE_CORRUPT else None


def tell_damage(engine: "Engine", path: Path) -> None:
    """Let an engine raise a StorageError where the file is damaged."""
    import sqlalchemy

    def tell(context: "ExceptionContext") -> None:
        if told := damage(path, context.original_exception):
            raise told

    sqlalchemy.event.listen(engine, "handle_error", tell)


def _damaged(path: Path, how: str) -> StorageError:
    return StorageError(
        f"The SQLite file {path} is damaged: {how}. Put a copy from before in its place, or save "
        f"what can be read with `sqlite3 {path.name} .recover`, or name another storage with "
        "--storage."
    )


def options_of(path: Path, timeout: float | None) -> dict[str, Any]:
    """Return SQLAlchemy's options to open a file by its very name.

    In a URL, `?` and `%` would be no part of the path, or in some versions alone.
    """

    def connect() -> sqlite3.Connection:
        seconds = TIMEOUT_S if timeout is None else timeout
        return sqlite3.connect(path, timeout=seconds, check_same_thread=False)

    return {"creator": connect}
