"""Open a storage for Optuna: a journal file, a database, a journal in Redis."""

import importlib
import time
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from hpsoft.errors import StorageError, StorageValueError
from hpsoft.study.storage import sqlite
from hpsoft.study.storage.errors import replay_error, storage_errors
from hpsoft.study.storage.journal import JournalFile
from hpsoft.study.storage.location import Backend, Location, redacted

if TYPE_CHECKING:
    from optuna.storages import BaseStorage
    from optuna.storages.journal import BaseJournalBackend

COLLISION_PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8)  # for another process to finish its tables


class NoStudiesError(StorageError):
    """A storage that does not exist yet, or that nobody has put a study into."""


@dataclass(frozen=True)
class Connection:
    """An open storage. A journal file is read when a study is asked for, and only for that one."""

    location: Location
    given: "BaseStorage | None" = None  # None: made of the journal on demand
    journal: JournalFile | None = None
    _views: dict[frozenset[str], "Connection"] = field(default_factory=dict, repr=False)

    @cached_property
    def storage(self) -> "BaseStorage":
        """What Optuna takes for a storage."""
        if self.given is not None:
            return self.given
        from optuna.storages import JournalStorage

        return JournalStorage(cast("BaseJournalBackend", self.journal))

    def of(self, *studies: str) -> "Connection":
        """Return the connection for these studies: in a journal file nothing else is parsed.

        A batch belongs to the connection that it was begun on: write through the same one.
        """
        if self.journal is None or self.journal.studies == frozenset(studies):
            return self
        key = frozenset(studies)
        if key not in self._views:
            journal = JournalFile(self.journal.path, key)
            self._views[key] = Connection(self.location, None, journal, self._views)
        return self._views[key]

    def attributes(self) -> dict[str, dict[str, Any]]:
        """Return the user attributes of all studies, by name, read anew.

        Raises:
            StorageError: the storage cannot be read.
        """
        with self.errors():
            if self.journal is None:
                return {s.study_name: s.user_attrs for s in self.storage.get_all_studies()}
            if self.journal.studies is None:
                return self.of().attributes()
            self.storage.get_all_studies()  # reads on
            return self.journal.attributes()

    def batch(self) -> AbstractContextManager[None]:
        """Return a context whose records a journal file takes in one write; elsewhere, nothing."""
        return nullcontext() if self.journal is None else self.journal.batch()

    def close(self) -> None:
        """Give the connections to a database back."""
        engine = getattr(self.given, "engine", None)
        if engine is not None:
            engine.dispose()

    def check_writable(self) -> None:
        """Check that a file takes more, before work is done whose result goes there.

        Raises:
            StorageError: it does not.
        """
        if self.location.path is not None:
            with self.errors():
                self.location.path.open("r+b").close()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turn this storage's errors within into StorageError."""
        with storage_errors(self.location):
            try:
                yield
            except Exception as error:
                if self.journal is None or (line := self.journal.applying) is None:
                    raise
                raise replay_error(self.journal, line, error) from error


