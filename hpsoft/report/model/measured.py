"""Every metric of a model on some samples, with its interval: rows of a table, and a document."""

from collections.abc import Callable, Iterator
from math import isfinite, nan
from typing import Any

from hpsoft.model.bootstrap import RESAMPLES
from hpsoft.model.clusters import FEW
from hpsoft.model.metrics import TestReport
from hpsoft.report.text.format import NOTHING, cost, number, percent
from hpsoft.report.text.metrics import score
from hpsoft.softmax.metric import ACCURACY, CROSS_ENTROPY, METRICS, Metric

_KEYS = (
    "cross_entropy", "mse", "accuracy", "accuracy_ci95", "intervals", "n", "classes", "per_class",
    "confusion", "weighted", "confusion_weight", "n_groups", "effective_n",
)  # fmt: skip


def test_document(test: TestReport) -> dict[str, Any]:
    """Return all that was measured, for a JSON document."""
    measured = vars(test)
    return {**{key: measured[key] for key in _KEYS}, **test.others}


def measured_rows(test: TestReport, of: str) -> list[list[str]]:
    """Return name, figure and interval of every metric; `of` stands before their names."""
    low, high = test.accuracy_ci95
    sure = _range(score(ACCURACY, low), score(ACCURACY, high)) if isfinite(low) else NOTHING
    others = {m: test.others[n] for n, m in METRICS.items() if n in test.others}
    return [
        [
            f"{of}cross-entropy, unregularised",
            cost(test.cross_entropy),
            _interval(test, CROSS_ENTROPY),
        ],
        [f"{of}MSE", cost(test.mse), _between(test, "mse", number)],
        [f"{of}accuracy", percent(test.accuracy), sure],
        *(
            [f"{of}{m.title}", score(m, value if isfinite(value) else None), _interval(test, m)]
            for m, value in others.items()
        ),
    ]


def counted_rows(test: TestReport, of: str) -> list[list[str]]:
    """Return how many samples, and groups where they are known, the metrics are of."""
    groups = [[f"{of}groups", f"{test.n_groups:,}", ""]] if test.n_groups else []
    return [[f"{of}samples" + ", weighted" * test.weighted, f"{test.n:,}", ""], *groups]


def intervals_text(test: TestReport, groups: str | None = None) -> Iterator[str]:
    """Yield how intervals were made, and of what; `groups` is the column of groups, if any.

    Groups without a column are those of equal samples.
    """
    of = "equal samples" if groups is None else f"column {groups!r}"
    if groups is None and test.n_groups is None:
        yield f"Intervals: of accuracy Wilson's; others by the bootstrap, {RESAMPLES:,} resamples."
    elif test.n_groups is None:
        yield (
            f"Intervals take test samples for independent: column {groups!r} does not say their "
            f"groups. Of accuracy Wilson's; others by the bootstrap, {RESAMPLES:,} resamples."
        )
    elif test.n_groups == 1:
        yield f"No intervals: all test samples are of one group of {of}."
    else:
        few = ", too short with so few groups" * (test.n_groups < FEW)
        yield (
            f"Intervals: the {test.n_groups:,} groups of {of} are resampled whole, "
            f"{RESAMPLES:,} times{few}. That of accuracy is Wilson's, as of "
            f"{test.effective_n:.3g} independent samples, which are as sure."
        )
    yield "AUROC, average precision: one class against the rest, mean over the classes."


def _interval(test: TestReport, metric: Metric) -> str:
    return _between(test, metric.name, lambda end: score(metric, end))


def _between(test: TestReport, name: str, write: Callable[[float], str]) -> str:
    low, high = test.intervals.get(name, (nan, nan))
    return _range(write(low), write(high)) if isfinite(low) else NOTHING


def _range(low: str, high: str) -> str:
    """Write an interval; a unit once."""
    return f"{low.removesuffix(' %')} to {high}"
