"""Work that tells how far it is, shown until it ends with its report."""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from itertools import chain
from typing import TypeVar, cast

from hpsoft.system.interrupts import interruptible

P = TypeVar("P")
R = TypeVar("R")


def report_of(
    work: Generator[P | R, None, None],
    kind: type[R],
    showing: AbstractContextManager[Callable[[P], None]],
) -> R:
    """Show every event but the last, which is the report; end the work in any case."""
    with closing(work) as events:
        first = next(events)  # after the imports, in which nothing may be interrupted
        with interruptible(), showing as show:
            for event in chain([first], events):
                if isinstance(event, kind):
                    return event
                show(cast("P", event))
    raise AssertionError("the last event is the report")


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
