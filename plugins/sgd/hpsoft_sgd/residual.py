"""From logits to the step that a mini-batch asks for, in place, in few passes.

Only n_classes - 1 columns are trained: from zero weights the columns of all classes always sum
to zero, so the last logit is minus the sum of the others. Shapes:

    logits   (rows, n_trained, n_models)  overwritten by the step
    step     (n_models,)                  learning_rate / batch size / decay scale

With z the logits, p = softmax(z) and y one-hot:  step_k = step * (y_k - p_k).

Logits below 46 need no shift by their maximum: the sum of their exponentials is at least 1
(they sum to zero, so the largest is not negative) and at most 1e20, whose reciprocal times any
sensible learning rate is still a normal float32. Only where that fails is the maximum taken.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LARGEST_SUM = 1e20
ROWS = 64  # of a chunk: logits and their exponentials stay in the second-level cache


class Residual:
    """Buffers for the softmax of at most `ROWS` rows at a time."""

    def __init__(self, n_trained: int, n_models: int, dtype: np.dtype[Any]) -> None:
        """Allocate for blocks of n_trained classes and n_models models."""
        self.exponentials = np.empty((ROWS, n_trained, n_models), dtype)
        self.last = np.empty((ROWS, n_models), dtype)
        self.total = np.empty((ROWS, n_models), dtype)

    def views(self, logits: Array) -> tuple[Array, ...]:
        """Return the views that `replace` needs for `logits`, to be built once and used often."""
        rows = len(logits)
        total = self.total[:rows]
        return logits, self.exponentials[:rows], self.last[:rows], total, total[:, None, :]

    @staticmethod
    def replace(views: tuple[Array, ...], step: Array) -> bool:
        """Overwrite logits by -step * p; the caller adds the targets' part, +step at the label.

        Returns False where some model's logits are not finite any more.
        """
        logits, exponentials, last, total, total_wide = views
        np.einsum("rkm->rm", logits, out=last)
        np.negative(last, out=last)
        np.exp(logits, out=exponentials)
        np.exp(last, out=last)
        np.einsum("rkm->rm", exponentials, out=total)
        np.add(total, last, out=total)
        finite = True
        if not total.max() < LARGEST_SUM:  # also where it is NaN
            finite = _shifted(logits, exponentials, total)
        np.divide(step, total, out=total)
        np.negative(total, out=total)
        np.multiply(exponentials, total_wide, out=logits)
        return finite


def _shifted(logits: Array, exponentials: Array, total: Array) -> bool:
    """Redo exponentials and their sum with the largest logit subtracted first."""
    last = -logits.sum(axis=1)
    largest = np.maximum(logits.max(axis=1), last)
    np.exp(logits - largest[:, None, :], out=exponentials)
    np.add(exponentials.sum(axis=1), np.exp(last - largest), out=total)
    return bool(np.isfinite(total).all())
