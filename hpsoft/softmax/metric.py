"""The metrics by which a winner is chosen: their names, which way is better, what is next to
nothing.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

from hpsoft.errors import SpaceError, unknown
from hpsoft.softmax.probabilities import Array

MANY_CLASSES = 5  # top-5 accuracy is 1 for so many or fewer

_Numbers = TypeVar("_Numbers", float, Array)
Direction: TypeAlias = Literal["minimize", "maximize"]


@dataclass(frozen=True)
class Metric:
    """One figure of a model on held-out samples."""

    name: str  # in Python, JSON, exports and studies
    title: str  # in sentences and above columns
    maximized: bool = True  # a share of 1; otherwise a cost, of which 0 is the least
    # A difference that nobody would act upon. Nats of cross-entropy: a probability of the true
    # class that is a hundredth larger or smaller. Of shares: a tenth of a percentage point.
    negligible: float = 0.001

    @property
    def direction(self) -> Direction:
        """Optuna's word for which way is better."""
        return "maximize" if self.maximized else "minimize"

    @property
    def option(self) -> str:
        """The name as it is typed."""
        return self.name.replace("_", "-")

    def loss(self, value: _Numbers) -> _Numbers:
        """Return what is minimised: the value, or what it lacks to 1. Its own inverse."""
        return 1.0 - value if self.maximized else value


CROSS_ENTROPY = Metric("cross_entropy", "cross-entropy", maximized=False, negligible=0.01)
ACCURACY = Metric("accuracy", "accuracy")
BALANCED_ACCURACY = Metric("balanced_accuracy", "balanced accuracy")
MACRO_F1 = Metric("macro_f1", "macro-F1")
TOP_5 = Metric("top_5", "top-5 accuracy")
# Of leaders alone: every class of every model has to be sorted for them.
AUROC = Metric("auroc", "AUROC")
AVERAGE_PRECISION = Metric("average_precision", "average precision")

CHOOSING = {m.name: m for m in (CROSS_ENTROPY, ACCURACY, BALANCED_ACCURACY, MACRO_F1, TOP_5)}
OF_LEADERS = {m.name: m for m in (AUROC, AVERAGE_PRECISION)}
METRICS = CHOOSING | OF_LEADERS

# What scikit-learn calls them.
_ALIASES = {
    "log_loss": "cross_entropy", "neg_log_loss": "cross_entropy", "f1_macro": "macro_f1",
    "top_k_accuracy": "top_5", "top_5_accuracy": "top_5", "roc_auc": "auroc",
    "roc_auc_ovr": "auroc",
}  # fmt: skip


def metric_named(text: str, n_classes: int | None = None) -> Metric:
    """Return the metric of a name as it is typed, to choose a winner by among `n_classes` classes.

    Raises:
        SpaceError: there is none, it is known of leaders alone, or it is 1 of any model.
    """
    name = text.strip().lower().replace("-", "_")
    name = _ALIASES.get(name, name)
    if name in OF_LEADERS:
        raise SpaceError(
            f"{OF_LEADERS[name].title} chooses no winner: it would sort every class of every trial. "
            "`hpsoft confirm` and `hpsoft final` measure it. Choose by one of: "
            f"{', '.join(metric.option for metric in CHOOSING.values())}."
        )
    if name not in CHOOSING:
        raise SpaceError(unknown("metric", text, [metric.option for metric in CHOOSING.values()]))
    if name == TOP_5.name and n_classes is not None and n_classes <= MANY_CLASSES:
        raise SpaceError(
            f"--metric top-5 needs more than {MANY_CLASSES} classes, and the data has {n_classes}: "
            "every model would have 100 %. Choose by --metric accuracy."
        )
    return CHOOSING[name]


def measured(n_classes: int) -> tuple[str, ...]:
    """Return the names of what is measured of every trial."""
    return tuple(n for n in CHOOSING if n != TOP_5.name or n_classes > MANY_CLASSES)
