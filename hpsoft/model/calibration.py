"""One temperature that makes probabilities as sure as they should be, and the calibration error.

    p(k | x) = softmax(z(x) / T)_k      T minimises the mean cross-entropy of held-out samples

C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger: On calibration of modern neural networks, ICML 2017.
In 1 / T the cross-entropy is convex: its slope is 0 at the minimum, or there is none. T is one
number, so which class is the likeliest does not change.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hpsoft.softmax import log_softmax, softmax
from hpsoft.softmax.probabilities import Array

BINS = 15
LOWEST, HIGHEST = 1e-3, 1e3  # of T; without a minimum between them T stays at one of them


@dataclass(frozen=True)
class Calibration:
    """What probabilities are worth: both are means over samples, by weight where they have one."""

    cross_entropy: float
    error: float  # expected calibration error, of the likeliest class, in BINS bins
    n: int


def fit_temperature(logits: Array, labels: NDArray[np.intp], weight: Array | None = None) -> float:
    """Return T for logits (n, n_classes) that were not trained on, labels (n,) and weights (n,).

    LOWEST where ever surer probabilities would be better, HIGHEST where logits tell nothing.
    """
    from scipy.optimize import brentq  # half a second to import

    z = logits - logits.max(axis=1, keepdims=True)
    at_label = z[np.arange(len(z)), labels]

    def slope(log_beta: float) -> float:
        """Return the slope of the cross-entropy in 1 / T = exp(log_beta)."""
        expected = (softmax(z * np.exp(log_beta)) * z).sum(axis=1)
        return float(np.average(expected - at_label, weights=weight))

    low, high = -np.log(HIGHEST), -np.log(LOWEST)
    if slope(high) <= 0:
        return LOWEST
    if slope(low) >= 0:
        return HIGHEST
    return float(np.exp(-brentq(slope, low, high, xtol=1e-10)))


def calibration(
    logits: Array, labels: NDArray[np.intp], temperature: float, weight: Array | None = None
) -> Calibration:
    """Return cross-entropy and expected calibration error of softmax(logits / temperature).

    ECE = sum over bins of |accuracy - mean confidence| times their share of the samples; bins are
    equal in width, and hold their upper end.
    """
    z = logits / temperature
    log_p = log_softmax(z)[np.arange(len(z)), labels]
    confidence = softmax(z).max(axis=1)
    right = z.argmax(axis=1) == labels
    counts = np.ones(len(z)) if weight is None else np.asarray(weight, np.float64)
    bins = np.clip(np.ceil(confidence * BINS).astype(np.intp) - 1, 0, BINS - 1)
    gaps = np.bincount(bins, counts * (right - confidence), minlength=BINS)
    return Calibration(
        cross_entropy=float(-np.average(log_p, weights=counts)),
        error=float(np.abs(gaps).sum() / counts.sum()),
        n=len(z),
    )
