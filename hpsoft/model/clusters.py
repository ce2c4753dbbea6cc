"""How sure a share is that was seen on samples in groups: those of one group are much alike."""

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from hpsoft.softmax.metrics import effective_size
from hpsoft.softmax.probabilities import Array

CONFIDENCE = 0.95
FEW = 30  # groups: of fewer the bootstrap's intervals are too short


def effective_size_of_groups(
    right: NDArray[np.bool_], groups: Array, weight: Array | None = None
) -> float:
    """Return of how many independent samples the share that is right is as sure; NaN of one group.

    With weights w (1 each by default), p the share by weight and G groups, the variance of p is

        V = G / (G - 1) sum_g (sum_{i in g} w_i (right_i - p))^2 / (sum_i w_i)^2

    and p (1 - p) / V samples are as sure, at most as many as the weights leave. Where all or none
    are right each group is one. Of few groups V itself is unsure: the number is divided by
    (t / z)^2, the quantiles of Student's t with G - 1 degrees of freedom and of the normal.

    Args:
        right: (n_samples,).
        groups: (n_samples,), any values.
        weight: (n_samples,), 0 or more.

    Source: E. Korn, B. Graubard, Survey Methodology 24 (1998) 193-201. The few groups: A. Cameron,
    J. Gelbach, D. Miller, Rev. Econ. Stat. 90 (2008) 414-427.
    """
    from scipy.stats import t

    weight = np.ones(len(right)) if weight is None else weight
    of_group = np.unique(groups[weight > 0], return_inverse=True)[1]
    right, weight = right[weight > 0], weight[weight > 0] / weight.max()
    n_groups = int(of_group.max()) + 1
    if n_groups == 1:
        return float("nan")
    p = float(np.average(right, weights=weight))
    sums = np.bincount(of_group, weight * (right - p))
    variance = n_groups / (n_groups - 1) * float((sums**2).sum()) / float(weight.sum()) ** 2
    size = float(n_groups)
    if 0 < p < 1:
        size = effective_size(weight)
        if variance > 0:
            size = min(size, p * (1 - p) / variance)
    beyond = (1 + CONFIDENCE) / 2
    return size * float(NormalDist().inv_cdf(beyond) / t.ppf(beyond, n_groups - 1)) ** 2
