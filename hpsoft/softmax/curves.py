"""Areas under curves of one class against the rest, and their means over the classes.

Samples are sorted by their score, downwards; those with the same score are one step. Steps without
a sample of the class add nothing to either area. Of step s, with P and N the weights of the
class's samples and of the others:

    t_s  weight of the class's samples in it      T_s  the same, down to and with it
    f_s  weight of the others in it               F_s  the same, down to and with it

    AUROC                sum over s of t_s (N - F_s + f_s / 2) / (P N)
    average precision    sum over s of t_s / P * T_s / (T_s + F_s)

Weights may be those of several resamples, (n_samples, n_resamples): one result for each. A class
without samples, or without others, has no curve and counts nowhere.
"""

import numpy as np
from numpy.typing import NDArray

from hpsoft.softmax.probabilities import Array

Figures = NDArray[np.float64]


def curve_means(
    probabilities: Array, labels: NDArray[np.intp], weights: Array | None = None
) -> tuple[Figures, Figures]:
    """Return macro AUROC and macro average precision, one against rest, (n_resamples,) each.

    NaN where no class has a curve.

    Args:
        probabilities: (n_samples, n_classes).
        labels: (n_samples,), integers.
        weights: (n_samples, n_resamples), not negative; None: all 1, in one resample.
    """
    weights = np.ones((len(labels), 1)) if weights is None else weights
    sums = np.zeros((2, weights.shape[1]))
    n_curves = np.zeros(weights.shape[1])
    for k in range(probabilities.shape[1]):
        is_class = labels == k
        if is_class.any() and not is_class.all():
            areas, has_curve = _areas(probabilities[:, k], is_class, weights)
            sums += np.where(has_curve, areas, 0.0)
            n_curves += has_curve
    means = np.divide(sums, n_curves, out=np.full_like(sums, np.nan), where=n_curves > 0)
    return means[0], means[1]


def _areas(
    score: Array, is_class: NDArray[np.bool_], weights: Array
) -> tuple[Figures, NDArray[np.bool_]]:
    """Return both areas of a class, (2, n_resamples), and which resamples have its curve."""
    order = np.argsort(-score)
    rises = np.flatnonzero(np.diff(score[order])) + 1
    starts, stops = np.append(0, rises), np.append(rises, len(score))
    hits = is_class[order]
    holds = np.add.reduceat(hits, starts, dtype=np.intp) > 0
    starts, stops = starts[holds], stops[holds]
    bounds = np.unique(np.concatenate([[0], starts, stops[stops < len(score)]]))
    parts = _grouped(order, bounds, weights)  # steps that hold the class, and what is between
    step = np.searchsorted(bounds, starts)
    down = np.cumsum(parts, axis=0)
    mine = np.flatnonzero(hits)
    t = _grouped(order[mine], np.searchsorted(mine, starts), weights)
    f, total = parts[step] - t, down[step]  # T + F
    T = np.cumsum(t, axis=0)
    P, N = T[-1], down[-1] - T[-1]
    auroc = _share(np.einsum("sr,sr->r", t, N - (total - T) + f / 2), P * N)
    precision = _share(np.einsum("sr,sr->r", t, _share(T, total)), P)
    return np.stack([auroc, precision]), (P > 0) & (N > 0)


def _grouped(order: NDArray[np.intp], bounds: NDArray[np.intp], weights: Array) -> Figures:
    """Return the sums of weights[order] between the bounds, without a copy of the weights."""
    from scipy.sparse import csr_array  # heavy, and needed for leaders only

    ends = np.append(bounds, len(order))
    shape = (len(bounds), len(weights))
    chosen = csr_array((np.ones(len(order), weights.dtype), order, ends), shape=shape)
    return (chosen @ weights).astype(np.float64)


def _share(part: Figures, whole: Figures) -> Figures:
    """Return part / whole, 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0)
