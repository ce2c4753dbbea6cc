"""Ctrl-C: leave at once, but where there is something to tell or to put away.

Python's own KeyboardInterrupt in the middle of an import can come out as any error, so it is
raised within `interruptible` only. Imports nothing heavy: it has to be there first.
"""

import atexit
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
_happened: list[int] = []  # signals that became a KeyboardInterrupt
_held: list[int] = []  # those that `uninterrupted` waits to let through


def install() -> None:
    """From now on Ctrl-C ends the process; not where whoever started it has it ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # The last thing done at the exit: Python takes its handlers away just after.
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGINT, leave)


def leave(_number: int, _frame: FrameType | None) -> None:
    """Say so and end the process, whatever it is in the middle of."""
    try:
        os.write(2, b"Interrupted.\n")
    finally:
        os._exit(INTERRUPTED)


@contextmanager
def interruptible() -> Iterator[None]:
    """Make the first Ctrl-C within a KeyboardInterrupt; a second one does not wait for the end."""
    if signal.getsignal(signal.SIGINT) is not leave:
        yield
        return
    signal.signal(signal.SIGINT, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, leave)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, leave)
    _happened.append(number)
    raise KeyboardInterrupt


def happened() -> bool:
    """Tell whether an error may come from a KeyboardInterrupt that fell into an import."""
    return bool(_happened)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back until the block has ended, then let it through, once."""
    if not _in_main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda number, _: _held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if _held:
            _held.clear()
            signal.raise_signal(signal.SIGINT)


def let_through() -> None:
    """Let a Ctrl-C that was held back through now: the block waits, and has not written yet.

    Raises:
        KeyboardInterrupt: there was one.
    """
    if _held:
        _held.clear()
        raise KeyboardInterrupt


@contextmanager
def blocked() -> Iterator[None]:
    """Keep Ctrl-C from processes started within, until they have said what it shall do to them.

    They inherit the mask of this thread. Windows has none: nothing is done there.
    """
    if sys.platform == "win32":
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # its start would take the mask off
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def noted() -> Iterator[list[int]]:
    """Tell the user's Ctrl-C from a KeyboardInterrupt that a plugin raises: it is in the list."""
    signals: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or not _in_main_thread():
        yield signals
        return

    def note(number: int, frame: FrameType | None) -> None:
        signals.append(number)
        before(number, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield signals
    finally:
        if signal.getsignal(signal.SIGINT) is note:
            signal.signal(signal.SIGINT, before)


def _in_main_thread() -> bool:
    """Tell whether this thread may have handlers: no other one may."""
    return threading.current_thread() is threading.main_thread()
