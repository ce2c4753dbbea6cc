"""Ctrl-C between two writes, never within one."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_held: list[int] = []  # Ctrl-C that the block waits to let through


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C until the block has ended, then let it through."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def hold(number: int, _frame: FrameType | None) -> None:
        _held.append(number)

    before = signal.signal(signal.SIGINT, hold)
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
