"""Metrics of many models at once, from their logits a chunk of samples at a time.

Shapes: logits (rows, n_classes, n_models), labels and weights (rows,), as in batched.py. What is
kept is small: sums by class and model, from which counts.py has the metrics.
"""

import numpy as np
from numpy.typing import NDArray

from hpsoft.softmax.batched import exponentials
from hpsoft.softmax.counts import accuracy, balanced_accuracy, macro_f1
from hpsoft.softmax.metric import MANY_CLASSES
from hpsoft.softmax.probabilities import Array

BYTE = 255  # the sum of so many marks fits in a byte, and bytes are added fastest

Sums = NDArray[np.float64]


class Tally:
    """Sums over the samples seen so far; samples count by their weights, 1 where none is given."""

    def __init__(self, n_classes: int, n_models: int) -> None:
        """Begin with no sample."""
        self.cost = np.zeros(n_models)
        self.support = np.zeros((n_classes, 1))
        self.right, self.called = np.zeros((2, n_classes, n_models))
        self.near = np.zeros(n_models)  # samples whose class is one of the five most likely
        self._classes = np.arange(n_classes)[:, None]

    def add(self, logits: Array, labels: NDArray[np.intp], weights: Array | None = None) -> None:
        """Add samples; their logits are overwritten."""
        at_label = logits[np.arange(len(labels)), labels]
        largest = logits.max(axis=1)
        hit, foremost = self._predicted(logits, labels, at_label, largest)
        present = np.unique(labels)  # of many classes few are in a chunk
        of_class = (present[:, None] == labels).astype(logits.dtype)  # (n_present, rows)
        if weights is not None:
            of_class *= weights
        self.support[present] += of_class.sum(axis=1, keepdims=True)
        self.right[present] += of_class @ hit.astype(logits.dtype)
        self.called += _sums(foremost, weights)
        if len(self._classes) > MANY_CLASSES:
            self.near += _sums(among_5(logits, labels, at_label), weights)
        losses = np.log(exponentials(logits, largest)) + (largest - at_label)
        if weights is not None:
            losses *= weights[:, None]
        self.cost += losses.sum(axis=0, dtype=np.float64)

    def _predicted(
        self, logits: Array, labels: NDArray[np.intp], at_label: Array, largest: Array
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return where the label is predicted, and which class is; ties go to the first class."""
        foremost = logits == largest[:, None]
        if np.count_nonzero(foremost) <= np.count_nonzero(~np.isnan(largest)):
            return at_label == largest, foremost
        first = logits.argmax(axis=1)
        return first == labels[:, None], first[:, None] == self._classes

    def scores(self) -> dict[str, Sums]:
        """Return every metric of every model by name, (n_models,); NaN where the cost is none."""
        total = self.support.sum()
        found = {
            "cross_entropy": self.cost / total,
            "accuracy": accuracy(self.right, self.support),
            "balanced_accuracy": balanced_accuracy(self.right, self.support),
            "macro_f1": macro_f1(self.right, self.called, self.support),
        }
        if len(self._classes) > MANY_CLASSES:
            found["top_5"] = np.minimum(self.near / total, 1.0)
        finite = np.isfinite(self.cost)
        return {name: np.where(finite, values, np.nan) for name, values in found.items()}


def among_5(logits: Array, labels: NDArray[np.intp], at_label: Array) -> NDArray[np.bool_]:
    """Return whose class is one of the five most likely; ties go to later classes.

    So scikit-learn's top_k_accuracy_score counts them, though its argmax takes the first.
    """
    above = logits > at_label[:, None]
    equal = logits == at_label[:, None]
    if np.count_nonzero(equal) > np.count_nonzero(~np.isnan(at_label)):
        later = np.arange(logits.shape[1]) > labels[:, None]
        above |= equal & later[..., None]
    marks, n_above = above.view(np.uint8), np.zeros(at_label.shape, np.intp)
    for first in range(0, marks.shape[1], BYTE):
        n_above += np.einsum("rkm->rm", marks[:, first : first + BYTE])
    return n_above < MANY_CLASSES


def _sums(marks: NDArray[np.bool_], weights: Array | None) -> Sums:
    """Return how many samples are marked, or the sum of their weights, over the first axis."""
    if weights is None:
        narrow = np.uint8 if len(marks) <= BYTE else np.intp
        return np.asarray(marks.view(np.uint8).sum(axis=0, dtype=narrow), np.float64)
    return np.asarray(np.tensordot(weights.astype(np.float64), marks, axes=1))
