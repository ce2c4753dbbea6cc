"""AUROC and average precision of resamples: exact, or to first order where that is as good.

To first order a class's areas are means over samples, and all classes together one product with
the counts. That holds where many samples make the area. Of few it does not: the interval near 1 is
skewed, and the first order passes over 1. So rare classes have their curve in every resample.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hpsoft.softmax.curves import Curve, curve_means
from hpsoft.softmax.influence import curve_influences
from hpsoft.softmax.metric import OF_LEADERS
from hpsoft.softmax.probabilities import Array

if TYPE_CHECKING:
    from hpsoft.model.bootstrap import Effort

Figures = NDArray[np.float64]
Index = NDArray[np.intp]


class Areas:
    """Both areas of a model's probabilities on samples, each mean over the classes."""

    def __init__(
        self, probabilities: Array, labels: Index, weight: Array, unit: Index, effort: "Effort"
    ) -> None:
        """Sort the samples by each class that is resampled exactly.

        Args:
            probabilities: (n_samples, n_classes).
            labels: (n_samples,), integers.
            weight: (n_samples,).
            unit: (n_samples,), in which row of the counts each sample's is.
            effort: how much is done exactly.
        """
        n_classes = probabilities.shape[1]
        mine, others = _units_of(labels, weight, unit, n_classes)
        present = np.flatnonzero(np.minimum(mine, others))
        exact = few = present
        if probabilities.size > effort.exact_curves:
            n_units = int(unit.max()) + 1
            exact = _rare(present, np.minimum(mine, others), len(labels), n_units, effort)
            few = exact[mine[exact] < effort.rare]
        sorting = weight.astype(np.float32), unit
        self._curves = [Curve(probabilities[:, k], labels == k, *sorting) for k in few]
        # The area of the others, from the other end: the same one, of few steps.
        self._mirrored = [
            Curve(-probabilities[:, k], labels != k, *sorting) for k in np.setdiff1d(exact, few)
        ]
        common = np.setdiff1d(present, exact), np.setdiff1d(present, few)
        self._n_common = np.array([[len(classes)] for classes in common])
        given = probabilities, labels, weight
        self.means = {  # (n_samples,) each, of the classes that are common
            name: _to_first_order(i, *given, common[i])
            for i, name in enumerate(OF_LEADERS)
            if len(common[i])
        }
        whole = np.concatenate(curve_means(probabilities, labels, weight[:, None])).tolist()
        self.values: dict[str, float] = dict(zip(OF_LEADERS, whole, strict=True))

    def measure(self, counts: Array, common: dict[str, Figures]) -> dict[str, Figures]:
        """Return both means over all classes, (n_resamples,) each; `common` are those of some."""
        sums = np.zeros((2, counts.shape[1]))
        n_curves = self._n_common + np.zeros_like(sums)
        for i, name in enumerate(OF_LEADERS):
            if name in common:
                sums[i] = self._n_common[i] * common[name]
        for curve in self._curves:
            areas, has_curve = curve.areas(counts)
            sums += areas
            n_curves += has_curve
        for curve in self._mirrored:
            areas, has_curve = curve.areas(counts)
            sums[0] += areas[0]
            n_curves[0] += has_curve
        means = np.divide(sums, n_curves, out=np.full_like(sums, np.nan), where=n_curves > 0)
        return dict(zip(OF_LEADERS, means, strict=True))


def _to_first_order(
    which: int, probabilities: Array, labels: Index, weight: Array, classes: Index
) -> Figures:
    """Return one of the areas as a mean over samples, (n_samples,), over some classes."""
    once = weight[:, None]
    of_classes = [Curve(probabilities[:, k], labels == k).areas(once)[0][which] for k in classes]
    influences = curve_influences(probabilities, labels, weight, classes)[which]
    return np.mean(of_classes) + weight.sum() * influences  # whose weighted sum is 0


def _rare(classes: Index, n_few: Index, n: int, n_units: int, effort: "Effort") -> Index:
    """Return the classes that are resampled exactly, the rarest first, for a bounded work."""
    ordered = classes[np.argsort(n_few[classes], kind="stable")]
    ordered = ordered[n_few[ordered] < effort.rare]
    work = np.cumsum(np.minimum(n, n_units * (2 * n_few[ordered] + 1)))
    return ordered[work <= effort.rare_terms]


def _units_of(labels: Index, weight: Array, unit: Index, n_classes: int) -> tuple[Index, Index]:
    """Return how many units have samples of each class, and of the others, (n_classes,) each."""
    weighs = weight > 0
    n_units = int(unit.max()) + 1
    pairs = np.unique(labels[weighs] * n_units + unit[weighs])
    mine = np.bincount(pairs // n_units, minlength=n_classes)
    n_of_unit = np.bincount(pairs % n_units, minlength=n_units)
    alone = pairs[n_of_unit[pairs % n_units] == 1] // n_units
    others = np.count_nonzero(n_of_unit) - np.bincount(alone, minlength=n_classes)
    return mine, others
