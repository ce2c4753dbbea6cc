"""What do the metrics cost a search of Fashion-MNIST?

The reference run's validation part and blocks of 64 models are scored twice, in one run and in
turns: as hpsoft does, and by cross-entropy and accuracy alone, as it did before it had other
metrics. Both are weighted by their share of the grid: snapshots of all horizon values against the
passes of a block, timed beside them, the mean over the batch sizes. Last, how long `hpsoft final`
takes over the intervals of 10,000 test samples. Exits with 1 where the metrics cost more than 3 %
of the search.
"""

import statistics
import time
from collections.abc import Callable
from unittest.mock import patch

import numpy as np
from common import block_of, emit, machine, parser, reference_run, sizes, warn_if_busy
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from hpsoft.engine import evaluate as module
from hpsoft.engine.evaluate import evaluate
from hpsoft.engine.train import Task, train
from hpsoft.model.bootstrap import intervals
from hpsoft.softmax.batched import exponentials
from hpsoft.softmax.probabilities import Array
from hpsoft.softmax.tally import Tally
from hpsoft.tuning.prepared import Prepared

MOST = 0.03  # of a search
TURNS = 7


class CostAndAccuracy(Tally):
    """The sums of two metrics alone."""

    def __init__(self, n_classes: int, n_models: int) -> None:
        super().__init__(n_classes, n_models)
        self.hits, self.n = np.zeros(n_models), 0

    def add(self, logits: Array, labels: NDArray[np.intp], _weights: Array | None = None) -> None:
        """Add samples; their logits are overwritten."""
        at_label, largest = logits[np.arange(len(labels)), labels], logits.max(axis=1)
        hit = at_label == largest
        if np.count_nonzero(logits == largest[:, None]) > np.count_nonzero(~np.isnan(largest)):
            hit = logits.argmax(axis=1) == labels[:, None]
        self.hits += np.count_nonzero(hit, axis=0)
        log_sum = np.log(exponentials(logits, largest))
        self.cost += (log_sum + (largest - at_label)).sum(axis=0, dtype=np.float64)
        self.n += len(labels)

    def scores(self) -> dict[str, NDArray[np.float64]]:
        """Return both."""
        return {"cross_entropy": self.cost / self.n, "accuracy": self.hits / self.n}


def seconds(work: Callable[[], object]) -> float:
    """Return the time of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure(prepared: Prepared, batch_size: int) -> dict[str, float]:
    """Return what a pass of a block takes, and to score it with few and with all metrics."""
    setting, block = prepared.setting, block_of(prepared, batch_size)
    alive = tuple(range(len(block.models)))
    snapshot = train(setting, Task(block, alive, None, 0, 1))
    (fold,), (state,) = setting.folds, snapshot.states

    def score() -> object:
        return evaluate(fold.X_validation, fold.labels_validation, setting.n_classes, state)

    few, every = [], []
    for _ in range(TURNS):
        every.append(seconds(score))
        with patch.object(module, "Tally", CostAndAccuracy):
            few.append(seconds(score))
    task = Task(block, snapshot.alive, snapshot.states, 1, 2)
    one_pass = seconds(lambda: train(setting, task)) - statistics.median(every)
    horizons = block.horizons
    taken = {"few": statistics.median(few), "every": statistics.median(every)}
    added = len(horizons) * (taken["every"] - taken["few"])
    search = max(horizons) * one_pass + len(horizons) * taken["few"]
    return {
        "batch": batch_size,
        "ms a pass": 1e3 * one_pass,
        "ms to score by cost and accuracy": 1e3 * taken["few"],
        "by all metrics": 1e3 * taken["every"],
        "ratio of scoring": taken["every"] / taken["few"],
        "search with / without": 1 + added / search,
    }


def main() -> int:
    """Print the ratios; return 1 where the metrics cost too much."""
    options = parser(__doc__)
    options.add_argument("--batches", type=sizes, default=[8, 32, 128, 1024])
    arguments = options.parse_args()
    facts = machine()
    warn_if_busy(facts)
    prepared = reference_run()
    with threadpool_limits(1):
        rows = [measure(prepared, size) for size in arguments.batches]
    ratio = statistics.fmean(row["search with / without"] for row in rows)
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(10_000, 10)), rng.integers(0, 10, 10_000)
    taken = {"search with / without": ratio, "at most": 1 + MOST}
    taken["intervals of final, s"] = seconds(lambda: intervals(logits, labels))
    emit({**facts, **taken}, rows, as_json=arguments.json)
    return int(ratio > 1 + MOST)


if __name__ == "__main__":
    raise SystemExit(main())
