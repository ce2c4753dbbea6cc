"""Shows how far the training of chosen trials is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console

from hpsoft.report.console import say
from hpsoft.report.format import duration
from hpsoft.report.live import Ticker
from hpsoft.search.retrain import Progress


class ShowProgress(Protocol):
    """Takes every Progress."""

    def __call__(self, event: Progress) -> None:
        """Notice it."""
        ...


@contextmanager
def show_retraining(console: Console) -> Iterator[ShowProgress]:
    """Show the work for as long as the context lasts."""
    last: list[Progress] = []

    def show(event: Progress) -> None:
        if not last or last[0].what != event.what:
            say(console, f"Training {event.what} ...")
        last[:] = [event]
        ticker.tick()

    def line() -> str:
        return progress_line(last[0]) if last else ""

    with Ticker(console, line, line) as ticker:
        yield show


def progress_line(event: Progress) -> str:
    """Return the state as one line; the time left is an upper bound where models converge."""
    left = event.seconds * (event.total - event.done) / event.done
    return f"{event.what}: {event.done / event.total:.0%}, ETA at most {duration(left)}"
