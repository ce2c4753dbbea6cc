"""Where studies are kept: what `--storage` means. Opens nothing but what is in memory."""

import importlib.util
import os
import re
import zlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from hpsoft.errors import StorageTypeError, StorageValueError
from hpsoft.system.outputs import files_named

DEFAULT_STORAGE = "hpsoft.journal"

_SUFFIXES_JOURNAL = (".journal", ".log")
_SUFFIXES_SQLITE = (".db", ".sqlite", ".sqlite3")
_OPTION = (
    "(?:timeout|check_same_thread|isolation_level|detect_types|cached_statements|uri|mode|cache"
    "|nolock|immutable|vfs)=[^&=?]*"
)
_QUERY = re.compile(rf"\?{_OPTION}(?:&{_OPTION})*$")  # options of SQLite; else it is a path
_SECRET_QUERY = re.compile(
    r"([?&](?:password|passwd|pwd|sslpassword|token|secret)=)[^&\s]*", re.IGNORECASE
)
_SECRET_LOGIN = re.compile(r"(://[^:/\s]*:)\S*(@)")  # greedy: a password may hold an @ itself


class Backend(StrEnum):
    """How a storage is talked to."""

    JOURNAL = "journal"  # a journal file
    REDIS = "redis"  # a journal in Redis
    DATABASE = "database"  # whatever SQLAlchemy reaches: SQLite, PostgreSQL, MySQL
    OBJECT = "object"  # a storage of Optuna's that is open already, in memory say


@dataclass(frozen=True)
class Location:
    """One storage: its backend, its URL or path, and its file if it is one on this machine."""

    backend: Backend
    url: str  # of a database or Redis; the path of a journal file
    path: Path | None  # None: a server
    timeout: float | None = None  # for another process that uses a SQLite file; None: the usual
    given: Any = None  # the storage that is open

    @property
    def is_postgresql(self) -> bool:
        """Whether it is a PostgreSQL server."""
        return self.url.startswith("postgres")

    @property
    def can_grow(self) -> bool:
        """Whether a study there can get more values (growth.py, where it is in a database)."""
        known = self.is_postgresql or self.url.startswith("sqlite")
        return known or self.backend is not Backend.DATABASE

    @property
    def engine_url(self) -> str:
        """The URL for SQLAlchemy: its own drivers are psycopg2, which is old, and MySQLdb.

        Optuna knows MariaDB as mysql.
        """
        if self.path is not None:
            return "sqlite:///file"  # opened by its path: see sqlite.py
        scheme, separator, rest = self.url.partition("://")
        if scheme in {"postgres", "postgresql"}:
            scheme = "postgresql+psycopg"
        scheme = re.sub("^mariadb", "mysql", scheme)
        if scheme == "mysql" and importlib.util.find_spec("MySQLdb") is None:
            scheme = "mysql+pymysql"
        return f"{scheme}{separator}{rest}"

    def files(self, data: str | None = None) -> dict[Path, str]:
        """Return its file, and those that `--data` names, and what each is: not to write over."""
        found = dict.fromkeys(files_named(data), "the data")
        return found if self.path is None else {**found, self.path: "the study's storage"}

    def __str__(self) -> str:
        """Return the text for messages: a password is never in it."""
        return redacted(self.url) if self.path is None else str(self.path)


def locate(storage: str | Path | Location | None = None) -> Location:
    """Return the storage that an option means; without one $OPTUNA_STORAGE, then the default.

    Raises:
        StorageError: neither a path with a known suffix nor a URL that Optuna knows.
    """
    if isinstance(storage, Location):
        return storage
    text = str(storage or os.environ.get("OPTUNA_STORAGE") or DEFAULT_STORAGE)
    if "://" in text:
        return _locate_url(text)
    path = Path(text).expanduser().absolute()
    if path.suffix in _SUFFIXES_JOURNAL:
        return Location(Backend.JOURNAL, str(path), path)
    if path.suffix in _SUFFIXES_SQLITE:
        return Location(Backend.DATABASE, f"sqlite:///{path}", path)
    raise StorageValueError(
        f"Cannot tell what kind of storage {text} is. Name it NAME.journal for a journal file or "
        "NAME.db for SQLite, or give a URL such as postgresql://USER@HOST/DATABASE."
    )


def in_memory() -> Location:
    """Return a new storage that lives as long as this process keeps it."""
    from optuna.storages import InMemoryStorage

    return Location(Backend.OBJECT, "memory", None, given=InMemoryStorage())


def location_of(storage: Any) -> Location:
    """Return where studies are kept: a path, a URL, or a storage of Optuna's.

    Raises:
        StorageError: it is none of these.
    """
    if isinstance(storage, str | Path | Location):
        return locate(storage)
    from optuna.storages import BaseStorage, InMemoryStorage, RDBStorage

    if isinstance(storage, RDBStorage):  # opened anew, with the locks that other processes know
        return locate(str(storage.url))
    if not isinstance(storage, BaseStorage):
        raise StorageTypeError(
            f"storage takes a path such as 'NAME.journal', a URL or a storage of Optuna's, not "
            f"{type(storage).__name__}."
        )
    name = "memory" if isinstance(storage, InMemoryStorage) else type(storage).__name__
    return Location(Backend.OBJECT, name, None, given=storage)


def _locate_url(url: str) -> Location:
    scheme, _, rest = url.partition("://")
    if scheme in {"redis", "rediss"}:
        return Location(Backend.REDIS, url, None)
    dialect = scheme.partition("+")[0]
    if dialect == "sqlite":
        name, query = _split_query(rest.removeprefix("/"))
        if name in {"", ":memory:"}:
            raise StorageValueError(
                f"{url} is a database in memory: it is gone when the command ends. Name a file, "
                "such as NAME.db or NAME.journal."
            )
        if name.startswith("file:"):  # may name memory, or a file unlocked
            raise StorageValueError(
                f"{url} is a file: URI, which only SQLite can read. Give the path itself, such as "
                "NAME.db."
            )
        return Location(Backend.DATABASE, url, Path(name).absolute(), _timeout(url, query))
    if dialect in {"postgres", "postgresql", "mysql", "mariadb"}:
        return Location(Backend.DATABASE, url, None)
    raise StorageValueError(
        f"No storage of kind {scheme!r} ({redacted(url)}). Known: sqlite, postgresql, mysql and "
        "redis URLs, and paths that end in .journal or .db."
    )


def _split_query(text: str) -> tuple[str, str]:
    """Split `path?option=value&...`; a question mark before anything else belongs to the path."""
    found = _QUERY.search(text)
    return (text[: found.start()], found[0][1:]) if found else (text, "")


def _timeout(url: str, query: str) -> float | None:
    given = dict(option.split("=", 1) for option in query.split("&") if option).get("timeout")
    try:
        return None if given is None else float(given)
    except ValueError:
        raise StorageValueError(f"The timeout in {url} is no number of seconds.") from None


def redacted(text: str) -> str:
    """Return a URL, or a text with URLs in it, without the passwords.

    >>> redacted("postgresql://me:s3cr3t@host/db")
    'postgresql://me:***@host/db'
    """
    return _SECRET_QUERY.sub(r"\1***", _SECRET_LOGIN.sub(r"\1***\2", text))


def beside(storage: Path, study: str, kind: str) -> Path:
    """Return the path of something that belongs to a study: beside its storage."""
    readable = "".join(c if c.isalnum() or c in "-_" else "_" for c in study)[:40]
    digest = format(zlib.crc32(study.encode()), "08x")
    return storage.with_name(f"{storage.name}.{readable}-{digest}.{kind}")
