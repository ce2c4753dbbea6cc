"""From logits to the gradient with respect to them, in place: softmax minus one-hot.

Shapes: logits (rows, n_classes, n_models), labels (rows,).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

ROWS = 64  # at a time: logits of a block and their passes stay in the second-level cache
SAFE = 1e20  # sums of exponentials between its inverse and itself lose nothing in float32


def residual(logits: Array, labels: NDArray[np.intp], weight: float) -> None:
    """Overwrite logits by weight * (softmax - one-hot); where they are not finite, by NaN."""
    for first in range(0, len(labels), ROWS):
        part = logits[first : first + ROWS]
        np.multiply(_softmax(part), weight, out=part)
        part[np.arange(len(part)), labels[first : first + ROWS]] -= weight


def _softmax(logits: Array) -> Array:
    """Return the softmax over the classes; shifted by the largest logit only where it must be."""
    exponentials = np.exp(logits)
    total = np.einsum("rkm->rm", exponentials)
    if not (total.max() < SAFE and total.min() > 1 / SAFE):  # also where it is NaN
        np.exp(logits - logits.max(axis=1, keepdims=True), out=exponentials)
        total = np.einsum("rkm->rm", exponentials)
    exponentials /= total[:, None]
    return exponentials
