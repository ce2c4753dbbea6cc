"""What a model does on the test set: costs, accuracy with its interval, and errors by class."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hpsoft.softmax import cross_entropy, mse, softmax, wilson_interval
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


def assess(logits: Array, labels: NDArray[np.intp], classes: tuple[str, ...]) -> TestReport:
    """Report on logits (n_samples, n_classes) against labels (n_samples,)."""
    n, n_classes = logits.shape
    predicted = logits.argmax(axis=1)
    confusion = np.zeros((n_classes, n_classes), np.intp)
    np.add.at(confusion, (labels, predicted), 1)
    hits = int(confusion.trace())
    with np.errstate(over="ignore"):  # of huge logits: a difference of -inf has probability 0
        cost, squares = cross_entropy(logits, labels), mse(softmax(logits), labels)
    return TestReport(
        cross_entropy=float(cost),
        mse=float(squares),
        accuracy=hits / n,
        accuracy_ci95=wilson_interval(hits, n),
        n=n,
        classes=classes,
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
        per_class=tuple(_of_class(confusion, k, name) for k, name in enumerate(classes)),
    )


def _of_class(confusion: NDArray[np.intp], k: int, name: str) -> ClassReport:
    hits = int(confusion[k, k])
    called, is_so = int(confusion[:, k].sum()), int(confusion[k].sum())
    return ClassReport(
        name=name,
        precision=hits / called if called else 0.0,
        recall=hits / is_so if is_so else 0.0,
        f1=2 * hits / (called + is_so) if called + is_so else 0.0,
        n=is_so,
    )
