"""What samples of each class count: powers between all alike and balanced."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def class_factors(
    labels: NDArray[np.intp],
    n_classes: int,
    power: NDArray[np.float64],
    sample_weight: NDArray[Any] | None = None,
) -> NDArray[np.float64]:
    """Return c_k, proportional to (n / (K n_k))^p, for some powers p: (n_classes, n_powers).

    n_k is the number of samples of class k, or the sum of their weights, and n that of all K
    classes. The mean of w_i c_labels[i] is that of w: p = 1 is scikit-learn's "balanced". c is 1
    throughout for p = 0, otherwise 0 for a class without samples, or whose samples have no weight.

    >>> class_factors(np.array([0, 0, 0, 1]), 2, np.array([0.0, 1.0]))
    array([[1.        , 0.66666667],
           [1.        , 2.        ]])
    """
    counts = np.bincount(labels, sample_weight, n_classes).astype(np.float64)
    there = counts > 0
    ratios = np.where(there, counts.sum() / np.where(there, counts, 1.0), 0.0)
    factors = np.where(there[:, None], ratios[:, None] ** power, 0.0)
    total = (counts[:, None] * factors).sum(axis=0)  # class by class: no column sees another
    return np.where(power == 0, 1.0, factors * (counts.sum() / total))
