"""Softmax of many models at once, in place: what the engine and its plugins compute with.

Shapes, in this module:

    logits    (rows, n_classes, n_models)   overwritten; any view, in float32 or float64
    labels    (rows,)                       integers 0 .. n_classes - 1
    sums      (rows, n_models)              over the classes

Every model is computed by itself: what is not finite in one stays there, and NumPy's warnings of
it are for the caller to switch off. Callers read the data a chunk of rows at a time, so that
logits are overwritten while they are in the cache.
"""

import numpy as np
from numpy.typing import NDArray

from hpsoft.softmax.probabilities import Array

ROWS = 64  # at a time: logits of a block and their passes stay in the second-level cache
SAFE = 1e20  # sums of exponentials between its inverse and itself lose nothing in float32


def exponentials(logits: Array, largest: Array) -> Array:
    """Overwrite logits by exp(logits - largest), largest (rows, n_models); return their sums."""
    np.subtract(logits, largest[:, None], out=logits)
    np.exp(logits, out=logits)
    return np.einsum("rkm->rm", logits)


def softmax(logits: Array) -> None:
    """Overwrite logits by p_k = exp(z_k) / sum_l exp(z_l)."""
    total = exponentials(logits, logits.max(axis=1))
    logits /= total[:, None]


def losses_and_residual(logits: Array, labels: NDArray[np.intp]) -> Array:
    """Return -log p_label, (rows, n_models); overwrite logits by softmax - one-hot."""
    row = np.arange(len(labels))
    at_label, largest = logits[row, labels], logits.max(axis=1)
    total = exponentials(logits, largest)
    logits /= total[:, None]
    logits[row, labels] -= 1
    return np.log(total) + (largest - at_label)


def residual(logits: Array, labels: NDArray[np.intp], weight: float | Array) -> None:
    """Overwrite logits by weight * (softmax - one-hot); where they are not finite, by NaN.

    `weight` is one number, or an array that broadcasts to (rows, n_models). The fastest of these:
    logits are shifted only where some exponential needs it.
    """
    for first in range(0, len(labels), ROWS):
        part = logits[first : first + ROWS]
        mine = weight if isinstance(weight, float) else weight[first : first + ROWS]
        each = mine if isinstance(mine, float) else mine[:, None]
        np.multiply(_unshifted_softmax(part), each, out=part)
        part[np.arange(len(part)), labels[first : first + ROWS]] -= mine


def _unshifted_softmax(logits: Array) -> Array:
    """Return the softmax; shifted by the largest logit only where it must be."""
    powers = np.exp(logits)
    total = np.einsum("rkm->rm", powers)
    if not (total.max() < SAFE and total.min() > 1 / SAFE):  # also where it is NaN
        np.copyto(powers, logits)
        total = exponentials(powers, logits.max(axis=1))
    powers /= total[:, None]
    return powers
