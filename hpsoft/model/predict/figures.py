"""How the model does where labels are there: the metrics of `final`, with their intervals.

Logits of all rows are kept for them; of more than fit, those of rows drawn at random, each as
likely as any other (J. S. Vitter, Random sampling with a reservoir, 1985).
"""

import numpy as np

from hpsoft.data.stream.labels import UNKNOWN, KnownLabels
from hpsoft.model.metrics import TestReport, assess
from hpsoft.model.predict.apply import Predicted
from hpsoft.softmax.probabilities import Array

MOST_LOGITS = 1 << 25  # numbers that are kept: 256 MB
SEED = 0


class Figures:
    """Gathers what metrics are computed from."""

    def __init__(
        self, classes: tuple[str, ...], temperature: float, most: int = MOST_LOGITS
    ) -> None:
        """Take the classes of the model, and how many logits may be kept."""
        self.labels = KnownLabels(classes)
        self.n_labelled = 0  # rows with a label that the model knows
        self._classes, self._temperature = classes, temperature
        self._room = max(1, most // len(classes))
        self._rng = np.random.default_rng(SEED)
        self._kept: list[tuple[Array, Array]] = []  # until there is no room for all
        self._logits: Array | None = None  # (room, n_classes), the rows that were drawn
        self._drawn: Array = np.empty(0, np.intp)

    def add(self, predicted: Predicted) -> None:
        """Look at some rows."""
        if predicted.labels is None:
            return
        labels = self.labels.indices(predicted.labels)
        known = labels != UNKNOWN
        logits, labels = predicted.logits[known] / self._temperature, labels[known]
        before, self.n_labelled = self.n_labelled, self.n_labelled + len(labels)
        if self._logits is None and self.n_labelled <= self._room:
            self._kept.append((logits, labels))
            return
        if self._logits is None:
            self._fill()
        self._draw(logits, labels, before)

    @property
    def n_measured(self) -> int:
        """How many rows the metrics are of."""
        return min(self.n_labelled, self._room)

    def report(self) -> TestReport | None:
        """Return the metrics; None: no row has a label that the model knows."""
        if not self.n_labelled:
            return None
        if self._logits is None:
            self._fill()
        assert self._logits is not None, "it was filled"
        return assess(self._logits, self._drawn, self._classes)

    def _fill(self) -> None:
        """Put what was kept into the rows that are drawn; there may be room for more."""
        nothing = np.empty((0, len(self._classes)))
        self._logits = np.concatenate([nothing, *(logits for logits, _ in self._kept)])
        self._drawn = np.concatenate([np.empty(0, np.intp), *(some for _, some in self._kept)])
        self._kept = []

    def _draw(self, logits: Array, labels: Array, before: int) -> None:
        """Let each of these rows take a place with the chance that it should have."""
        assert self._logits is not None, "it was filled"
        free = self._room - len(self._logits)
        if free:
            self._logits = np.concatenate([self._logits, logits[:free]])
            self._drawn = np.concatenate([self._drawn, labels[:free]])
        rest = np.arange(before + free, before + len(labels))
        places = self._rng.integers(0, rest + 1)
        taken = places < self._room  # of equal places the last row stays
        self._logits[places[taken]] = logits[free:][taken]
        self._drawn[places[taken]] = labels[free:][taken]
