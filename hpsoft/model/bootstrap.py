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

from hpsoft.model.areas import Areas
from hpsoft.softmax import log_softmax, one_hot, softmax
from hpsoft.softmax.counts import accuracy, balanced_accuracy, macro_f1
from hpsoft.softmax.metric import MANY_CLASSES
from hpsoft.softmax.probabilities import Array
from hpsoft.softmax.tally import among_5

if TYPE_CHECKING:
    from scipy.sparse import csr_array

RESAMPLES = 2000
SEED = 0
CONFIDENCE = 0.95
UNBOUNDED = {"cross_entropy"}  # of the metrics that are means

Figures = NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Effort:
    """How much work intervals may be."""

    resamples: int = RESAMPLES
    counts: int = 4_000_000  # of a chunk of resamples: 16 MB
    # More are drawn several at a time, put together at random: intervals are as wide in the mean.
    units: int = 25_000
    # Samples x classes above which areas under curves are resampled to first order, since every
    # class of every resample would take seconds; but for classes of few units (or that few are
    # not of), of which the first order is wrong.
    exact_curves: int = 50_000
    rare: int = 500  # units: of these the ends are a thirtieth of the interval's width off
    rare_terms: int = 4_000_000  # of the sums of such classes, the rarest first


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
        chunks = resamples(drawn.n_units, drawn.n_units, effort)
        parts = [drawn.measure(counts) for counts in chunks]
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
            probabilities = softmax(logits)
            means = _means(logits, probabilities, labels)
        self._weight = weight
        self._unit, self.n_units = _units(len(labels), groups, effort.units)
        self._areas = Areas(probabilities, labels, weight, self._unit, effort)
        means |= self._areas.means
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
        exactly = self.centres | self._areas.values
        return exactly.get(name, float(once[name][0]))

    def measure(self, counts: Array) -> dict[str, Figures]:
        """Return every metric by name, (n_resamples,) each; counts (n_units, n_resamples)."""
        by_class = (self._support, self._called, self._right)
        support, called, right = (np.asarray(of @ counts, np.float64) for of in by_class)
        with np.errstate(all="ignore"):
            means = self._deviations @ counts / (self._sizes @ counts) * self._scales
        centred = zip(self.centres.items(), means, strict=True)
        # Costs are 0 or more, shares 1 at most: what is beyond is rounding, or the first order's.
        found = {
            name: np.clip(centre + rest, 0, None if name in UNBOUNDED else 1)
            for (name, centre), rest in centred
        }
        found |= self._areas.measure(counts, found)
        found["accuracy"] = accuracy(right, support)
        found["balanced_accuracy"] = balanced_accuracy(right, support)
        found["macro_f1"] = macro_f1(right, called, support)
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
