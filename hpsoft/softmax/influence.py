"""How macro AUROC and macro average precision change with the weight of each sample.

Derivatives, in the words of curves.py; of a sample of the class in step s, and of
another in step s, with A the area:

    AUROC              (N - F_s + f_s / 2) / (P N) - A / P       (T_s - t_s / 2) / (P N) - A / N
    average precision  (T_s / (T_s + F_s) - A + b_s) / P         -a_s / P
                       a_s = sum over s' >= s of t_s' T_s' / (T_s' + F_s')^2
                       b_s = sum over s' >= s of t_s' F_s' / (T_s' + F_s')^2

So a resample's area is, to first order, the area plus the sum of (count - 1) times these, at
weights of 1.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from hpsoft.softmax.probabilities import Array

Figures = NDArray[np.float64]


def curve_influences(
    probabilities: Array,
    labels: NDArray[np.intp],
    weight: Array | None = None,
    classes: Iterable[int] | None = None,
) -> tuple[Figures, Figures]:
    """Return the derivatives of macro AUROC and of macro average precision, (n_samples,) each.

    Args:
        probabilities: (n_samples, n_classes).
        labels: (n_samples,), integers.
        weight: (n_samples,), at which the derivatives are taken; None: 1 each.
        classes: over which the means are; None: all.
    """
    weight = np.ones(len(labels)) if weight is None else weight
    sums, n_curves = np.zeros((2, len(labels))), 0
    for k in range(probabilities.shape[1]) if classes is None else classes:
        is_class = labels == k
        if weight[is_class].sum() > 0 and weight[~is_class].sum() > 0:
            sums += _influences(probabilities[:, k], is_class, weight)
            n_curves += 1
    means = sums / max(1, n_curves)
    return means[0], means[1]


def _influences(score: Array, is_class: NDArray[np.bool_], weight: Array) -> Figures:
    """Return both derivatives for a class, (2, n_samples)."""
    values, step = np.unique(-score, return_inverse=True)
    t = np.bincount(step, weight * is_class, len(values))
    f = np.bincount(step, weight * ~is_class, len(values))
    T, F = np.cumsum(t), np.cumsum(f)
    P, N = T[-1], F[-1]
    whole = np.where(T + F > 0, T + F, 1.0)  # before the first sample that weighs something
    below, above = (N - F + f / 2) / (P * N), (T - t / 2) / (P * N)
    area = t @ below
    precision = t @ (T / whole) / P
    lost = np.cumsum((t * T / whole**2)[::-1])[::-1]
    won = np.cumsum((t * F / whole**2)[::-1])[::-1]
    of_class = np.stack([below - area / P, (T / whole - precision + won) / P])
    of_others = np.stack([above - area / N, -lost / P])
    return np.where(is_class, of_class[:, step], of_others[:, step])
