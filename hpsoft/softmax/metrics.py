"""Accuracy, and how sure of it a finite test set lets us be."""

import numpy as np

from hpsoft.softmax.probabilities import Array


def accuracy(logits: Array, labels: Array, sample_weight: Array | None = None) -> float:
    """Return the share of samples, by weight, whose largest logit is that of their label.

    Ties go to the lowest class, as in np.argmax.
    """
    return float(np.average(logits.argmax(axis=1) == labels, weights=sample_weight))


def wilson_interval(k: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval for a proportion seen as k successes in n trials.

    (k + z^2/2 -+ z sqrt(k (n - k) / n + z^2/4)) / (n + z^2), z the two-sided normal quantile. It
    stays inside 0 .. 1 and keeps its coverage near the ends, where the usual p -+ z s fails.

    Raises:
        ValueError: n < 1, k outside 0 .. n, or confidence outside 0 .. 1.

    Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212.

    >>> wilson_interval(8426, 10_000)
    (0.835330852681616, 0.8496060316347963)
    """
    if not (0 <= k <= n and n >= 1 and 0 < confidence < 1):
        raise ValueError(f"no proportion: k = {k}, n = {n}, confidence = {confidence}")
    from scipy.stats import binomtest  # heavy, and needed at the end of a command only

    low, high = binomtest(k, n).proportion_ci(confidence, method="wilson")
    return float(low), float(high)
