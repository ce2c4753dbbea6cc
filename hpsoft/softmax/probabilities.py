"""From logits to probabilities, without overflow.

Derivation of the shift. For any c, exp(z_k) / sum_l exp(z_l) = exp(z_k - c) / sum_l exp(z_l - c).
With c = max_l z_l every exponent is <= 0 and one of them is exactly 0: nothing overflows and the
sum lies between 1 and n_classes. For complex z the largest real part does the same.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def linear_logits(X: Array, weights: Array, bias: Array) -> Array:
    """Return the logits Z = X @ weights + bias, (n_samples, n_classes)."""
    return X @ weights + bias


def log_sum_exp(logits: Array) -> Array:
    """Return log sum_k exp(z_k) over the last axis, which it removes.

    >>> log_sum_exp(np.array([[1000.0, 1000.0]])) - 1000.0
    array([0.69314718])
    """
    shift = logits.real.max(axis=-1, keepdims=True)
    return np.log(np.exp(logits - shift).sum(axis=-1)) + shift[..., 0]


def log_softmax(logits: Array) -> Array:
    """Return log p_k = z_k - log sum_l exp(z_l), same shape as `logits`.

    It stays finite where p_k itself underflows to 0.
    """
    return logits - log_sum_exp(logits)[..., None]


def softmax(logits: Array) -> Array:
    """Return p_k = exp(z_k) / sum_l exp(z_l) over the last axis, same shape as `logits`.

    >>> softmax(np.log(np.array([[1.0, 2.0, 5.0]])))
    array([[0.125, 0.25 , 0.625]])
    """
    powers = np.exp(logits - logits.real.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def one_hot(labels: Array, n_classes: int) -> NDArray[np.float64]:
    """Return y_ik = 1 where labels[i] == k, else 0: (n_samples, n_classes).

    Raises:
        IndexError: a label is not below `n_classes`.

    >>> one_hot(np.array([2, 0]), 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    return np.eye(n_classes)[labels]
