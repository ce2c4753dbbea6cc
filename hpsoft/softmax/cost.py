"""What training minimises and what evaluation reports, as means over samples."""

from typing import Any

import numpy as np

from hpsoft.softmax.probabilities import Array, linear_logits, log_sum_exp, one_hot

Scalar = Any  # a NumPy scalar: real, or complex under a complex step


def cross_entropy(logits: Array, labels: Array, sample_weight: Array | None = None) -> Scalar:
    """Return -sum_i w_i log p_i,labels[i] / sum_i w_i, in nats.

    With log p_k = z_k - log sum_l exp(z_l) no probability is ever formed, so that a confidently
    wrong sample costs what it should instead of infinity.

    Args:
        logits: (n_samples, n_classes).
        labels: (n_samples,), integers.
        sample_weight: (n_samples,); None: 1 each.

    >>> logits = np.log(np.array([[0.25, 0.75], [0.5, 0.5]]))
    >>> round(float(cross_entropy(logits, np.array([1, 0]))), 6)
    0.490415
    """
    of_label = np.take_along_axis(logits, labels[:, None], axis=1)[:, 0]
    return _mean(log_sum_exp(logits) - of_label, sample_weight)


def _mean(values: Array, sample_weight: Array | None) -> Scalar:
    if sample_weight is None:
        return values.mean()
    return (sample_weight * values).sum() / sample_weight.sum()


def mse(probabilities: Array, labels: Array, sample_weight: Array | None = None) -> Scalar:
    """Return the mean squared error 1/(n C) sum_ik (p_ik - y_ik)^2, a mean by weight over i.

    The mean runs over samples and classes alike, as scikit-learn's mean_squared_error, PyTorch's
    MSELoss and Keras define it. Times n_classes it is the multi-class Brier score.

    Args:
        probabilities: (n_samples, n_classes).
        labels: (n_samples,), integers.
        sample_weight: (n_samples,); None: 1 each.

    >>> float(mse(np.array([[0.5, 0.5], [1.0, 0.0]]), np.array([0, 0])))
    0.125
    """
    squares = (probabilities - one_hot(labels, probabilities.shape[1])) ** 2
    return squares.mean() if sample_weight is None else _mean(squares.mean(axis=1), sample_weight)


def regularised_cost(
    X: Array,
    labels: Array,
    weights: Array,
    bias: Array,
    alpha: float = 0.0,
    sample_weight: Array | None = None,
) -> Scalar:
    """Return the mean cross-entropy + alpha/2 ||weights||^2; the bias is not regularised.

    The mean is one by `sample_weight` (n_samples,), where it is given.
    """
    data_term = cross_entropy(linear_logits(X, weights, bias), labels, sample_weight)
    return data_term + 0.5 * alpha * (weights**2).sum()
