"""Processes that work for this one: they ignore Ctrl-C and end with it, one BLAS thread each."""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from multiprocessing.connection import Connection
from multiprocessing.util import Finalize
from types import TracebackType
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar

from threadpoolctl import threadpool_limits

from hpsoft.errors import HpsoftError
from hpsoft.system import room, streams
from hpsoft.system.interrupts import blocked, uninterrupted
from hpsoft.system.spawning import SpawnWithoutMain

S = TypeVar("S")
T = TypeVar("T")
P = ParamSpec("P")


class WorkersError(HpsoftError):
    """Worker processes cannot be had."""


class Pool(Generic[S]):
    """`n` processes; all of them end when this one closes them, or dies."""

    def __init__(self, n: int, share: Callable[..., S], *arguments: Any) -> None:
        """Take the number of processes, and what each calls once to have what its tasks share."""
        self._n, self._share, self._arguments = n, share, arguments

    def __enter__(self) -> Self:
        """Start the processes.

        Raises:
            WorkersError: they cannot be started, or one of them dies at once.
        """
        context = SpawnWithoutMain()
        with start_errors(), ExitStack() as opening:
            read_end, self._lifeline = context.Pipe(duplex=False)
            self._executor = ProcessPoolExecutor(
                self._n,
                context,
                initializer=_begin,
                initargs=(read_end, self._share, self._arguments),
            )
            opening.callback(read_end.close)
            opening.callback(self._lifeline.close)
            opening.callback(self._executor.shutdown, cancel_futures=True)
            opening.push(self._cut)
            # Both inherited: Ctrl-C is for this process alone, and a BLAS that is imported later,
            # out of reach of threadpool_limits, starts with one thread.
            with uninterrupted(), blocked(), _one_blas_thread():
                ready = [self._executor.submit(_call, _nothing) for _ in range(self._n)]
            for future in ready:
                result(future)
            self._opened = opening.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the processes, in the middle of their tasks where there was an error."""
        self._opened.__exit__(kind, error, traceback)

    def _cut(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._lifeline.close()

    def submit(
        self, function: Callable[Concatenate[S, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> "Future[T]":
        """Call a function of what is shared, and of these, in a process that is free.

        Raises:
            HpsoftError: a process died.
        """
        with worker_errors():
            return self._executor.submit(_call, function, *args, **kwargs)


def result(future: "Future[T]") -> T:
    """Return what a task returned.

    Raises:
        HpsoftError: its process died.
    """
    with worker_errors():
        return future.result()


@contextlib.contextmanager
def worker_errors() -> Iterator[None]:
    """Say what to do about a worker process that was ended from outside."""
    try:
        yield
    except BrokenProcessPool as error:
        raise WorkersError(
            "A worker process was ended from outside, probably because memory ran out, or its "
            "start failed: what it printed is above. Finished trials of a search are stored: run "
            "the same command again, with --jobs 1 if it happens again."
        ) from error


@contextlib.contextmanager
def start_errors() -> Iterator[None]:
    """Say what keeps worker processes from being started."""
    if multiprocessing.current_process().daemon:
        raise WorkersError(
            "Worker processes cannot be started: this is a process of multiprocessing's that may "
            "start none itself (a daemon). Try --jobs 1, which needs none."
        )
    try:
        yield
    except (OSError, RuntimeError) as error:  # no room for semaphores; no processes, no threads
        first = error.__context__ if isinstance(error.__context__, RuntimeError) else error
        why = getattr(error, "strerror", None) or first
        raise WorkersError(
            f"Worker processes cannot be started: {why}. They need memory, room in /dev/shm and the "
            "right to start processes and threads (`ulimit -a`). Try --jobs 1, which needs none."
        ) from error


@contextlib.contextmanager
def _one_blas_thread() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in room.THREADS}
    os.environ.update(dict.fromkeys(room.THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


# --- in the processes ------------------------------------------------------------------------

SENDING_S = 1.0  # for a result to be sent
_computing = threading.Event()
_farewells: list[Callable[[], object]] = []
_shared: list[Any] = []  # one value, once the process has begun
_faults: list[Exception] = []  # of the start, told with the first task


def at_parents_end(farewell: Callable[[], object]) -> None:
    """Have something called before this process ends, because the other one has or wants it to.

    An idle process may notice by its queue of tasks, and end by itself.
    """
    _farewells.append(farewell)
    Finalize(None, farewell, exitpriority=0)


def _call(function: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
    for fault in _faults:
        raise fault
    _computing.set()
    try:
        return function(*_shared, *args, **kwargs)
    finally:
        _computing.clear()


def _nothing(_shared: object) -> None:
    """Do nothing: the process has started."""


def _begin(lifeline: Connection, share: Callable[..., object], arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    streams.install()
    threading.Thread(target=_end_with_parent, args=(lifeline,), daemon=True).start()
    threadpool_limits(1)
    try:
        room.take_buffers()
        _shared.append(share(*arguments))
    except Exception as error:  # noqa: BLE001 -- raised where it is awaited
        _faults.append(error)


def _end_with_parent(lifeline: Connection) -> None:
    """Wait for the end of the pipe that only the parent can write to, then end this process."""
    with contextlib.suppress(EOFError, OSError):
        lifeline.recv_bytes()
    # Not in the middle of sending a result: a parent that lives would wait for its second half.
    _computing.wait(SENDING_S)
    for farewell in _farewells:
        farewell()
    os._exit(1)
