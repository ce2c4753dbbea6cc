"""SGD as hpsoft sees it: hyperparameters with roles, a default space, a first state, a pass."""

import numpy as np

from hpsoft.optimizers.common import ALPHA, AVERAGING, BATCH_SIZE, EPOCHS, LEARNING_RATE
from hpsoft.optimizers.protocol import (
    API_VERSION,
    DataSummary,
    Models,
    Problem,
    Space,
    State,
)
from hpsoft_sgd.averaging import average, averages, iterate_of, with_iterate
from hpsoft_sgd.decay import Decay
from hpsoft_sgd.kernel import Pass, slab_size


class SGD:
    """Mini-batch stochastic gradient descent with a constant learning rate.

    W <- W - learning_rate * (gradient of the mini-batch's mean cross-entropy + alpha * W)
    b <- b - learning_rate * (gradient of the mini-batch's mean cross-entropy)

    With `averaging` the model is a mean of W and b as they are after each pass: see `averaging`.
    """

    api_version = API_VERSION
    hyperparameters = (
        EPOCHS,
        BATCH_SIZE,
        LEARNING_RATE,
        ALPHA,
        AVERAGING,
    )

    def default_space(self, summary: DataSummary) -> Space:
        """Return an 8^4 grid that fits the data.

        Learning rates are powers of two around 1 / L, with L the bound on the curvature of the
        cross-entropy: full-batch gradient descent converges below 2 / L. Strengths of L2 are
        powers of ten below L, where decay outweighs every direction of the data.
        """
        peak = 10.0 ** np.round(np.log10(summary.curvature))
        largest = max(1, min(1024, 2 ** int(np.log2(summary.n_samples))))
        batches = sorted({max(1, largest >> k) for k in range(8)})
        return {
            "epochs": tuple(range(5, 45, 5)),
            "batch_size": tuple(batches),
            "learning_rate": tuple(
                float(f"{2.0**k / summary.curvature:.2g}") for k in range(-3, 5)
            ),
            "alpha": tuple(float(f"{peak * 10.0**k:.1g}") for k in range(-8, 0)),
            "averaging": (1,),
        }

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
        learning_rate = models.columns["learning_rate"]
        batch_size = min(int(models.structure["batch_size"]), len(problem.labels))
        with np.errstate(over="ignore"):  # that model diverges
            rho = 1 - learning_rate * models.columns["alpha"]
        decay = Decay(rho, len(bias), problem.dtype)
        slab = slab_size(batch_size, len(weights), weights[0].size)
        sweep = Pass(problem.X, problem.labels, weights, batch_size, slab)
        diverged = sweep.run(problem.order(index), bias, learning_rate, decay)
        weights[..., diverged] = np.nan
        bias[..., diverged] = np.nan
