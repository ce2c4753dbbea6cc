"""What a model does on the test set: costs, accuracy with its interval, and errors by class."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hpsoft.softmax import accuracy, cross_entropy, mse, softmax, wilson_interval
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
    weighted: bool = False  # whether costs and accuracy are means by the weights of the samples


def assess(
    logits: Array,
    labels: NDArray[np.intp],
    classes: tuple[str, ...],
    weight: NDArray[np.float64] | None = None,
) -> TestReport:
    """Report on logits (n_samples, n_classes) against labels (n_samples,).

    Costs and accuracy are means by `weight` (n_samples,), where it is given; what is said of
    single classes, and the confusion matrix, count samples. The interval is then that of the
    effective number of samples.
    """
    from sklearn.metrics import confusion_matrix

    n, n_classes = logits.shape
    predicted = logits.argmax(axis=1)
    confusion = confusion_matrix(labels, predicted, labels=range(n_classes))
    hits = int(confusion.trace())
    share, proportion = hits / n, (float(hits), float(n))
    if weight is not None:
        share, sure = accuracy(logits, labels, weight), effective_size(weight)
        proportion = (share * sure, sure)
    with np.errstate(over="ignore"):  # of huge logits: a difference of -inf has probability 0
        cost = cross_entropy(logits, labels, weight)
        squares = mse(softmax(logits), labels, weight)
    return TestReport(
        cross_entropy=float(cost),
        mse=float(squares),
        accuracy=share,
        accuracy_ci95=wilson_interval(*proportion),
        weighted=weight is not None,
        n=n,
        classes=classes,
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        per_class=tuple(_by_class(labels, predicted, classes)),
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
