"""Storages that are open already: studies in memory, and what the user has of Optuna's own.

Such a study has one writer in this process; another process is kept away by nobody.
"""

import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from hpsoft.errors import StorageError, StudyError
from hpsoft.study.storage.location import Backend, Location, locate

_writing: set[tuple[int, str]] = set()  # id of the storage, name of the study
_changing = threading.Lock()


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
        raise StorageError(
            f"storage takes a path such as 'NAME.journal', a URL or a storage of Optuna's, not "
            f"{type(storage).__name__}."
        )
    name = "memory" if isinstance(storage, InMemoryStorage) else type(storage).__name__
    return Location(Backend.OBJECT, name, None, given=storage)


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
