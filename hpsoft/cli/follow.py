"""Work that tells how far it is, shown until it ends with its report."""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from hpsoft.system.interrupts import interruptible
from hpsoft.system.steps import to_the_end

P = TypeVar("P")
R = TypeVar("R")


def follow(work: Generator[P, None, R], showing: AbstractContextManager[Callable[[P], None]]) -> R:
    """Show what happens until the work ends with its result; end it in any case."""
    try:
        first = next(work)  # after the imports, in which nothing may be interrupted
    except StopIteration as end:
        return end.value
    with interruptible(), showing as show:
        show(first)
        return to_the_end(work, show)


@contextmanager
def keeping(
    last: list[P], showing: AbstractContextManager[Callable[[P], None]]
) -> Iterator[Callable[[P], None]]:
    """Show events, and keep the last of them for whoever survives an interrupt."""
    with showing as show:

        def kept(event: P) -> None:
            last[:] = [event]
            show(event)

        yield kept
