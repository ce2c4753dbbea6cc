"""Whole passes for optimizers that take one step at a time: mini-batches, gradients, L2.

Weights and bias are one matrix, as if every sample had a last feature 1. With

    parameters  (n_features + 1, n_columns),  n_columns = n_classes * n_models, class-major
    rows        (batch, n_features + 1)       a mini-batch with its column of ones
    residual    (batch, n_columns)            (softmax - one-hot) / batch, by weight

logits and gradient are one product each, rows @ parameters and rows.T @ residual. An elementwise
optimizer gets its gradient a tile of parameters at a time, so that a tile's product, L2 and step
happen in the cache and the whole gradient is never written.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hpsoft.engine.layout import check_in_place, check_layout
from hpsoft.engine.tiles import TILE_BYTES, Values, in_tiles, whole
from hpsoft.optimizers.protocol import (
    EpochOptimizer,
    Models,
    Optimizer,
    Problem,
    State,
    StepOptimizer,
)
from hpsoft.optimizers.weights import weighting
from hpsoft.softmax.batched import residual
from hpsoft.softmax.probabilities import Array

CHUNK = 1024  # samples whose logits are held at once


def as_epoch_optimizer(
    optimizer: Optimizer, tile_bytes: int = TILE_BYTES
) -> "EpochOptimizer | MiniBatches":
    """Return an optimizer that makes whole passes: itself, or mini-batches around its steps."""
    if isinstance(optimizer, StepOptimizer):
        return MiniBatches(optimizer, tile_bytes)
    return optimizer


@dataclass(frozen=True)
class MiniBatches:
    """Makes whole passes of a step optimizer; its state gains `weights` and `bias`, as views."""

    optimizer: StepOptimizer
    tile_bytes: int = TILE_BYTES

    def init(self, problem: Problem, models: Models) -> State:
        """Return the optimizer's first state.

        Raises:
            TypeError, ValueError: a state that steps could not change in place.
        """
        state = self.optimizer.init(problem, models)
        check_layout(self.optimizer, state, len(models))
        return self._shown(state)

    def epoch(self, problem: Problem, models: Models, state: State, index: int) -> State:
        """Pass once over the data, in place; models that left the range of the dtype get NaN."""
        state = {name: state[name] for name in state.keys() - {"weights", "bias"}}
        with np.errstate(all="ignore"):
            Pass(self, problem, models, state).run(index)
        _spoil(state, len(models))
        return self._shown(state)

    def _shown(self, state: State) -> State:
        answer = state[self.optimizer.answer]
        return {**state, "weights": answer[:-1], "bias": answer[-1]}


def _spoil(state: State, n_models: int) -> None:
    """Put NaN into all columns of a model that has a number which is not finite."""
    arrays = [array.reshape(-1, n_models) for array in state.values() if array.ndim]
    lost = np.logical_or.reduce([~np.isfinite(array).all(axis=0) for array in arrays])
    for array in arrays:
        if array.dtype.kind == "f":
            array[:, lost] = np.nan


class Pass:
    """Buffers and views of one pass by a block."""

    def __init__(
        self, training: MiniBatches, problem: Problem, models: Models, state: State
    ) -> None:
        """Take the state, whose arrays are changed in place."""
        optimizer = training.optimizer
        self.cube = state["parameters"]
        self.optimizer, self.problem = optimizer, problem
        self.n_samples = len(problem.labels)
        self.batch_size = int(models.structure.get("batch_size", self.n_samples))
        self.parameters = self.cube.reshape(len(self.cube), -1)
        chunk = min(self.batch_size, self.n_samples, CHUNK)
        self.rows = np.ones((chunk, len(self.cube)), problem.dtype)
        self.logits = np.empty((chunk, self.parameters.shape[1]), problem.dtype)
        one_chunk = chunk == min(self.batch_size, self.n_samples)
        self.gradient = np.empty_like(self.parameters)  # touched only where it is used
        self.fused = optimizer.elementwise and one_chunk
        if optimizer.elementwise:
            gradient = None if self.fused else self.gradient
            self.tiles = in_tiles(optimizer, state, gradient, training.tile_bytes)
        else:
            self.tiles = whole(state, self.gradient)
        self.given = [dict(tile.state) for tile in self.tiles]
        alpha = models.columns.get("alpha", np.zeros(len(models)))
        self.alpha = np.tile(alpha.astype(problem.dtype), problem.n_classes)
        self.weighting = weighting(problem, models)
        self.adds_l2 = not optimizer.decoupled and bool(alpha.any())
        self.bias_apart = optimizer.decoupled and optimizer.elementwise
        unregularised = replace(models, columns={**models.columns, "alpha": 0 * alpha})
        self.values = Values(optimizer, models, self.cube)
        self.bias_values = Values(optimizer, unregularised, self.cube)

    def run(self, index: int) -> None:
        """Pass once over the samples, as pass `index`."""
        order = self.problem.order(index)
        count = index * -(-self.n_samples // self.batch_size)
        for first in range(0, self.n_samples, self.batch_size):
            count += 1
            self._step(order[first : first + self.batch_size], count)
        for given, tile in zip(self.given, self.tiles, strict=True):
            check_in_place(given, tile.state)

    def _step(self, samples: NDArray[np.intp], count: int) -> None:
        """Step by the gradient of a mini-batch."""
        of_weights = self.values(count)
        of_bias = self.bias_values(count) if self.bias_apart else of_weights
        rows, part = self._residuals(samples)
        for tile in self.tiles:
            if self.fused:
                np.matmul(rows[:, tile.rows].T, part, out=tile.gradient)
            n = tile.n_weights
            if self.adds_l2:
                tile.gradient[:n] += self.alpha * tile.parameters[:n]
            self.optimizer.step(tile.state, tile.shown, of_weights if n else of_bias)

    def _residuals(self, samples: NDArray[np.intp]) -> tuple[Array, Array]:
        """Return rows and residual of the last chunk; the whole gradient, where it is needed."""
        rows, part = self._residual(samples[:CHUNK], len(samples))
        if not self.fused:
            np.matmul(rows.T, part, out=self.gradient)
            for first in range(CHUNK, len(samples), CHUNK):
                rows, part = self._residual(samples[first : first + CHUNK], len(samples))
                self.gradient += rows.T @ part
        return rows, part

    def _residual(self, samples: NDArray[np.intp], batch: int) -> tuple[Array, Array]:
        """Return rows (n, n_features + 1) and the residual (n, n_columns) of some samples."""
        n = len(samples)
        rows, logits = self.rows[:n], self.logits[:n]
        rows[:, :-1] = self.problem.X[samples]
        np.matmul(rows, self.parameters, out=logits)
        weight = 1 / batch if self.weighting is None else self.weighting.of(samples) / batch
        residual(logits.reshape(n, *self.cube.shape[1:]), self.problem.labels[samples], weight)
        return rows, logits
