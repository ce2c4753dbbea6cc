"""The parts of the parameters that a step optimizer is handed, as views made once a pass.

Elementwise optimizers get tiles of rows as matrices, with one column for each (class, model); all
others get everything at once, with the models alone on the last axis.
"""

from dataclasses import dataclass

import numpy as np

from hpsoft.optimizers.protocol import Models, State, StepOptimizer, Value
from hpsoft.softmax.probabilities import Array

TILE_BYTES = 160_000  # of one array: a handful of them fill a second-level cache


@dataclass(frozen=True)
class Tile:
    """Some rows of the parameters, or all, and what `step` gets of them."""

    rows: slice
    n_weights: int  # how many of them are not the bias
    parameters: Array  # (rows, n_columns), the same memory as in the state
    gradient: Array  # (rows, n_columns)
    state: State  # as `step` gets it
    shown: Array  # the gradient as `step` gets it, the same memory


def in_tiles(
    optimizer: StepOptimizer, state: State, gradient: Array | None, tile_bytes: int
) -> list[Tile]:
    """Cut the state of an elementwise optimizer; without a gradient all tiles share one buffer."""
    flat = {name: array.reshape(len(array), -1) for name, array in state.items() if array.ndim}
    parameters = flat["parameters"]
    n_rows, n_columns = parameters.shape
    height = max(1, tile_bytes // max(1, n_columns * parameters.itemsize))
    starts = list(range(0, n_rows - optimizer.decoupled, height))
    if optimizer.decoupled:
        starts.append(n_rows - 1)  # the bias by itself
    shared = np.empty((height, n_columns), parameters.dtype)
    tiles = []
    for first, end in zip(starts, [*starts[1:], n_rows], strict=True):
        rows = slice(first, end)
        part = shared[: end - first] if gradient is None else gradient[rows]
        cut = {name: array[rows] for name, array in flat.items()}
        n_weights = min(end, n_rows - 1) - first
        tiles.append(Tile(rows, n_weights, cut["parameters"], part, {**state, **cut}, part))
    return tiles


def whole(state: State, gradient: Array) -> list[Tile]:
    """Return everything as one tile."""
    cube = state["parameters"]
    flat = cube.reshape(gradient.shape)
    return [Tile(slice(None), len(cube) - 1, flat, gradient, state, gradient.reshape(cube.shape))]


class Values:
    """The hyperparameters of each step, in the dtype of the parameters and as wide as a tile."""

    def __init__(self, optimizer: StepOptimizer, models: Models, cube: Array) -> None:
        """Take the models, and their parameters (n_features + 1, n_classes, n_models)."""
        self.optimizer, self.models, self.dtype = optimizer, models, cube.dtype
        self.repeats = cube.shape[1] if optimizer.elementwise else 1
        # What a step gets as it was declared never changes: it is fitted once.
        self.constant = {id(array): self._fitted(array) for array in models.columns.values()}

    def __call__(self, count: int) -> dict[str, Array | Value]:
        """Return what step `count` gets."""
        found = self.optimizer.values(self.models, count)
        constant = self.constant
        return {
            name: constant[id(value)] if id(value) in constant else self._fitted(value)
            for name, value in found.items()
        }

    def _fitted(self, value: Array | Value) -> Array | Value:
        if np.ndim(value) == 0:  # a plain number leaves the dtype of arrays alone
            return value.item() if isinstance(value, np.ndarray | np.generic) else value
        fitted = np.asarray(value, self.dtype)
        return np.tile(fitted, self.repeats) if self.repeats > 1 else fitted
