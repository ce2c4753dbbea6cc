"""Shows how far the training of chosen trials is."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

from hpsoft.engine.points import Progress
from hpsoft.report.live.countdown import Countdown
from hpsoft.report.live.ticker import Ticker
from hpsoft.report.text.console import say


@contextmanager
def show_retraining(console: Console) -> Iterator[Callable[[Progress], None]]:
    """Show the work for as long as the context lasts."""
    work = Retraining()

    def show(event: Progress) -> None:
        if event.what != work.what:
            say(console, f"Training {event.what} ...")
        work.take(event)
        ticker.tick()

    with Ticker(console, work.line, work.line) as ticker:
        yield show


class Retraining:
    """How far the work is, as one line."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with nothing begun."""
        self.what, self._share, self._countdown = "", 0.0, Countdown(clock)

    def take(self, event: Progress) -> None:
        """Notice a message."""
        self.what, self._share = event.what, event.done / event.total
        left = event.seconds * (1 / self._share - 1) if event.done else None
        self._countdown.set(left)

    def line(self) -> str:
        """Return the state; the time left is an upper bound where models converge."""
        if not self.what:
            return ""
        return f"{self.what}: {self._share:.0%}, {self._countdown.text('at most ')}"
