"""Shows how far some work is: redrawn in a terminal, a plain line now and then elsewhere."""

import time
from collections.abc import Callable
from typing import Self

from rich.console import Console, RenderableType
from rich.live import Live

from hpsoft.report.console import say

REFRESHES_PER_SECOND = 4  # costs nothing measurable
SECONDS_BETWEEN_LINES = 5.0


class Ticker:
    """Asks for a drawing as often as a terminal shows one, or for a line when one is due."""

    def __init__(
        self,
        console: Console,
        drawing: Callable[[], RenderableType],
        line: Callable[[], str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take where to show, and the two ways to show it."""
        self._console, self._line, self._clock = console, line, clock
        self._live: Live | None = None
        if console.is_terminal and not console.is_dumb_terminal and not console.quiet:
            self._live = Live(
                console=console,
                get_renderable=drawing,
                refresh_per_second=REFRESHES_PER_SECOND,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
        self._shown = clock()

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the terminal as it was."""
        if self._live:
            self._live.stop()

    def tick(self) -> None:
        """Notice that something happened."""
        if self._live is None and self._clock() - self._shown >= SECONDS_BETWEEN_LINES:
            say(self._console, self._line())
            self._shown = self._clock()
