"""How long replays will take, from those that have ended.

A method that was not measured yet takes its work times what a unit of it took the nearest method
of the same sampler and pruner. Work: n trials, or n^GROWTH of a sampler that looks at all trials
before, each time that it is asked.
"""

from collections import defaultdict
from collections.abc import Sequence

from hpsoft.assess.replay import Method
from hpsoft.study.identity import NONE
from hpsoft.tuning.samplers import is_adaptive

GROWTH = 1.7  # measured: 100, 300 and 1000 trials of TPE take 0.35, 2.1 and 17.5 s


class ReplayTimes:
    """Seconds of replays, by method."""

    def __init__(self, methods: Sequence[Method], seeds: int, n_workers: int) -> None:
        """Take what is to be replayed: every method with every seed."""
        self._methods, self._seeds, self._n_workers = methods, seeds, n_workers
        self._measured: dict[int, list[float]] = defaultdict(list)

    @property
    def order(self) -> list[tuple[int, int]]:
        """Places of methods, and seeds, as they are best replayed.

        The quickest method of every sampler and pruner first, which tells of the others; then seed
        by seed, so that whatever ends early has told of all methods.
        """
        by_size = sorted(range(len(self._methods)), key=lambda i: self._methods[i].n_trials)
        first: dict[tuple[str, str], int] = {}
        for i in by_size:
            first.setdefault(self._kind(i), i)
        order = sorted(by_size, key=lambda i: i not in first.values())
        return [(i, seed) for seed in range(self._seeds) for i in order]

    def add(self, method: int, seconds: float) -> None:
        """Notice how long a replay took."""
        self._measured[method].append(seconds)

    def left(self, passed: float) -> float | None:
        """Return the seconds left when so many have passed; None while some sampler is unknown."""
        each = [self._seconds(i) for i in range(len(self._methods))]
        known = [seconds for seconds in each if seconds is not None]
        if len(known) < len(each):
            return None
        return max(self._seeds * sum(known) / self._n_workers, *known) - passed

    def _seconds(self, method: int) -> float | None:
        alike = [i for i in self._measured if self._kind(i) == self._kind(method)]
        if not alike:
            return None
        work = _work(self._methods[method])
        nearest = min(alike, key=lambda i: abs(_work(self._methods[i]) - work))
        found = self._measured[nearest]
        return sum(found) / len(found) * work / _work(self._methods[nearest])

    def _kind(self, method: int) -> tuple[str, str]:
        return self._methods[method].sampler, self._methods[method].pruner


def _work(method: Method) -> float:
    return method.n_trials ** (GROWTH if is_adaptive(method.sampler, NONE) else 1.0)
