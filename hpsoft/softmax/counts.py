"""Metrics that follow from counts by class; weights of samples make the counts sums of weights.

    support  (n_classes, ...)   samples that are of a class
    called   (n_classes, ...)   samples that a model takes for one of it
    right    (n_classes, ...)   samples of the class that it takes so

Further axes are models, or resamples of one model; `support` may lack those of models. A class
without samples counts nowhere, as in scikit-learn.
"""

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]


def balanced_accuracy(right: Counts, support: Counts) -> Counts:
    """Return the mean of right / support over the classes that have samples."""
    return _mean(right, support, support > 0)


def macro_f1(right: Counts, called: Counts, support: Counts) -> Counts:
    """Return the mean of 2 right / (called + support) over classes with samples or called so."""
    together = called + support
    return _mean(2 * right, together, together > 0)


def _mean(share: Counts, of: Counts, counted: NDArray[np.bool_]) -> Counts:
    """Return the mean over the counted classes of share / of; NaN where none is counted."""
    shares = np.divide(share, of, out=np.zeros_like(share), where=counted)
    n = np.count_nonzero(counted, axis=0)
    unknown = np.full(share.shape[1:], np.nan)
    return _no_more_than_1(np.divide(shares.sum(axis=0), n, out=unknown, where=n > 0))


def accuracy(right: Counts, support: Counts) -> Counts:
    """Return the share of samples that are taken for what they are."""
    return _no_more_than_1(right.sum(axis=0) / support.sum(axis=0))


def _no_more_than_1(share: Counts) -> Counts:
    """Return shares without their rounding: sums of weights in another order may be the larger."""
    least: Counts = np.minimum(share, 1.0)
    return least
