"""First and second derivatives of the regularised cost.

Derivation, for one sample x with p = softmax(z), z_k = sum_j x_j W_jk + b_k, label vector y:

    dp_k / dz_l  = p_k (delta_kl - p_l)                        quotient rule
    dp_k / dW_jl = x_j p_k (delta_kl - p_l)                    chain rule, dz_l / dW_jl = x_j
    -log p_y     = log sum_l exp(z_l) - z_y
    d / dz_k     = p_k - y_k                                   the error of class k
    d / dW_jk    = x_j (p_k - y_k)
    d2/ dW_jk dW_j'l = x_j x_j' p_k (delta_kl - p_l)           differentiate p_k once more

A Hessian-vector product needs no Hessian. Let the direction be (V, v) and r = X V + v the change
of the logits along it. Then the change of the error of class k is

    sum_l p_k (delta_kl - p_l) r_l = p_k (r_k - sum_l p_l r_l)

and X.T carries it back to the weights. Means over samples and alpha V (weights only) are added.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.softmax.probabilities import Array, linear_logits, one_hot, softmax


def softmax_jacobian(probabilities: Array) -> Array:
    """Return dp_k / dz_l = p_k (delta_kl - p_l): (..., n_classes) -> (..., n_classes, n_classes).

    >>> softmax_jacobian(np.array([0.25, 0.75]))
    array([[ 0.1875, -0.1875],
           [-0.1875,  0.1875]])
    """
    identity = np.eye(probabilities.shape[-1])
    return probabilities[..., :, None] * (identity - probabilities[..., None, :])


def gradient(
    X: Array,
    labels: Array,
    weights: Array,
    bias: Array,
    alpha: float = 0.0,
    sample_weight: Array | None = None,
) -> tuple[Array, Array]:
    """Return the gradient of `regularised_cost`: 1/n X.T (P - Y) + alpha W, 1/n sum_i (P - Y).

    With `sample_weight` (n_samples,), row i of P - Y is multiplied by w_i, and n is their sum.

    Returns:
        For the weights (n_features, n_classes) and for the bias (n_classes,).
    """
    probabilities = softmax(linear_logits(X, weights, bias))
    error = probabilities - one_hot(labels, len(bias))
    if sample_weight is None:
        error = error / len(labels)
    else:
        error = error * (sample_weight / sample_weight.sum())[:, None]
    return X.T @ error + alpha * weights, error.sum(axis=0)


def hessian_vector_product(
    X: Array,
    weights: Array,
    bias: Array,
    direction: tuple[Array, Array],
    alpha: float = 0.0,
) -> tuple[Array, Array]:
    """Return the Hessian of `regularised_cost` times a direction; the labels drop out.

    Args:
        X: (n_samples, n_features).
        weights: (n_features, n_classes).
        bias: (n_classes,).
        direction: a pair with the shapes of weights and bias.
        alpha: L2 strength.

    Returns:
        A pair with the shapes of weights and bias.
    """
    along_weights, along_bias = direction
    probabilities = softmax(linear_logits(X, weights, bias))
    change = linear_logits(X, along_weights, along_bias)
    mean_change = (probabilities * change).sum(axis=1, keepdims=True)
    error_change = probabilities * (change - mean_change) / len(X)
    return X.T @ error_change + alpha * along_weights, error_change.sum(axis=0)


def hessian(X: Array, weights: Array, bias: Array, alpha: float = 0.0) -> NDArray[Any]:
    """Return the full Hessian of `regularised_cost`, for problems small enough to hold it.

    Rows and columns follow np.vstack([weights, bias]).ravel(): feature by feature, the classes
    of a feature side by side, the bias last. Its size is ((n_features + 1) n_classes)^2.
    It is singular: adding one constant to all biases changes no probability.
    """
    n_samples, n_features = X.shape
    n_classes = len(bias)
    probabilities = softmax(linear_logits(X, weights, bias))
    augmented = np.hstack([X, np.ones((n_samples, 1))])
    curvature = softmax_jacobian(probabilities) / n_samples  # (n_samples, n_classes, n_classes)
    blocks = np.empty((n_features + 1, n_classes, n_features + 1, n_classes), augmented.dtype)
    for k in range(n_classes):  # one product a class: few, large GEMMs
        scaled = augmented[:, :, None] * curvature[:, k, None, :]
        product = augmented.T @ scaled.reshape(n_samples, -1)
        blocks[:, k] = product.reshape(n_features + 1, n_features + 1, n_classes)
    full = blocks.reshape((n_features + 1) * n_classes, -1)
    regularised = np.arange(n_features * n_classes)
    full[regularised, regularised] += alpha
    return full
