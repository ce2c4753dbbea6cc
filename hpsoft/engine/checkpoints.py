"""States of blocks in progress, in files: a search that was killed goes on where its blocks were.

A file holds the states of a block's sound models, one a fold, at one horizon value. It is written
once their trials are stored, so a state never runs ahead of the trials; one that lags behind, or
does not fit the models that are left, is not used. A state depends on the search and its horizon
value alone, so which run wrote it does not matter.
"""

import hashlib
import io
import json
import os
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.engine.plan import Block
from hpsoft.engine.train import Snapshot, models_of, select_each, select_models
from hpsoft.optimizers.protocol import State
from hpsoft.system.files import UNREADABLE, write_whole

LARGEST = 1 << 28  # bytes of a state; larger ones take longer to write than they are worth
_STATE = "state."
_DAMAGED = (*UNREADABLE, OSError, EOFError, LookupError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class Begun:
    """A block that was trained up to `done`, all of its models alive."""

    done: int
    states: tuple[State, ...]  # one a fold


class Checkpoints:
    """The states of one search's blocks in a folder."""

    def __init__(self, folder: Path | None, search: str, largest: int = LARGEST) -> None:
        """Take the folder, or None to keep nothing, and all that a state follows from, as text.

        States of more than `largest` bytes are not kept.
        """
        self._folder, self._search, self._largest = folder, search, largest

    def save(self, snapshot: Snapshot) -> None:
        """Save the state of the models that go on; call it once the snapshot's trials are stored.

        Where the folder takes no more, nothing is saved: a kill then costs time, and no trial.
        """
        if self._folder is None:
            return
        block = snapshot.block
        path = self._path(block)
        going_on = snapshot.going_on
        given = [array for state in snapshot.states for array in state.values()]
        fits = sum(array.nbytes for array in given) <= self._largest
        is_plain = not any(array.dtype.hasobject for array in given)  # pickled otherwise
        with suppress(OSError):
            if not (going_on.any() and fits and is_plain):
                path.unlink(missing_ok=True)
                self._folder.rmdir()  # if that was the last
                return
            file = io.BytesIO()
            arrays = {
                f"{_STATE}{fold}.{name}": array
                for fold, state in enumerate(select_each(snapshot.states, going_on))
                for name, array in state.items()
            }
            arrays["horizon"] = np.array(snapshot.horizon)
            arrays["n_folds"] = np.array(len(snapshot.states))
            arrays["models"] = _values(block, snapshot.sound[going_on])
            np.savez(file, **arrays)  # type: ignore[arg-type]
            self._folder.mkdir(mode=0o700, exist_ok=True)
            if _is_ours(self._folder):
                write_whole(path, file.getvalue())

    def begun(self, block: Block) -> Begun | None:
        """Return how far a block was.

        None where a model of it is missing, or a trial is left that ends no later.
        """
        first = min(min(model.trials) for model in block.models)
        wanted = _values(block, np.arange(len(block.models)))
        found = [begun for begun in self._found(block, wanted) if begun.done < first]
        return max(found, key=lambda begun: begun.done, default=None)

    def clear(self) -> None:
        """Delete all states."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _found(self, block: Block, wanted: NDArray[np.float64]) -> Iterator[Begun]:
        if self._folder is None or not _is_ours(self._folder):
            return
        for path in sorted(self._folder.glob(f"{self._structure(block)}-*.npz")):
            with suppress(*_DAMAGED):
                file = np.load(io.BytesIO(path.read_bytes()), allow_pickle=False)
                place = {tuple(values): column for column, values in enumerate(file["models"])}
                columns = np.array([place[tuple(values)] for values in wanted])
                states = [_state(file, fold) for fold in range(int(file["n_folds"]))]
                kept = tuple(select_models(state, columns) for state in states)
                yield Begun(int(file["horizon"]), kept)

    def _path(self, block: Block) -> Path:
        assert self._folder is not None, "checked by the caller"
        models = _values(block, np.arange(len(block.models)))
        return self._folder / f"{self._structure(block)}-{_digest(models.tobytes())}.npz"

    def _structure(self, block: Block) -> str:
        told = json.dumps([self._search, dict(block.structure), block.column_names])
        return _digest(told.encode())


def _state(file: Mapping[str, Any], fold: int) -> State:
    """Return the arrays of a fold's state in a file."""
    prefix = f"{_STATE}{fold}."
    return {name.removeprefix(prefix): file[name] for name in file if name.startswith(prefix)}


def _is_ours(folder: Path) -> bool:
    """Tell whether nobody else made the folder: in a place that all may write to, say."""
    with suppress(OSError):
        about, me = folder.lstat(), getattr(os, "geteuid", lambda: 0)()
        return stat.S_ISDIR(about.st_mode) and about.st_uid == me
    return False


def _values(block: Block, models: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the columnar values of some models of a block: (n_models, n_hyperparameters)."""
    columns = models_of(block, models).columns.values()
    return np.stack([np.zeros(len(models)), *columns], axis=1)[:, 1:]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
