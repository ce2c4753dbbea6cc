"""What a model does on the test set: costs, accuracy with its interval, and errors by class."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hpsoft.model.bootstrap import intervals
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


@dataclass(frozen=True)
class TestReport:
    """Everything measured on the test set, once."""

    __test__ = False  # not a pytest class

    cross_entropy: float  # mean, unregularised, in nats
    mse: float  # mean over samples and classes
    accuracy: float
    accuracy_ci95: tuple[float, float]  # Wilson
    n: int
    classes: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]  # rows: true class, columns: predicted
    per_class: tuple[ClassReport, ...]
    # The other metrics by name: balanced accuracy, macro-F1, top-5, AUROC, average precision.
    others: Mapping[str, float] = field(default_factory=dict)
    # Of every metric by name, accuracy and the costs too: 95 %, by the bootstrap.
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    weighted: bool = False  # whether metrics are those of samples by weight

    @property
    def worst_classes(self) -> list[ClassReport]:
        """The classes that have samples, the lowest F1 first."""
        return sorted((c for c in self.per_class if c.n), key=lambda c: (c.f1, c.name))

    @property
    def confused(self) -> list[tuple[int, int, int]]:
        """Pairs of classes that were confused: true, predicted, how often; most often first."""
        counts = np.array(self.confusion)
        np.fill_diagonal(counts, 0)
        true, called = np.nonzero(counts)
        pairs = zip(true.tolist(), called.tolist(), counts[true, called].tolist(), strict=True)
        return sorted(pairs, key=lambda pair: (-pair[2], pair[:2]))


def assess(
    logits: Array,
    labels: NDArray[np.intp],
    classes: tuple[str, ...],
    weight: NDArray[np.float64] | None = None,
) -> TestReport:
    """Report on logits (n_samples, n_classes) against labels (n_samples,).

    In metrics samples count by `weight` (n_samples,), where it is given; what is said of single
    classes, and the confusion matrix, count samples. Wilson's interval is then that of the
    effective number of samples.
    """
    from sklearn.metrics import confusion_matrix

    n, n_classes = logits.shape
    predicted = logits.argmax(axis=1)
    confusion = confusion_matrix(labels, predicted, labels=range(n_classes))
    share, measured = float((predicted == labels).mean()), intervals(logits, labels, weight)
    proportion = (float(confusion.trace()), float(n))
    if weight is not None:
        share, sure = accuracy(logits, labels, weight), effective_size(weight)
        proportion = (share * sure, sure)
    told = ("cross_entropy", "mse", "accuracy")
    return TestReport(
        cross_entropy=measured["cross_entropy"][0],
        mse=measured["mse"][0],
        accuracy=share,
        accuracy_ci95=wilson_interval(*proportion),
        weighted=weight is not None,
        n=n,
        classes=classes,
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        per_class=tuple(_by_class(labels, predicted, classes)),
        others={name: value for name, (value, _) in measured.items() if name not in told},
        intervals={name: interval for name, (_, interval) in measured.items()},
    )


def _by_class(
    labels: NDArray[np.intp], predicted: NDArray[np.intp], classes: tuple[str, ...]
) -> Iterator[ClassReport]:
    """Yield a report of every class; 0 where nothing was called so, or nothing is so."""
    from sklearn.metrics import precision_recall_fscore_support

    measured = precision_recall_fscore_support(
        labels, predicted, labels=range(len(classes)), zero_division=0
    )
    for name, precision, recall, f1, n in zip(classes, *measured, strict=True):
        yield ClassReport(name, float(precision), float(recall), float(f1), int(n))
