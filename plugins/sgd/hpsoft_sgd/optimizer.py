"""SGD as hpsoft sees it: hyperparameters with roles, a default space, a first state, a pass."""

from typing import Any, NamedTuple
from weakref import ref

import numpy as np

from hpsoft.optimizers import DataSummary
from hpsoft.optimizers.hyperparameters import (
    ALPHA,
    AVERAGING,
    BATCH_SIZE,
    CLASS_WEIGHT,
    EPOCHS,
    LEARNING_RATE,
    l2_strengths,
)
from hpsoft.optimizers.protocol import API_VERSION, Models, Problem, Space, State
from hpsoft.optimizers.weights import weighting
from hpsoft_sgd.averaging import average, averages, iterate_of, with_iterate
from hpsoft_sgd.decay import Decay
from hpsoft_sgd.kernel import Pass, slab_size

SMALLEST_BATCH = 4  # of the usual ones; smaller ones take longer and settle at smaller rates only
FEWEST_PASSES, MOST_PASSES = 40, 640
STEPS = 20_000  # of the smallest mini-batches: seconds of one core, whatever the data
WORK = 6e7  # passes times entries of X times classes: the same, where products take the time
WIDE = 0.5  # of the samples that the critical batch size has, where data are wide
MANY = 5  # features a sample: below, wide data are so by chance, as three samples mostly are
WIDE_SHARE = 5  # batch sizes that wide data are not searched over: the time goes into passes


def is_wide(summary: DataSummary) -> bool:
    """Tell whether samples are nearly orthogonal to each other, as those of d >> n features are.

    The critical batch size (Ma, Bassily and Belkin 2018), mean |x|^2 over the largest eigenvalue
    of X.T X / n, is then half of all samples or more: a mini-batch of a few has a curvature as
    many times that of all samples as it is smaller, and half of it at half the rate is the same
    walk, so there is nothing to choose.
    """
    mean_norm = summary.n_features * summary.mean_square + 1
    return mean_norm / (2 * summary.curvature) >= WIDE * summary.n_samples


def batch_sizes(summary: DataSummary) -> tuple[int, ...]:
    """Return up to 8 powers of two that the samples allow; of wide data the largest alone.

    The rates are those at which steps over all samples settle. At those over a few, wide data
    neither settle nor diverge: each sample is thrown to a side of its own, by the last ones seen
    the furthest, and such models have large weights, so cross-entropy takes them for sure ones.
    """
    largest = max(1, min(1024, 2 ** int(np.log2(summary.n_samples))))
    if is_wide(summary):
        return (largest,)
    smallest = min(largest, SMALLEST_BATCH)
    return tuple(sorted({max(smallest, largest >> k) for k in range(8)}))


def n_passes(summary: DataSummary, batches: tuple[int, ...]) -> int:
    """Return the largest of the usual epochs: 40 and more, as long as they take seconds.

    Where there is one batch size, its passes may take the time that WIDE_SHARE of them would.
    """
    by_steps = STEPS * batches[0] / summary.n_samples
    by_work = WORK / (summary.n_samples * summary.n_features * summary.n_classes)
    by_work *= WIDE_SHARE if is_wide(summary) else 1
    passes = min(MOST_PASSES, by_steps, by_work)
    return FEWEST_PASSES * 2 ** max(0, round(np.log2(passes / FEWEST_PASSES)))


class _Last(NamedTuple):
    """What the last pass worked with, and what it was for."""

    problem: "ref[Problem]"
    models: "ref[Models]"
    sweep: Pass
    decay: Decay


class SGD:
    """Mini-batch stochastic gradient descent with a constant learning rate.

    W <- W - learning_rate * (gradient of the mini-batch's mean cross-entropy + alpha * W)
    b <- b - learning_rate * (gradient of the mini-batch's mean cross-entropy)

    With `averaging` the model is a mean of W and b as they are after each pass: see `averaging`.
    """

    api_version = API_VERSION
    weighted = True
    hyperparameters = (
        EPOCHS,
        BATCH_SIZE,
        LEARNING_RATE,
        ALPHA,
        CLASS_WEIGHT,
        AVERAGING,
    )

    _last: _Last | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Leave the last pass's buffers behind: copies, in other processes too, make theirs."""
        return {**self.__dict__, "_last": None}

    def default_space(self, summary: DataSummary) -> Space:
        """Return a grid that fits the data, 8^4 points where there are samples enough.

        Learning rates fall by powers of two from 2 / H, the edge of stability, with H the
        curvature of the cross-entropy at zero weights: 2 L / n_classes, where L bounds it
        everywhere. Small data are passed over more often. Chosen by measurement on many tables:
        see tests/benchmarks/README.md.
        """
        edge = summary.n_classes / summary.curvature
        batches = batch_sizes(summary)
        passes = n_passes(summary, batches)
        return {
            "epochs": tuple(sorted({round(passes * 2 ** (-k / 2)) for k in range(8)})),
            "batch_size": batches,
            "learning_rate": tuple(float(f"{edge * 2.0**k:.2g}") for k in range(-7, 1)),
            "alpha": l2_strengths(summary),
            "averaging": (1,),
        }

    def remark(self, summary: DataSummary) -> str:
        """Say what the shape of the data does to the default space."""
        if not is_wide(summary):
            return ""
        few = summary.n_features < MANY * summary.n_samples
        what = "few" if few else "nearly orthogonal (d >> n)"
        return f"Samples are {what}: one batch size, and more passes."

    def init(self, problem: Problem, models: Models) -> State:
        """Return zero weights: (n_features, n_classes - 1, n_models), the last class implied."""
        shape = (problem.n_classes - 1, len(models))
        state = {
            "weights": np.zeros((problem.X.shape[1], *shape), problem.dtype),
            "bias": np.zeros(shape, problem.dtype),
        }
        return with_iterate(state) if averages(models) else state

    def epoch(self, problem: Problem, models: Models, state: State, index: int) -> State:
        """Pass once over the data, in place."""
        iterate = iterate_of(state)
        self._pass(problem, models, iterate, index)
        if iterate is not state:
            average(state, models.columns["averaging"], index)
        return state

    def _pass(self, problem: Problem, models: Models, state: State, index: int) -> None:
        weights, bias = state["weights"], state["bias"]
        sweep, decay = self._buffers(problem, models, weights.shape)
        learning_rate = models.columns["learning_rate"]
        diverged = sweep.run(
            problem.X, problem.labels, problem.order(index), weights, bias, learning_rate, decay
        )
        weights[..., diverged] = np.nan
        bias[..., diverged] = np.nan

    def _buffers(
        self, problem: Problem, models: Models, shape: tuple[int, ...]
    ) -> tuple[Pass, Decay]:
        """Return what a pass works with: of the pass before, where that was one of these models.

        On small data it takes as long to make as some passes.
        """
        last = self._last
        if last is not None and last.problem() is problem and last.models() is models:
            return last.sweep, last.decay
        n_features, n_trained, n_models = shape
        batch_size = min(int(models.structure["batch_size"]), len(problem.labels))
        with np.errstate(over="ignore"):  # that model diverges
            rho = 1 - models.columns["learning_rate"] * models.columns["alpha"]
        decay = Decay(rho, n_trained, problem.dtype)
        slab = slab_size(batch_size, n_features, n_trained * n_models)
        sizes = (n_features, n_trained, n_models)
        sweep = Pass(sizes, problem.dtype, batch_size, slab)
        sweep.weighting = weighting(problem, models)
        self._last = _Last(ref(problem), ref(models), sweep, decay)
        return sweep, decay
