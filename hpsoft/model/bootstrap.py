"""95 % intervals of every metric by the bootstrap: the test samples, drawn again and again.

A resample is how often each sample was drawn, (n_samples,), so that a metric of many resamples is
a product with their counts: percentile intervals (B. Efron, R. Tibshirani, An introduction to the
bootstrap, 1993, chapter 13). Where samples come in groups these are drawn, each with all of its
samples, since those of one group are no independent draws (A. Davison, D. Hinkley, Bootstrap
methods and their application, 1997, section 3.8; C. Field, A. Welsh, J. R. Stat. Soc. B 69 (2007)
369-390).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from hpsoft.softmax import log_softmax, one_hot, softmax
from hpsoft.softmax.counts import accuracy, balanced_accuracy, macro_f1
from hpsoft.softmax.curves import curve_means
from hpsoft.softmax.influence import curve_influences
from hpsoft.softmax.metric import MANY_CLASSES, OF_LEADERS
from hpsoft.softmax.probabilities import Array
from hpsoft.softmax.tally import among_5

if TYPE_CHECKING:
    from scipy.sparse import csr_array

RESAMPLES = 2000
SEED = 0
CONFIDENCE = 0.95

Figures = NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Effort:
    """How much work intervals may be."""

    resamples: int = RESAMPLES
    counts: int = 4_000_000  # of a chunk of resamples: 16 MB
    # More are drawn several at a time, put together at random: intervals are as wide in the mean.
    units: int = 25_000
    # Samples x classes above which areas under curves are resampled to first order: a thousandth
    # of the interval's width then, where every class of every resample would take seconds.
    exact_curves: int = 50_000


USUAL = Effort()


def intervals(
    logits: Array,
    labels: NDArray[np.intp],
    weight: Array | None = None,
    groups: Array | None = None,
    effort: Effort = USUAL,
) -> dict[str, tuple[float, Interval]]:
    """Return every metric by name with its interval; both NaN where there is no such figure.

    One group alone, which says nothing of others, leaves every interval NaN.

    Args:
        logits: (n_samples, n_classes).
        labels: (n_samples,), integers.
        weight: (n_samples,), of the samples in every metric; None: 1 each.
        groups: (n_samples,), which are drawn whole; None: each sample is one.
        effort: how much work it may be.
    """
    weight = np.ones(len(labels)) if weight is None else weight / weight.mean()
    with threadpool_limits(1):  # the products are small
        drawn = _Drawn(logits, labels, weight, groups, effort)
        once = drawn.measure(np.ones((drawn.n_units, 1)))
        if groups is not None and drawn.n_units == 1:
            nothing = (np.nan, np.nan)
            return {name: (drawn.value(name, once), nothing) for name in once}
        rows = len(labels) if drawn.is_exact else drawn.n_units
        parts = [drawn.measure(counts) for counts in resamples(drawn.n_units, rows, effort)]
    return {
        name: (
            drawn.value(name, once),
            _interval(np.concatenate([part[name] for part in parts])),
        )
        for name in once
    }


def resamples(n: int, rows: int, effort: Effort = USUAL) -> Iterator[Array]:
    """Yield how often each of `n` is in each resample, (n, resamples of a chunk).

    A chunk has so few resamples that an array of `rows` of them stays small.
    """
    rng = np.random.default_rng(SEED)
    chunk = max(1, min(effort.resamples, effort.counts // rows))
    for first in range(0, effort.resamples, chunk):
        size = min(chunk, effort.resamples - first)
        drawn = rng.integers(0, n, (size, n)) + n * np.arange(size)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n)
        yield np.ascontiguousarray(counts.T, np.float32)


def _interval(figures: Figures) -> Interval:
    """Return the quantiles of a figure over resamples; of those in which there is one."""
    told = figures[~np.isnan(figures)]
    if not len(told):
        return np.nan, np.nan
    low, high = np.quantile(told, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)


class _Drawn:
    """What a model makes of the samples: all that its metrics on a resample follow from."""

    def __init__(
        self,
        logits: Array,
        labels: NDArray[np.intp],
        weight: Array,
        groups: Array | None,
        effort: Effort,
    ) -> None:
        """Take everything that is the same in all resamples."""
        self._n_classes = logits.shape[1]
        with np.errstate(over="ignore"):  # of huge logits: a difference of -inf has probability 0
            self._probabilities = softmax(logits)
            means = _means(logits, self._probabilities, labels)
        self._labels, self._weight = labels, weight
        self.is_exact = logits.size <= effort.exact_curves
        if not self.is_exact:
            means |= _areas_to_first_order(self._probabilities, labels, weight)
        self._unit, self.n_units = _units(len(labels), groups, effort.units)
        self._sizes = np.bincount(self._unit, weight).astype(np.float32)
        with np.errstate(all="ignore"):  # a cost that is not finite has no interval
            self._centre(means)
        predicted = logits.argmax(axis=1)
        self._support = self._summing(weight, labels)
        self._called = self._summing(weight, predicted)
        self._right = self._summing(weight * (predicted == labels), labels)

    def _centre(self, means: dict[str, Figures]) -> None:
        """Take the means, and the sums of deviations by unit, scaled so that float32 will do."""
        self.centres = {
            name: float(np.average(values, weights=self._weight)) for name, values in means.items()
        }
        sums = np.array(
            [
                np.bincount(self._unit, self._weight * (values - self.centres[name]))
                for name, values in means.items()
            ]
        )
        largest = np.abs(sums).max(axis=1, keepdims=True)
        self._scales = np.where(largest > 0, largest, 1.0)
        self._deviations = (sums / self._scales).astype(np.float32)

    def _summing(self, marks: Array, classes: NDArray[np.intp]) -> "csr_array":
        """Return what turns counts of units into sums of marks by class."""
        from scipy.sparse import csr_array

        shape = (self._n_classes, self.n_units)
        return csr_array((marks.astype(np.float64), (classes, self._unit)), shape=shape)

    def value(self, name: str, once: dict[str, Figures]) -> float:
        """Return a metric of the samples themselves, in full precision where it is a mean."""
        return self.centres.get(name, float(once[name][0]))

    def measure(self, counts: Array) -> dict[str, Figures]:
        """Return every metric by name, (n_resamples,) each; counts (n_units, n_resamples)."""
        by_class = (self._support, self._called, self._right)
        support, called, right = (np.asarray(of @ counts, np.float64) for of in by_class)
        with np.errstate(all="ignore"):
            means = self._deviations @ counts / (self._sizes @ counts) * self._scales
        centred = zip(self.centres.items(), means, strict=True)
        # All are 0 or more; where one sample makes the mean, what is left without it is rounding.
        found = {name: np.maximum(centre + rest, 0) for (name, centre), rest in centred}
        found["accuracy"] = accuracy(right, support)
        found["balanced_accuracy"] = balanced_accuracy(right, support)
        found["macro_f1"] = macro_f1(right, called, support)
        if self.is_exact:
            weights = counts[self._unit] * self._weight.astype(counts.dtype)[:, None]
            areas = curve_means(self._probabilities, self._labels, weights)
            found |= dict(zip(OF_LEADERS, areas, strict=True))
        return found


def _units(n: int, groups: Array | None, most: int) -> tuple[NDArray[np.intp], int]:
    """Return with which others each of n samples is drawn, (n,), and how many units there are."""
    unit = np.arange(n) if groups is None else np.unique(groups, return_inverse=True)[1]
    n_units = int(unit.max()) + 1
    if n_units > most:
        unit, n_units = np.random.default_rng(SEED).permutation(n_units)[unit] % most, most
    return unit, n_units


def _means(logits: Array, probabilities: Array, labels: NDArray[np.intp]) -> dict[str, Figures]:
    """Return the metrics that are means over samples, of each sample."""
    n_classes = logits.shape[1]
    log_p = np.take_along_axis(log_softmax(logits), labels[:, None], axis=1)[:, 0]
    squares = ((probabilities - one_hot(labels, n_classes)) ** 2).mean(axis=1)
    means = {"cross_entropy": -log_p, "mse": squares}
    if n_classes > MANY_CLASSES:
        at_label = logits[np.arange(len(labels)), labels]
        among = among_5(logits[..., None], labels, at_label[:, None])
        means["top_5"] = among[:, 0].astype(np.float64)
    return means


def _areas_to_first_order(
    probabilities: Array, labels: NDArray[np.intp], weight: Array
) -> dict[str, Figures]:
    """Return AUROC and average precision as means over samples: right to first order."""
    areas = np.concatenate(curve_means(probabilities, labels, weight[:, None]))
    influences = np.stack(curve_influences(probabilities, labels, weight))
    of_samples = areas[:, None] + weight.sum() * influences  # whose weighted sums are 0
    return dict(zip(OF_LEADERS, of_samples, strict=True))
