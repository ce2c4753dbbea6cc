"""Ctrl-C: leave at once, but where there is something to tell or to put away.

Python's own KeyboardInterrupt in the middle of an import can come out as any error, so it is
raised within `interruptible` only. Imports nothing heavy: it has to be there first.
"""

import atexit
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
_happened: list[int] = []  # signals that became a KeyboardInterrupt


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
