"""Shows how far some work is: redrawn in terminals and notebooks, else a line now and then."""

import contextlib
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Self

from rich.console import Console, RenderableType
from rich.live import Live

from hpsoft.report.live.notebook import in_place
from hpsoft.report.text.console import say

REFRESHES_PER_SECOND = 4  # costs nothing measurable
SECONDS_BETWEEN_LINES = 5.0
SECONDS_BEFORE_THE_FIRST = 2.0
SECONDS_BETWEEN_LOOKS = 0.5  # for a line that is due while nothing happens


class Ticker:
    """Asks for a drawing as often as a terminal shows one, or for a line when one is due."""

    def __init__(
        self,
        console: Console,
        drawing: Callable[[], RenderableType],
        line: Callable[[], str],
        clock: Callable[[], float] = time.monotonic,
        *,
        delay: float = SECONDS_BEFORE_THE_FIRST,
        poll: float = SECONDS_BETWEEN_LOOKS,
    ) -> None:
        """Take where to show, and the two ways to show it; the first line comes after `delay`."""
        self._console, self._line, self._clock, self._poll = console, line, clock, poll
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
        self._show: Callable[[str], None] = partial(say, console)
        self._pause = SECONDS_BETWEEN_LINES
        if console.is_jupyter and not console.quiet:
            self._show, self._pause = in_place(), poll
        self._due = clock() + delay
        self._last = ""  # line
        self._printing = threading.Lock()
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._live:
            self._live.start()
        elif not self._console.quiet:  # what happens may be minutes apart
            threading.Thread(target=self._keep_ticking, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Leave the terminal as it was; elsewhere the last of several lines says how it ended."""
        self._ended.set()
        if self._live:
            self._live.stop()
        elif self._last and kind is None:
            self._print(self._clock())

    def tick(self) -> None:
        """Notice that something happened."""
        if self._live is None:
            self._print(self._due)

    def _print(self, due: float) -> None:
        with self._printing:
            if self._clock() >= due and (line := self._line()) not in {"", self._last}:
                self._show(line)
                self._last, self._due = line, self._clock() + self._pause

    def _keep_ticking(self) -> None:
        with contextlib.suppress(OSError):  # the reader closed the pipe: the main thread sees it
            while not self._ended.wait(self._poll):
                self.tick()