def connect(location: Location, *, write: bool, keep: bool = False) -> Connection:
    """Open a storage. Only with `write` is it created where it does not exist.

    Only with `keep` does a connection to a server stay open between two uses, until `close`.

    Raises:
        StorageError: it does not exist, cannot be reached, read or written, is not Optuna's, or
            needs a driver that is not installed.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with storage_errors(location):
        if location.backend is Backend.OBJECT:
            return Connection(location, location.given)
        if location.path is not None:
            _check_file(location.path, write=write)
        if location.backend is Backend.JOURNAL:
            return _journal(location, write=write)
        if location.backend is Backend.REDIS:
            return _redis(location)
        return _database(location, write=write, keep=keep)


def _check_file(path: Path, *, write: bool) -> None:
    if path.is_dir():
        raise StorageValueError(f"The storage {path} is a folder. Name a file in it.")
    if path.exists():
        if not path.is_file():
            raise StorageValueError(f"The storage {path} is not a regular file.")
        path.open("r+b" if write else "rb").close()  # permissions, before Optuna asks
    elif not write:
        raise _no_studies(str(path))
    elif not path.parent.is_dir():
        raise StorageValueError(
            f"The storage's folder {path.parent} does not exist. Make it first."
        )


def _no_studies(storage: str) -> NoStudiesError:
    return NoStudiesError(
        f"There are no studies in {storage}. Run `hpsoft search` first, "
        "or name the right storage with --storage."
    )


def _journal(location: Location, *, write: bool) -> Connection:
    journal = JournalFile(Path(location.url))
    if write:
        with journal.batch():  # creates the file, mends its end, or fails before any work is done
            pass
    return Connection(location, None, journal)


def _redis(location: Location) -> Connection:
    from optuna.exceptions import ExperimentalWarning
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalRedisBackend

    importlib.import_module("redis")  # Optuna's own message does not say what to install
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        backend = JournalRedisBackend(location.url)
    return Connection(location, JournalStorage(backend))


def _database(location: Location, *, write: bool, keep: bool) -> Connection:
    import sqlalchemy
    from optuna.storages import RDBStorage

    options: dict[str, Any] = {}
    if location.path is not None:
        sqlite.check_whole(location.path)
        options = sqlite.options_of(location.path, location.timeout)
    elif not keep:
        options["poolclass"] = sqlalchemy.NullPool
    _check_tables(location, options, write=write)
    template = location.engine_url.replace("{", "{{").replace("}", "}}")  # Optuna formats it
    for pause in (*COLLISION_PAUSES_S, None):
        try:
            storage = RDBStorage(template, options)
            if location.path is not None:
                sqlite.tell_damage(storage.engine, location.path)
            return Connection(location, storage)
        except RuntimeError as error:  # another schema; Optuna says how to upgrade it
            raise StorageError(f"The storage {location}: {redacted(str(error))}") from error
        except Exception as error:
            if pause is None or not _is_collision(error):
                raise
            time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def _is_collision(error: Exception) -> bool:
    """Tell whether another process made the tables, or their first rows, at the same time."""
    from sqlalchemy.exc import IntegrityError, SQLAlchemyError

    cause = error.__cause__ if isinstance(error.__cause__, SQLAlchemyError) else error
    if isinstance(cause, SQLAlchemyError):
        return isinstance(cause, IntegrityError) or "already exists" in str(cause)
    # Optuna found the other's table before the row in it.
    return isinstance(error, AssertionError)


OPTUNA_TABLES = frozenset(
    {
        "alembic_version",
        "studies",
        "study_directions",
        "study_system_attributes",
        "study_user_attributes",
        "trial_heartbeats",
        "trial_intermediate_values",
        "trial_params",
        "trial_system_attributes",
        "trial_user_attributes",
        "trial_values",
        "trials",
        "version_info",
    }
)


def _check_tables(location: Location, options: dict[str, Any], *, write: bool) -> None:
    """Refuse a database of another program, before Optuna adds its tables to it."""
    import sqlalchemy

    try:
        engine = sqlalchemy.create_engine(location.engine_url, **options)
    except ValueError as error:  # a port that is no number, say
        raise StorageError(f"{location} is not a database URL: {redacted(str(error))}.") from error
    try:
        tables = set(sqlalchemy.inspect(engine).get_table_names())
    finally:
        engine.dispose()
    # Some of Optuna's tables and no others: a process was killed while it made them.
    whole = {"studies", "trials", "version_info"} <= tables
    if not (whole or tables <= OPTUNA_TABLES):
        raise StorageError(
            f"{location} is a database of another program: it has tables, but not Optuna's. "
            "It was left as it is; name another storage with --storage."
        )
    if not whole and not write:  # reading makes no tables
        raise _no_studies(str(location))
