"""What a model does on the test set: costs, accuracy with its interval, and errors by class."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.model.bootstrap import intervals
from hpsoft.model.clusters import effective_size_of_groups
from hpsoft.softmax import accuracy, wilson_interval
from hpsoft.softmax.metrics import effective_size
from hpsoft.softmax.probabilities import Array


@dataclass(frozen=True)
class ClassReport:
    """One class: how much of what was called so is so, and how much of it was found."""

    name: str
    precision: float  # 0 where nothing was called so
    recall: float
    f1: float
    n: int  # test samples of the class
    weight: float | None = None  # the sum of theirs, where samples count by weight

    @property
    def counted(self) -> float:
        """What the class counts: its samples, or the sum of their weights."""
        return self.n if self.weight is None else self.weight


@dataclass(frozen=True)
class TestReport:
    """Everything measured on the test set, once."""

    __test__ = False  # not a pytest class

    cross_entropy: float  # mean, unregularised, in nats
    mse: float  # mean over samples and classes
    accuracy: float
    accuracy_ci95: tuple[float, float]  # Wilson, of the effective number of samples
    n: int
    classes: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]  # rows: true class, columns: predicted; samples
    per_class: tuple[ClassReport, ...]
    # The other metrics by name: balanced accuracy, macro-F1, top-5, AUROC, average precision.
    others: Mapping[str, float] = field(default_factory=dict)
    # Of every metric by name, accuracy and the costs too: 95 %, by the bootstrap.
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    weighted: bool = False  # whether metrics are those of samples by weight
    confusion_weight: tuple[tuple[float, ...], ...] | None = None  # sums of weights, likewise
    n_groups: int | None = None  # that were resampled; None: samples were
    effective_n: float | None = None  # independent samples of one weight that are as sure; None: n

    @property
    def worst_classes(self) -> list[ClassReport]:
        """The classes that have samples that count, the lowest F1 first."""
        return sorted((c for c in self.per_class if c.counted), key=lambda c: (c.f1, c.name))

    @property
    def counts(self) -> tuple[tuple[float, ...], ...]:
        """The confusion matrix as samples count: their number, or the sum of their weights."""
        return self.confusion if self.confusion_weight is None else self.confusion_weight

    @property
    def confused(self) -> list[tuple[int, int, float]]:
        """Pairs of classes that were confused: true, predicted, how often; most often first."""
        counts = np.array(self.counts)
        np.fill_diagonal(counts, 0)
        true, called = np.nonzero(counts)
        pairs = zip(true.tolist(), called.tolist(), counts[true, called].tolist(), strict=True)
        return sorted(pairs, key=lambda pair: (-pair[2], pair[:2]))


def assess(
    logits: Array,
    labels: NDArray[np.intp],
    classes: tuple[str, ...],
    weight: NDArray[np.float64] | None = None,
    groups: Array | None = None,
) -> TestReport:
    """Report on logits (n_samples, n_classes) against labels (n_samples,).

    Where `weight` (n_samples,) is given samples count by it in all that is measured, that of
    single classes too, as by scikit-learn's sample_weight; numbers of samples stay beside it.
    Where `groups` (n_samples,) are given these are resampled whole. Wilson's interval is that of
    the effective number of samples, in groups and by weight: he takes them for independent and
    alike.
    """
    n = len(labels)
    predicted = logits.argmax(axis=1)
    share, measured = accuracy(logits, labels, weight), intervals(logits, labels, weight, groups)
    effective = _effective_size(predicted == labels, weight, groups)
    told = ("cross_entropy", "mse", "accuracy")
    confusion = _confusion(labels, predicted, len(classes))
    return TestReport(
        cross_entropy=measured["cross_entropy"][0],
        mse=measured["mse"][0],
        accuracy=share,
        accuracy_ci95=_wilson(predicted == labels, share, effective),
        weighted=weight is not None,
        confusion_weight=None
        if weight is None
        else _confusion(labels, predicted, len(classes), weight),
        n_groups=None if groups is None else len(np.unique(groups)),
        effective_n=effective,
        n=n,
        classes=classes,
        confusion=confusion,
        per_class=tuple(_by_class(labels, predicted, classes, weight)),
        others={name: value for name, (value, _) in measured.items() if name not in told},
        intervals={name: interval for name, (_, interval) in measured.items()},
    )


def _effective_size(
    right: NDArray[np.bool_], weight: Array | None, groups: Array | None
) -> float | None:
    """Return how many independent samples of one weight are as sure; None: the samples are."""
    if groups is not None:
        return effective_size_of_groups(right, groups, weight)
    return None if weight is None else effective_size(weight)


def _wilson(
    right: NDArray[np.bool_], share: float, effective: float | None
) -> tuple[float, float]:
    """Return the interval of a share; NaN where nobody knows how sure it is."""
    if effective is None:
        return wilson_interval(int(right.sum()), len(right))
    if np.isnan(effective):
        return np.nan, np.nan
    return wilson_interval(share * effective, effective)


def _confusion(
    labels: NDArray[np.intp],
    predicted: NDArray[np.intp],
    n_classes: int,
    weight: Array | None = None,
) -> tuple[tuple[Any, ...], ...]:
    """Return how many samples, or what weight, each class has that was taken for each."""
    from sklearn.metrics import confusion_matrix

    found = confusion_matrix(labels, predicted, labels=range(n_classes), sample_weight=weight)
    return tuple(tuple(row) for row in found.tolist())


def _by_class(
    labels: NDArray[np.intp],
    predicted: NDArray[np.intp],
    classes: tuple[str, ...],
    weight: Array | None,
) -> Iterator[ClassReport]:
    """Yield a report of every class; 0 where nothing was called so, or nothing is so."""
    from sklearn.metrics import precision_recall_fscore_support

    precision, recall, f1, sums = precision_recall_fscore_support(
        labels, predicted, labels=range(len(classes)), zero_division=0, sample_weight=weight
    )
    counts = np.bincount(labels, minlength=len(classes))
    for k, name in enumerate(classes):
        figures = (float(precision[k]), float(recall[k]), float(f1[k]))
        together = None if weight is None else float(sums[k])
        yield ClassReport(name, *figures, n=int(counts[k]), weight=together)
