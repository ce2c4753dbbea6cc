"""Where tasks run: in this process, or in one process per core with the data shared.

Why processes and not threads: between two matrix products a small mini-batch needs a dozen short
NumPy calls, and two threads spend a fifth of their time waiting for each other's interpreter
lock (tests/benchmarks/README.md has the figures). Each process keeps one BLAS thread. The
arrays are written once to a temporary folder and memory-mapped by all.
"""

import hashlib
import os
import pickle
import shutil
import socket
import sys
import tempfile
import warnings
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from threadpoolctl import threadpool_limits

from hpsoft.engine.pool import Pool, WorkersError, at_parents_end
from hpsoft.engine.setup import TrainingSetup
from hpsoft.engine.sharing import Shared, bare, mapped, share
from hpsoft.engine.train import Snapshot, Task, train
from hpsoft.errors import OneProcessWarning
from hpsoft.optimizers.errors import optimizer_errors
from hpsoft.system.endings import put_away

_PREFIX = "hpsoft-workers-"  # of the folder; where its owner runs and its process id follow


class Workers(Protocol):
    """Something that runs tasks, `n` at a time."""

    n: int
    in_background: bool  # whether `submit` returns before the task has run

    def submit(self, task: Task) -> "Future[Snapshot]":
        """Start a task."""
        ...


class Inline:
    """Runs each task at once in this process, on one BLAS thread."""

    n = 1
    in_background = False

    def __init__(self, setup: TrainingSetup) -> None:
        """Take what all tasks share."""
        self._setup = setup

    def __enter__(self) -> Self:
        """Limit BLAS to one thread."""
        self._limits = threadpool_limits(1)
        return self

    def __exit__(self, *_: object) -> None:
        """Give BLAS its threads back."""
        self._limits.restore_original_limits()

    def submit(self, task: Task) -> "Future[Snapshot]":
        """Run the task before returning."""
        future: Future[Snapshot] = Future()
        future.set_result(train(self._setup, task))
        return future


class Processes:
    """One process a core; all of them end when this one closes them, or dies."""

    in_background = True

    def __init__(self, setup: TrainingSetup, n: int) -> None:
        """Take what all tasks share, and the number of processes."""
        self._setup = setup
        self.n = n

    def __enter__(self) -> Self:
        """Share the arrays and start the processes.

        Raises:
            WorkersError: the temporary folder takes no more data, or a process cannot be started
                or dies at once.
        """
        remove_leftovers()
        without = bare(self._setup)  # workers map the files
        with optimizer_errors(without.optimizer):  # told here; by the pool it would be a traceback
            pickle.loads(pickle.dumps(without.optimizer))  # noqa: S301 -- of our own making
        with ExitStack() as opening:
            opening.enter_context(put_away(_remove_own))
            folder = _folder()
            opening.callback(shutil.rmtree, folder, ignore_errors=True)
            told = without, self._share(Path(folder)), Path(folder)
            self._pool = opening.enter_context(Pool(self.n, _mapped_setup, *told))
            self._opened = opening.pop_all()
        return self

    def _share(self, folder: Path) -> Shared:
        try:
            return share(self._setup, folder)
        except OSError as error:
            raise _no_room(error) from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the processes, in the middle of their tasks where there was an error."""
        self._opened.__exit__(kind, error, traceback)

    def submit(self, task: Task) -> "Future[Snapshot]":
        """Start a task in a process that is free.

        Raises:
            HpsoftError: a process died.
        """
        return self._pool.submit(train, task)


@contextmanager
def make_workers(setup: TrainingSetup, n: int) -> Iterator[Inline | Processes]:
    """Let `n` workers run; one, in this process, where others cannot be had, with a warning.

    Raises:
        WorkersError: they cannot be had, and OneProcessWarning is an error.
    """
    with ExitStack() as opening:
        workers: Inline | Processes
        workers = opening.enter_context(Inline(setup)) if n == 1 else _processes(setup, n, opening)
        yield workers


def _processes(setup: TrainingSetup, n: int, opening: ExitStack) -> "Inline | Processes":
    try:
        return opening.enter_context(Processes(setup, n))
    except WorkersError as error:
        try:
            told = str(error).replace("--jobs 1", "jobs=1")  # commands make an error of it
            warnings.warn(f"{told} This one goes on alone.", OneProcessWarning, stacklevel=2)
        except OneProcessWarning:
            raise error from error.__cause__
    return opening.enter_context(Inline(setup))


def _folder() -> str:
    try:
        return tempfile.mkdtemp(prefix=f"{_prefix()}{os.getpid()}-")
    except OSError as error:
        raise _no_room(error) from error


def _no_room(error: OSError) -> WorkersError:
    return WorkersError(
        f"The data cannot be shared with the worker processes: {error}. Free some room in "
        f"{tempfile.gettempdir()}, set TMPDIR to another folder, or use --jobs 1."
    )


def _prefix() -> str:
    """Return how folders of this machine begin: others, and containers, have pids of their own."""
    try:
        namespace = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        namespace = ""
    where = f"{socket.gethostname()} {namespace}".encode()
    return f"{_PREFIX}{hashlib.sha256(where).hexdigest()[:12]}-"


def remove_leftovers() -> None:
    """Delete the shared arrays of processes of ours that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_prefix()}*"):
        pid = folder.name.removeprefix(_prefix()).partition("-")[0]
        if pid.isdigit() and not _is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _remove_own() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_prefix()}{os.getpid()}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    if sys.platform == "win32":  # pragma: no cover -- there, signal 0 would end the process
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


# --- in the worker processes -----------------------------------------------------------------


def _mapped_setup(without: TrainingSetup, shared: Shared, folder: Path) -> TrainingSetup:
    """Return the setup that all tasks of a process share."""
    at_parents_end(partial(shutil.rmtree, folder, ignore_errors=True))  # kill -9 of the other one
    return mapped(without, shared, folder)
