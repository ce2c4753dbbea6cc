"""How metrics and their differences are written, everywhere the same."""

from hpsoft.report.text.format import cost, percent
from hpsoft.softmax.metric import ACCURACY, BALANCED_ACCURACY, CROSS_ENTROPY, TOP_5, Metric
from hpsoft.study.records import TrialRecord

_IN_PERCENT = {ACCURACY, BALANCED_ACCURACY, TOP_5}  # the other shares are usually not


def score(metric: Metric, value: float | None) -> str:
    """Write a metric: 0.433649, 84.26 %, 0.8421."""
    if metric is CROSS_ENTROPY or value is None:
        return cost(value)
    return percent(value) if metric in _IN_PERCENT else f"{value:.4f}"


def gap(metric: Metric, size: float) -> str:
    """Write a difference: 0.0031, 0.31 points."""
    return f"{100 * size:.2g} points" if metric in _IN_PERCENT else f"{size:.2g}"


def change(metric: Metric, loss: float) -> str:
    """Write a difference of losses as one of the metric, signed."""
    size = -loss if metric.maximized else loss
    return f"{100 * size:+.2g} points" if metric in _IN_PERCENT else f"{size:+.2g}"


def less(metric: Metric) -> str:
    """Return which way is better: less cost, more accuracy."""
    return "more" if metric.maximized else "less"


def more(metric: Metric) -> str:
    """Return which way is worse: more cost, less accuracy."""
    return "less" if metric.maximized else "more"


def has(metric: Metric, value: str) -> str:
    """Say what a model's metric is: costs 0.43, has accuracy 84.3 %."""
    return f"has {metric.title} {value}" if metric.maximized else f"costs {value}"


def of_loss(metric: Metric, loss: float) -> str:
    """Write a metric whose loss is given."""
    return score(metric, metric.loss(loss))


def with_error(record: TrialRecord, metric: Metric) -> str:
    """Write a trial's metric, with its standard error where it is a mean over folds."""
    value, error = record.score(metric.name), record.error_of(metric.name)
    if error is None or value is None:
        return score(metric, value)
    if metric in _IN_PERCENT:
        return f"{100 * value:.2f} +- {100 * error:.2f} %"
    return f"{score(metric, value)} +- {error:.2g}"


def column(metric: Metric) -> str:
    """Return the title of a column."""
    return _COLUMNS.get(metric, metric.title)


_COLUMNS = {
    CROSS_ENTROPY: "cost",
    BALANCED_ACCURACY: "balanced",
    TOP_5: "top-5",
}
