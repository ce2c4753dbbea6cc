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

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hpsoft.softmax.probabilities import Array

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Figures = NDArray[np.float64]
Index = NDArray[np.intp]


def curve_means(
    probabilities: Array, labels: Index, weights: Array | None = None
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
            areas, has_curve = Curve(probabilities[:, k], is_class).areas(weights)
            sums += areas
            n_curves += has_curve
    means = np.divide(sums, n_curves, out=np.full_like(sums, np.nan), where=n_curves > 0)
    return means[0], means[1]


class Curve:
    """The curve of a class, of which there are some samples and some others, for any counts."""

    def __init__(
        self,
        score: Array,
        is_class: NDArray[np.bool_],
        weight: Array | None = None,
        unit: Index | None = None,
    ) -> None:
        """Sort the samples, once for all resamples.

        Args:
            score: (n_samples,).
            is_class: (n_samples,).
            weight: (n_samples,); None: 1 each.
            unit: (n_samples,), in which row of the counts each sample's is; None: its own.
        """
        self._weight = np.ones(len(score), np.float32) if weight is None else weight
        self._unit = np.arange(len(score)) if unit is None else unit
        self._n_units = int(self._unit.max()) + 1
        order = np.argsort(-score)
        rises = np.flatnonzero(np.diff(score[order])) + 1
        starts, stops = np.append(0, rises), np.append(rises, len(score))
        hits = is_class[order]
        holds = np.add.reduceat(hits, starts, dtype=np.intp) > 0
        starts, stops = starts[holds], stops[holds]
        bounds = np.unique(np.concatenate([[0], starts, stops[stops < len(score)]]))
        self._parts = self._summing(order, bounds)  # steps that hold the class; what is between
        self._step = np.searchsorted(bounds, starts)
        mine = np.flatnonzero(hits)
        self._class = self._summing(order[mine], np.searchsorted(mine, starts))

    def areas(self, counts: Array) -> tuple[Figures, NDArray[np.bool_]]:
        """Return both areas, (2, n_resamples), 0 without a curve, and which resamples have one."""
        parts, t = (
            (of.astype(counts.dtype) @ counts).astype(np.float64)
            for of in (self._parts, self._class)
        )
        down = np.cumsum(parts, axis=0)
        f, total = parts[self._step] - t, down[self._step]  # T + F
        T = np.cumsum(t, axis=0)
        P, N = T[-1], down[-1] - T[-1]
        auroc = _share(np.einsum("sr,sr->r", t, N - (total - T) + f / 2), P * N)
        precision = _share(np.einsum("sr,sr->r", t, _share(T, total)), P)
        has_curve = (P > 0) & (N > 0)
        return np.where(has_curve, np.stack([auroc, precision]), 0.0), has_curve

    def _summing(self, order: Index, bounds: Index) -> "csr_array":
        """Return what turns counts of units into sums of samples between the bounds."""
        from scipy.sparse import csr_array  # heavy, and needed for leaders only

        ends = np.append(bounds, len(order))
        shape = (len(bounds), self._n_units)
        found = csr_array((self._weight[order], self._unit[order], ends), shape=shape)
        found.sum_duplicates()  # samples of a unit
        return found


def _share(part: Figures, whole: Figures) -> Figures:
    """Return part / whole, 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0)
