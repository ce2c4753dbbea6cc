"""Work that tells how far it is: a generator that yields what happens and returns the result."""

from collections.abc import Callable, Generator
from contextlib import closing
from typing import TypeVar

P = TypeVar("P")
R = TypeVar("R")


def ignore(_: object) -> None:
    """Show nothing."""


def to_the_end(work: Generator[P, None, R], show: Callable[[P], None] = ignore) -> R:
    """Do the work to its end, showing what happens, and return its result.

    >>> def work():
    ...     yield "half"
    ...     return "whole"
    >>> to_the_end(work(), print)
    half
    'whole'
    """
    with closing(work):
        while True:
            try:
                event = next(work)
            except StopIteration as end:
                return end.value
            show(event)
