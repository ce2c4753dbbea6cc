"""The logistic function, and two-class softmax regression as logistic regression.

Derivation. Divide softmax over z_0, z_1 by exp(z_0):

    p_1 = exp(z_1) / (exp(z_0) + exp(z_1)) = 1 / (1 + exp(-(z_1 - z_0))) = sigma(z_1 - z_0)

so only the difference of the two columns matters: w = W_1 - W_0, b = b_1 - b_0.
"""

import numpy as np

from hpsoft.softmax.probabilities import Array


def sigmoid(z: Array) -> Array:
    """Return sigma(z) = 1 / (1 + exp(-z)), to full relative precision on both sides of 0.

    With e = exp(-|z|) <= 1 it is 1 / (1 + e) right of zero and e / (1 + e) left of it, so
    nothing overflows: sigma(-700) is 9.86e-305, not 0 and no warning.

    >>> sigmoid(np.array([-700.0, 0.0, 700.0]))
    array([9.85967654e-305, 5.00000000e-001, 1.00000000e+000])
    """
    right = z.real >= 0
    decay = np.exp(np.where(right, -z, z))
    return np.where(right, 1.0, decay) / (1.0 + decay)


def sigmoid_derivative(z: Array) -> Array:
    """Return sigma'(z) = sigma(z) (1 - sigma(z)), computed as sigma(z) sigma(-z).

    1 - sigma(z) would lose every digit for z > 37, sigma(-z) is the same number and loses none.

    >>> sigmoid_derivative(np.array([0.0, 700.0]))
    array([2.50000000e-001, 9.85967654e-305])
    """
    return sigmoid(z) * sigmoid(-z)


def two_class_difference(weights: Array, bias: Array) -> tuple[Array, Array]:
    """Return (w, b) of the logistic regression that two-class softmax is: p_1 = sigma(x.w + b).

    Args:
        weights: (n_features, 2).
        bias: (2,).

    Returns:
        w (n_features,) and b, a scalar array.
    """
    return weights[:, 1] - weights[:, 0], bias[1] - bias[0]
