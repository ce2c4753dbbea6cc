"""Every metric of a model on some samples, with its interval: rows of a table."""

from collections.abc import Callable
from math import isfinite, nan

from hpsoft.model.bootstrap import RESAMPLES
from hpsoft.model.metrics import TestReport
from hpsoft.report.text.format import NOTHING, cost, number, percent
from hpsoft.report.text.metrics import score
from hpsoft.softmax.metric import ACCURACY, CROSS_ENTROPY, METRICS, Metric

INTERVALS = (
    f"Intervals: of accuracy Wilson's; others by the bootstrap, {RESAMPLES:,} resamples.",
    "AUROC, average precision: one class against the rest, mean over the classes.",
)


def measured_rows(test: TestReport, of: str) -> list[list[str]]:
    """Return name, figure and interval of every metric; `of` stands before their names."""
    low, high = (score(ACCURACY, end) for end in test.accuracy_ci95)
    others = {m: test.others[n] for n, m in METRICS.items() if n in test.others}
    return [
        [
            f"{of}cross-entropy, unregularised",
            cost(test.cross_entropy),
            _interval(test, CROSS_ENTROPY),
        ],
        [f"{of}MSE", cost(test.mse), _between(test, "mse", number)],
        [f"{of}accuracy", percent(test.accuracy), _range(low, high)],
        *(
            [f"{of}{m.title}", score(m, value if isfinite(value) else None), _interval(test, m)]
            for m, value in others.items()
        ),
        [f"{of}samples" + ", weighted" * test.weighted, f"{test.n:,}", ""],
    ]


def _interval(test: TestReport, metric: Metric) -> str:
    return _between(test, metric.name, lambda end: score(metric, end))


def _between(test: TestReport, name: str, write: Callable[[float], str]) -> str:
    low, high = test.intervals.get(name, (nan, nan))
    return _range(write(low), write(high)) if isfinite(low) else NOTHING


def _range(low: str, high: str) -> str:
    """Write an interval; a unit once."""
    return f"{low.removesuffix(' %')} to {high}"
