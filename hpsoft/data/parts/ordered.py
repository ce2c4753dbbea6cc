"""Divisions by time: what is held out is never earlier than what is trained on.

Samples of one time are never divided, so sizes are as near as that allows to those of the rule:
the later share, or the windows of scikit-learn's `TimeSeriesSplit`.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from hpsoft.softmax.probabilities import Array

Mask = NDArray[np.bool_]


def later(times: Array, wanted: int) -> Mask:
    """Return which samples are the later part, `wanted` of them or as near as may be.

    None where all samples are of one time.
    """
    cuts = _cuts(times, [len(times) - wanted])
    return times >= cuts[0] if cuts else np.zeros(len(times), bool)


def windows(times: Array, n_folds: int) -> Iterator[tuple[Mask, Mask]]:
    """Yield for each fold what is trained on and what is held out: all before it, and the fold.

    The folds are the last n_folds * (n // (n_folds + 1)) samples, in order of time; none where
    there are not enough different times.
    """
    size = len(times) // (n_folds + 1)
    cuts = _cuts(times, [len(times) - (n_folds - i) * size for i in range(n_folds)])
    for i, cut in enumerate(cuts):
        before_next = times < cuts[i + 1] if i + 1 < len(cuts) else np.ones(len(times), bool)
        yield times < cut, (times >= cut) & before_next


def _cuts(times: Array, wanted: list[int]) -> list[Array]:
    """Return times, ascending, with about as many samples before each as wanted; [] if too few.

    At least one sample lies before the first, and one from each to the next.
    """
    different, counts = np.unique(times, return_counts=True)
    before = np.cumsum(counts) - counts  # samples before each of the different times
    found: list[int] = []
    for i, n in enumerate(wanted):
        lowest = found[-1] + 1 if found else 1
        highest = len(different) - len(wanted) + i
        if lowest > highest:
            return []
        found.append(lowest + int(np.argmin(np.abs(before[lowest : highest + 1] - n))))
    return [different[i] for i in found]
