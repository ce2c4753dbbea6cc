"""The steps of samples where only their classes count: a table of a row for each class.

The step of a mini-batch times the factors of the classes is made once, and each chunk copies the
rows of its samples from there while both are in the first cache. Shapes:

    table    (n_classes, n_models)    -c_k * learning_rate / |j| / rho^(j+1) of one mini-batch
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers import Array, Weighting
from hpsoft_sgd.row_steps import RowSteps

SAMPLES = 2  # of a mini-batch, a class at least: fewer are made for many mini-batches at once


class ClassSteps:
    """Those of one pass, a mini-batch at a time, as `RowSteps` has them."""

    first = 0  # all rows of the pass are there

    def __init__(
        self, classes: Array, labels: NDArray[np.intp], trained: NDArray[np.intp], buffer: Array
    ) -> None:
        """Take labels in the order of the pass, and which of them are trained."""
        self.end = len(labels)
        self._classes = classes
        self._table = np.zeros_like(classes)
        self._labels, self._trained = labels, labels[trained]
        self._rows, self._by_class = buffer, buffer[:, None]  # (n, 1, n_models), the same memory

    def begin(self, negative_step: Array) -> None:
        """Make those of a mini-batch with this step (n_models,)."""
        np.multiply(self._classes, negative_step, out=self._table)

    def of(self, first: int, end: int) -> Array:
        """Return those of some rows of the mini-batch, (n, 1, n_models)."""
        n = end - first
        self._table.take(self._labels[first:end], 0, self._rows[:n], "clip")
        return self._by_class[:n]

    def of_targets(self, bounds: Iterable[tuple[int, int]]) -> Iterator[Array]:
        """Yield those of the samples of trained classes, between such bounds among them."""
        return (self._table.take(self._trained[first:end], 0) for first, end in bounds)

    def stop(self, lost: NDArray[np.bool_]) -> None:
        """Take no step any more with some models."""
        self._table[:, lost] = 0.0  # of which those of any rows are copied anew


SampleSteps: TypeAlias = RowSteps | ClassSteps


def steps_of(
    weighting: Weighting,
    labels: NDArray[np.intp],
    order: NDArray[np.intp],
    trained: NDArray[np.intp],
    buffer: Array,
    batch_size: int,
) -> SampleSteps:
    """Return those of one pass: `labels` in its order, and where in it those trained are."""
    classes, samples = weighting.classes, weighting.samples
    if samples is None and classes is not None and batch_size >= SAMPLES * len(classes):
        return ClassSteps(classes, labels, trained, buffer)
    return RowSteps(weighting, order, trained, buffer, batch_size)
