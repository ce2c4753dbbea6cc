"""Accuracy, and how sure of it a finite test set lets us be."""

import math
from statistics import NormalDist

import numpy as np

from hpsoft.softmax.probabilities import Array


def accuracy(logits: Array, labels: Array, sample_weight: Array | None = None) -> float:
    """Return the share of samples, by weight, whose largest logit is that of their label.

    Ties go to the lowest class, as in np.argmax.
    """
    return float(np.average(logits.argmax(axis=1) == labels, weights=sample_weight))


def effective_size(weight: Array) -> float:
    """Return how many samples of one weight make a mean as sure: (sum w)^2 / sum w^2.

    Source: L. Kish, Survey sampling (1965).

    >>> effective_size(np.array([1.0, 1.0, 2.0, 0.0]))
    2.6666666666666665
    """
    relative = weight / weight.max()  # whose squares stay in range
    return float(relative.sum() ** 2 / (relative**2).sum())


def wilson_interval(k: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval for a proportion seen as k successes in n trials.

    (k + z^2/2 -+ z sqrt(k (n - k) / n + z^2/4)) / (n + z^2), z the two-sided normal quantile. It
    stays inside 0 .. 1 and keeps its coverage near the ends, where the usual p -+ z s fails. It is
    SciPy's for whole numbers, and the formula for effective numbers of samples, which are none.

    Raises:
        ValueError: n <= 0, k outside 0 .. n, or confidence outside 0 .. 1.

    Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212.

    >>> wilson_interval(8426, 10_000)
    (0.8353308526816161, 0.8496060316347963)
    """
    if not (0 <= k <= n and n > 0 and 0 < confidence < 1):
        raise ValueError(f"no proportion: k = {k}, n = {n}, confidence = {confidence}")
    if float(k).is_integer() and float(n).is_integer():
        from scipy.stats import binomtest  # half a second to import

        found = binomtest(int(k), int(n)).proportion_ci(confidence, method="wilson")
        return float(found.low), float(found.high)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle, reach = k + z**2 / 2, z * math.sqrt(k * (n - k) / n + z**2 / 4)
    low, high = ((middle + side * reach) / (n + z**2) for side in (-1, 1))
    return (0.0 if k == 0 else low), (1.0 if k == n else high)
