"""Averages of SGD's passes: the last iterate jumps about the optimum, a mean of many does not.

With W_t the weights after pass t = 1, 2, ..., and A_t the model that is scored and saved,

    A_t = A_(t-1) + (s + 1) / (t + s) * (W_t - A_(t-1)),   A_1 = W_1,   s = 8

so that pass k counts about as (k / t)^s: late passes most, the first ones, far from the optimum,
next to nothing. The weights of the passes do not depend on where the training ends, so a longer
horizon continues a shorter one. Source: O. Shamir, T. Zhang, Stochastic gradient descent for
non-smooth optimization: convergence results and optimal averaging schemes (2013), section 4.

A state with averages holds SGD's own weights as `iterate` and `iterate_bias`.
"""

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers.protocol import Models, State

STEEPNESS = 8  # s; measured: 3 chooses a little worse, see tests/benchmarks/README.md


def averages(models: Models) -> bool:
    """Tell whether some of the models are averages."""
    return bool(np.any(models.columns.get("averaging", 0)))


def with_iterate(state: State) -> State:
    """Return a first state that can hold averages."""
    return {
        **state,
        "iterate": np.zeros_like(state["weights"]),
        "iterate_bias": np.zeros_like(state["bias"]),
    }


def iterate_of(state: State) -> State:
    """Return what SGD goes on with: the state itself where it holds no averages."""
    if "iterate" not in state:
        return state
    return {"weights": state["iterate"], "bias": state["iterate_bias"]}


def average(state: State, averaging: NDArray[np.float64], index: int) -> None:
    """Move the averages towards the iterates after pass `index` = 0, 1, ..., in place.

    `averaging` (n_models,) is 0 for models whose last iterate is the model.
    """
    share = np.where(averaging, (STEEPNESS + 1) / (index + 1 + STEEPNESS), 1.0)
    for name, iterate in (("weights", "iterate"), ("bias", "iterate_bias")):
        step = state[iterate] - state[name]
        step *= share.astype(step.dtype)
        state[name] += step
        np.copyto(state[name], state[iterate], where=share == 1)  # to the last digit
