"""What training minimises and what evaluation reports, as means over samples."""

from typing import Any

import numpy as np

from hpsoft.softmax.probabilities import Array, linear_logits, log_sum_exp, one_hot

Scalar = Any  # a NumPy scalar: real, or complex under a complex step


def cross_entropy(logits: Array, labels: Array) -> Scalar:
    """Return -1/n sum_i log p_i,labels[i], in nats.

    With log p_k = z_k - log sum_l exp(z_l) no probability is ever formed, so that a confidently
    wrong sample costs what it should instead of infinity.

    Args:
        logits: (n_samples, n_classes).
        labels: (n_samples,), integers.

    >>> logits = np.log(np.array([[0.25, 0.75], [0.5, 0.5]]))
    >>> round(float(cross_entropy(logits, np.array([1, 0]))), 6)
    0.490415
    """
    of_label = np.take_along_axis(logits, labels[:, None], axis=1)[:, 0]
    return (log_sum_exp(logits) - of_label).mean()


def mse(probabilities: Array, labels: Array) -> Scalar:
    """Return the mean squared error 1/(n C) sum_ik (p_ik - y_ik)^2.

    The mean runs over samples and classes alike, as scikit-learn's mean_squared_error, PyTorch's
    MSELoss and Keras define it. Times n_classes it is the multi-class Brier score.

    Args:
        probabilities: (n_samples, n_classes).
        labels: (n_samples,), integers.

    >>> float(mse(np.array([[0.5, 0.5], [1.0, 0.0]]), np.array([0, 0])))
    0.125
    """
    return ((probabilities - one_hot(labels, probabilities.shape[1])) ** 2).mean()


def regularised_cost(
    X: Array, labels: Array, weights: Array, bias: Array, alpha: float = 0.0
) -> Scalar:
    """Return the mean cross-entropy + alpha/2 ||weights||^2; the bias is not regularised."""
    data_term = cross_entropy(linear_logits(X, weights, bias), labels)
    return data_term + 0.5 * alpha * (weights**2).sum()
