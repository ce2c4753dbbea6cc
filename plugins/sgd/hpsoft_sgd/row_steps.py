"""The steps of single samples: those of their mini-batches, times what the samples count.

With weights every sample has a step of its own for each model. They are made for many mini-batches
at once: small ones would spend more on the calls than on the numbers. Shapes:

    steps    (rows, n_models)     -f_i * learning_rate / |j| / rho^(j+1), in the order of the pass
    targets  (n, n_models)        the same of the samples alone whose class is trained
"""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers import Array, Weighting

ROWS = 256  # at a time, or a slab where that is more: the second-level cache holds them


def n_rows(slab: int, batch_size: int) -> int:
    """Return how many steps are made at once, at most: those of whole mini-batches."""
    return max(slab, ROWS // batch_size * batch_size)


class RowSteps:
    """Those of one pass, some mini-batches at a time."""

    def __init__(
        self,
        weighting: Weighting,
        order: NDArray[np.intp],
        trained: NDArray[np.intp],
        buffer: Array,
        batch_size: int,
    ) -> None:
        """Take where in `order` the samples of trained classes are, and (n, n_models) of room."""
        self.weighting = weighting
        self.order = order
        self.trained = trained
        self.batch_size = batch_size
        ends = range(0, len(order) + batch_size, batch_size)
        self._n_before = np.searchsorted(trained, ends).tolist()  # each mini-batch: of `trained`
        self.steps = buffer
        self.by_class = buffer[:, None]  # (n, 1, n_models), the same memory
        self.first = self.end = 0  # which rows of the order the buffer holds
        self.targets = buffer[:0]
        self._first_target = 0

    def begin(self, negative_step: Array) -> None:
        """Have nothing to do: those of many mini-batches are made at once."""

    def of(self, first: int, end: int) -> Array:
        """Return those of some rows, counted from the first that is made: (n, 1, n_models)."""
        return self.by_class[first:end]

    def fill(self, first: int, negative_steps: Array) -> None:
        """Make those of the mini-batches from row `first` on: negative_steps (n, n_models)."""
        batch_size, n_before = self.batch_size, self._n_before
        after = first + len(negative_steps) * batch_size
        self.first, self.end = first, min(after, len(self.order))
        steps = self._factors(self.order[self.first : self.end])
        n_full = len(steps) // batch_size
        full = steps[: n_full * batch_size].reshape(n_full, batch_size, steps.shape[1])
        full *= negative_steps[:n_full, None]
        steps[n_full * batch_size :] *= negative_steps[-1]  # of the last of a pass, if it is short
        self._first_target = n_before[first // batch_size]
        end = n_before[min(after // batch_size, len(n_before) - 1)]
        self.targets = steps.take(self.trained[self._first_target : end] - first, 0)

    def _factors(self, samples: NDArray[np.intp]) -> Array:
        """Write the factors of some samples into the buffer, and return them."""
        weighting, factors = self.weighting, self.steps[: len(samples)]
        if weighting.classes is None:
            factors[...] = weighting.of(samples)
            return factors
        weighting.classes.take(weighting.labels[samples], 0, factors, "clip")
        if weighting.samples is not None:
            factors *= weighting.samples[samples][:, None]
        return factors

    def of_targets(self, bounds: Iterable[tuple[int, int]]) -> Iterator[Array]:
        """Yield the steps of the samples of trained classes, between such bounds among them."""
        for first, end in bounds:
            yield self.targets[first - self._first_target : end - self._first_target]

    def stop(self, lost: NDArray[np.bool_]) -> None:
        """Take no step any more with some models."""
        self.steps[:, lost] = self.targets[:, lost] = 0.0
