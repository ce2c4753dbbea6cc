"""Time left, which goes on passing between two messages about it."""

import time
from collections.abc import Callable

from hpsoft.report.text.format import duration


class Countdown:
    """Set it to the seconds left whenever they are known anew."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with nothing known."""
        self._clock = clock
        self._end: float | None = None

    def set(self, seconds: float | None) -> None:
        """Count from now; None: not known yet."""
        self._end = None if seconds is None else self._clock() + seconds

    def text(self, before: str = "") -> str:
        """Return the time left as text: ETA 12 s, ETA at most 12 s."""
        if self._end is None:
            return "ETA unknown yet"
        return f"ETA {before}{duration(max(0.0, self._end - self._clock()))}"
