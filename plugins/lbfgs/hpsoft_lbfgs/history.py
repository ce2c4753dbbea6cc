"""The last few steps and changes of the gradient, standing for the inverse of the Hessian.

A pair is s = theta_{k+1} - theta_k and y = gradient_{k+1} - gradient_k of every model. Arrays of
the state, with `memory` places that are used in turn:

    steps, changes   (memory, n_features + 1, n_classes, n_models)
    inverse          (memory, n_models)   1 / s.y; 0 where there is no pair: it then does nothing
    diagonal         (n_features + 1, n_models)   the Hessian's, roughly: it makes units irrelevant
    scale            (n_models,)          the inverse before any pair is scale / diagonal

Source: J. Nocedal, Updating quasi-Newton matrices with limited storage (1980), the two-loop
recursion as in Nocedal and Wright, Numerical optimization, algorithm 7.4.
"""

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers import Array, State
from hpsoft_lbfgs.objective import dot

SMALLEST_COSINE = 1e-10  # between s and y; below it the pair is rounding


def empty(memory: int, shape: tuple[int, ...], diagonal: NDArray[np.float64]) -> State:
    """Return a history without pairs for theta of that shape."""
    return {
        "steps": np.zeros((memory, *shape)),
        "changes": np.zeros((memory, *shape)),
        "inverse": np.zeros((memory, shape[-1])),
        "diagonal": diagonal,
        "scale": np.full(shape[-1], 1 / shape[0]),
    }


def forget(state: State, models: NDArray[np.intp]) -> None:
    """Let some models begin again, along the gradient over the diagonal.

    If diagonal bounds the Hessian's, Hessian / diagonal has no eigenvalue above its size, so a
    scale of one over the number of features is short enough for a fall.
    """
    state["inverse"][:, models] = 0
    state["scale"][models] = 1 / len(state["diagonal"])


def direction(
    state: State, gradient: Array, models: NDArray[np.intp], index: int
) -> NDArray[np.float64]:
    """Return -H gradient for some models at iteration `index`; gradient is of these alone."""
    inverse = state["inverse"][:, models]
    memory = len(inverse)
    newest_first = [k % memory for k in range(index - 1, max(index - memory, 0) - 1, -1)]
    shares = np.zeros_like(inverse)
    q = -gradient
    for k in newest_first:
        shares[k] = inverse[k] * dot(state["steps"][k][..., models], q)
        q -= shares[k] * state["changes"][k][..., models]
    q *= (state["scale"] / state["diagonal"])[:, None, models]
    for k in reversed(newest_first):
        back = inverse[k] * dot(state["changes"][k][..., models], q)
        q += (shares[k] - back) * state["steps"][k][..., models]
    return q


def remember(
    state: State, step: Array, change: Array, models: NDArray[np.intp], index: int
) -> None:
    """Store the pair of iteration `index`, where it says something about the curvature."""
    k = index % len(state["inverse"])
    product = dot(step, change)
    good = product > SMALLEST_COSINE * np.sqrt(dot(step, step) * dot(change, change))
    state["inverse"][k, models] = np.where(good, 1 / np.where(good, product, 1), 0)
    state["steps"][k][..., models] = step
    state["changes"][k][..., models] = change
    scale = product / dot(change, change / state["diagonal"][:, None, models])
    state["scale"][models] = np.where(good, scale, state["scale"][models])
