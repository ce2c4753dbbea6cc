"""From logits to the step that a mini-batch asks for, in place, in few passes.

Only n_classes - 1 columns are trained: from zero weights the columns of all classes always sum
to zero, so the last logit is minus the sum of the others. Shapes:

    logits   (rows, n_trained, n_models)  overwritten by the step
    step     (n_models,)                  learning_rate / batch size / decay scale;
             (rows, 1, n_models)          the same times the weights of the samples

With z the logits, p = softmax(z) and y one-hot:  step_k = step * (y_k - p_k).

Logits below 46 need no shift by their maximum: the sum of their exponentials is at least 1
(they sum to zero, so the largest is not negative) and at most 1e20, whose reciprocal times any
sensible learning rate is still a normal float32. Only where that fails is the maximum taken.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from hpsoft.optimizers import Array

LARGEST_SUM = 1e20
ROWS = 64  # of a chunk: logits and their exponentials stay in the second-level cache


@dataclass(frozen=True)
class Views:
    """What `replace` needs for some rows of logits: built once, used in every slab."""

    logits: Array  # (rows, n_trained, n_models)
    exponentials: Array  # (rows, n_trained, n_models), of the trained classes
    last: Array  # (rows, 1, n_models), the last class's logit, then its exponential
    all_exponentials: Array  # (rows, n_classes, n_models), both
    total: Array  # (rows, 1, n_models), their sum
    total_flat: Array  # (rows * n_models,), the same memory


class Residual:
    """Buffers for the softmax of at most `ROWS` rows at a time."""

    def __init__(self, n_trained: int, n_models: int, dtype: np.dtype[Any]) -> None:
        """Allocate for blocks of n_trained classes and n_models models."""
        self.exponentials = np.empty((ROWS, n_trained + 1, n_models), dtype)
        self.total = np.empty((ROWS, 1, n_models), dtype)
        # Sums over classes are products with these: half the time of a reduction over the middle.
        self.ones = np.ones((1, n_trained + 1), dtype)
        self.minus_ones = -self.ones[:, 1:]

    def views(self, logits: Array) -> Views:
        """Return the views for `logits`, at most ROWS rows."""
        exponentials, total = self.exponentials[: len(logits)], self.total[: len(logits)]
        return Views(
            logits=logits,
            exponentials=exponentials[:, :-1],
            last=exponentials[:, -1:],
            all_exponentials=exponentials,
            total=total,
            total_flat=total.reshape(-1),
        )

    def replace(self, views: Views, negative_step: Array) -> bool:
        """Overwrite logits by -step * p; the caller adds the targets' part, +step at the label.

        Returns False where some model's logits are not finite any more.
        """
        np.matmul(self.minus_ones, views.logits, out=views.last)
        np.exp(views.last, out=views.last)
        np.exp(views.logits, out=views.exponentials)
        np.matmul(self.ones, views.all_exponentials, out=views.total)
        finite = True
        if not views.total_flat[views.total_flat.argmax()] < LARGEST_SUM:  # also where it is NaN
            finite = _shifted(views)
        np.divide(negative_step, views.total, out=views.total)
        np.multiply(views.exponentials, views.total, out=views.logits)
        return finite


def _shifted(views: Views) -> bool:
    """Redo exponentials and their sum with the largest logit subtracted first."""
    logits, total = views.logits, views.total
    last = -logits.sum(axis=1, keepdims=True)
    largest = np.maximum(logits.max(axis=1, keepdims=True), last)
    np.exp(logits - largest, out=views.exponentials)
    np.add(views.exponentials.sum(axis=1, keepdims=True), np.exp(last - largest), out=total)
    return bool(np.isfinite(total).all())
