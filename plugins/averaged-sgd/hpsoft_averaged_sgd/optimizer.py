"""Averaged SGD: the model is the mean of SGD's iterates, not the last of them.

    W_t, b_t        as of SGD with a constant learning rate
    answer          the mean of W_t, b_t over all steps of the passes from `average_from` on,
                    counted from 0; before that, the last iterate

The last iterate of SGD jumps about the optimum with a variance of the order of the learning rate;
the mean of many iterates does not. Sources: B. T. Polyak, A. B. Juditsky, Acceleration of
stochastic approximation by averaging (1992); D. Ruppert, Efficient estimations from a slowly
convergent Robbins-Monro process (1988).
"""

import numpy as np
from hpsoft_sgd import SGD
from hpsoft_sgd.decay import Decay
from hpsoft_sgd.kernel import slab_size
from numpy.typing import NDArray

from hpsoft.optimizers import (
    Array,
    DataSummary,
    Hyperparameter,
    Models,
    Problem,
    Role,
    Space,
    State,
    weighting,
)
from hpsoft_averaged_sgd.kernel import AveragingPass


class AveragedSGD:
    """SGD whose iterates are averaged from a given pass on."""

    api_version = 1
    weighted = True
    hyperparameters = (
        *(h for h in SGD.hyperparameters if h.name != "averaging"),
        Hyperparameter(
            "average_from", Role.COLUMNAR, int, 0, summary="passes before the average begins"
        ),
    )

    def default_space(self, summary: DataSummary) -> Space:
        """Return SGD's grid, a third of its points, averaged from the first or the third pass."""
        space = dict(SGD().default_space(summary))
        batches = space["batch_size"][::3]
        del space["averaging"]
        return {**space, "batch_size": batches, "average_from": (0, 2)}

    def init(self, problem: Problem, models: Models) -> State:
        """Return zero weights; `iterate` and `iterate_bias` are SGD's own."""
        state = SGD().init(problem, models)
        return {
            **state,
            "iterate": np.zeros_like(state["weights"]),
            "iterate_bias": np.zeros_like(state["bias"]),
        }

    def epoch(self, problem: Problem, models: Models, state: State, index: int) -> State:
        """Pass once over the data, in place."""
        passes = index + 1 - models.columns["average_from"]  # of the average, this one included
        if (passes < 1).all():
            _plain(problem, models, state, index)
            return state
        sweep, diverged = _pass(problem, models, state, index)
        with np.errstate(all="ignore"):
            share = np.where(passes > 1, 1 / passes.clip(1), 1).astype(problem.dtype)
            _blend(state["weights"], sweep.mean, state["iterate"], share, passes < 1)
            _blend(state["bias"], sweep.mean_bias, state["iterate_bias"], share, passes < 1)
        for array in state.values():
            array[..., diverged] = np.nan
        return state


def _plain(problem: Problem, models: Models, state: State, index: int) -> None:
    """Pass as SGD where no model averages yet: the last iterate is the answer."""
    own = {"weights": state["iterate"], "bias": state["iterate_bias"]}
    SGD().epoch(problem, models, own, index)
    state["weights"][...], state["bias"][...] = own["weights"], own["bias"]


def _pass(
    problem: Problem, models: Models, state: State, index: int
) -> tuple[AveragingPass, NDArray[np.bool_]]:
    """Change the iterates by a pass of SGD; return what has their mean, and who diverged."""
    rate, iterate = models.columns["learning_rate"], state["iterate"]
    batch_size = min(int(models.structure["batch_size"]), len(problem.labels))
    with np.errstate(over="ignore"):  # that model diverges
        rho = 1 - rate * models.columns["alpha"]
    decay = Decay(rho, len(state["bias"]), problem.dtype)
    slab = slab_size(batch_size, len(iterate), iterate[0].size)
    sweep = AveragingPass(iterate.shape, problem.dtype, batch_size, slab)
    sweep.weighting = weighting(problem, models)
    order, bias = problem.order(index), state["iterate_bias"]
    return sweep, sweep.run(problem.X, problem.labels, order, iterate, bias, rate, decay)


def _blend(average: Array, mean: Array, last: Array, share: Array, waiting: Array) -> None:
    """Move the average by `share` (n_models,) towards a pass's mean; models that wait: `last`."""
    np.subtract(mean, average, out=mean)
    mean *= share
    average += mean
    average[..., waiting] = last[..., waiting]
