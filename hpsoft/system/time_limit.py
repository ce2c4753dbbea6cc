"""The time that the user gives a search: of its own work, not of repeating what is stored."""

import math
import time
from collections.abc import Callable


class TimeLimit:
    """Seconds from `start`; time is not up before that."""

    def __init__(
        self, seconds: float | None = None, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        """Take the seconds; None: no limit."""
        self.seconds = math.inf if seconds is None else seconds
        self._clock = clock
        self._began: float | None = None

    def start(self) -> None:
        """Count from now, if that has not begun."""
        if self._began is None:
            self._began = self._clock()

    def left(self) -> float:
        """Return the seconds left: infinite without a limit, 0 where time is up."""
        passed = 0.0 if self._began is None else self._clock() - self._began
        return max(0.0, self.seconds - passed)

    def is_up(self) -> bool:
        """Tell whether nothing new is to begin any more."""
        return self.left() == 0
