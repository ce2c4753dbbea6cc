"""How the arrays of a state must lie in memory, said in words where they do not."""

from collections.abc import Mapping

import numpy as np

from hpsoft.optimizers.protocol import State, StepOptimizer


def models_last(state: Mapping[str, object], n_models: int) -> str:
    """Say which member of a state is not an array with the models last, or a scalar array."""
    for name, array in state.items():
        if not isinstance(array, np.ndarray):
            return f"state[{name!r}] is a {type(array).__name__}, not an array"
        if array.ndim and array.shape[-1] != n_models:
            return (
                f"state[{name!r}] has the shape {array.shape}; the last axis must be the "
                f"{n_models} models"
            )
    return ""


def check_layout(optimizer: StepOptimizer, state: State, n_models: int) -> None:
    """Refuse a first state that `step` could not change in place.

    The engine hands out views of the arrays: of one that is not contiguous it would be a copy,
    and what a step writes there would be lost.

    Raises:
        TypeError: no dict of arrays.
        ValueError: an array is missing, or its shape or memory is another.
    """
    if not isinstance(state, dict):
        raise TypeError(f"init must return a dict of arrays, not {state!r}")
    for name in ("parameters", optimizer.answer):
        if name not in state:
            raise ValueError(f"the state has no {name!r}, which is to be the model")
    if fault := models_last(state, n_models):
        raise ValueError(fault)
    shape = state["parameters"].shape
    for name, array in state.items():
        if not array.flags.c_contiguous:
            raise ValueError(
                f"state[{name!r}] is not contiguous in memory, as np.zeros and np.ascontiguousarray "
                "make arrays; steps could not change it in place"
            )
        if optimizer.elementwise and array.ndim and array.shape != shape:
            raise ValueError(
                f"state[{name!r}] has the shape {array.shape}; with elementwise = True it must be "
                f"{shape}, that of the parameters, or a scalar array"
            )


def check_in_place(given: State, state: State) -> None:
    """Refuse another array in the place of one that was given: it would be lost after the pass.

    Raises:
        ValueError: there is one.
    """
    for name, array in state.items():
        if array is not given.get(name):
            raise ValueError(
                f"step puts an array of its own into state[{name!r}]; it must change the one that "
                f"is there, as `state[{name!r}][:] = ...` does"
            )
