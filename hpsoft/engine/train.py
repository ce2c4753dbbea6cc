"""Train a block from one horizon value to the next: a pure function that any worker can run."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.engine.evaluate import Scores, evaluate
from hpsoft.engine.minibatches import passes
from hpsoft.engine.order import sample_order
from hpsoft.engine.plan import Block
from hpsoft.optimizers.protocol import Array, Models, Optimizer, Problem, State
from hpsoft.optimizers.told import faults_told


@dataclass(frozen=True)
class Setting:
    """Everything that the blocks of a search share."""

    optimizer: Optimizer
    X: Array  # (n_samples, n_features), the part to train on
    labels: NDArray[np.intp]
    X_validation: Array
    labels_validation: NDArray[np.intp]
    n_classes: int
    dtype: np.dtype[Any]
    seed: int

    @cached_property
    def problem(self) -> Problem:
        """The training part as an optimizer sees it; one object, so that it may know X again."""
        order: Callable[[int], NDArray[np.intp]] = partial(
            _order, self.seed, n_samples=len(self.labels)
        )
        X, labels = _read_only(self.X), _read_only(self.labels)
        return Problem(X, labels, self.n_classes, self.dtype, order)

    @property
    def flops_per_model_epoch(self) -> float:
        """Floating-point operations of the two products of one pass by one model."""
        return 4.0 * len(self.labels) * self.X.shape[1] * self.n_classes


def _read_only(array: Array) -> Array:
    """Return a view that a plugin cannot write to: all blocks train on the same data."""
    view = array.view()
    view.flags.writeable = False
    return view


def _order(seed: int, epoch: int, n_samples: int) -> NDArray[np.intp]:
    return sample_order(seed, epoch, n_samples)


@dataclass(frozen=True)
class Task:
    """One step of a block: its models still in training, from pass `start` up to `stop`."""

    block: Block
    alive: tuple[int, ...]  # indices into block.models, the columns of the state
    state: State | None  # None at the very start
    start: int
    stop: int


@dataclass(frozen=True)
class Snapshot:
    """Validation scores of the models of a block at one horizon value."""

    block: Block
    alive: tuple[int, ...]
    start: int  # the horizon value before
    horizon: int
    scores: Scores  # in the order of `alive`; NaN where a model diverged
    seconds: float  # since the horizon value before
    state: State  # for the next task
    converged: NDArray[np.bool_] | None = None  # like scores; None: the optimizer does not say

    def ended(self, column: int) -> list[int]:
        """Return the trials of a model that end here: reached, or diverged on the way."""
        sound = np.isfinite(self.scores.cross_entropy[column])
        trials = self.block.models[self.alive[column]].trials
        return [
            i for h, i in trials.items() if h == self.horizon or (h > self.horizon and not sound)
        ]


def models_of(block: Block, alive: Sequence[int] | NDArray[np.intp]) -> Models:
    """Return the hyperparameters of those models of the block as columns."""
    values = np.array([block.models[i].columns for i in alive], np.float64)
    values = values.reshape(len(alive), len(block.column_names))
    columns = {name: values[:, j] for j, name in enumerate(block.column_names)}
    return Models(len(alive), columns, block.structure)


def keep(state: State, columns: NDArray[Any]) -> State:
    """Return the state of some of its models; scalars are shared by all and stay."""
    return {
        name: np.ascontiguousarray(array[..., columns]) if array.ndim else array
        for name, array in state.items()
    }


def train(setting: Setting, task: Task) -> Snapshot:
    """Run a task: passes start .. stop - 1, then the scores.

    A model found diverged after a pass leaves the block at once and scores NaN.

    Raises:
        OptimizerError: the optimizer raised an exception.
    """
    with faults_told(setting.optimizer):
        return _train(setting, task)


def _train(setting: Setting, task: Task) -> Snapshot:
    began = time.perf_counter()
    problem, n_models = setting.problem, len(task.alive)
    alive = np.array(task.alive, np.intp)
    models = models_of(task.block, alive)
    optimizer = passes(setting.optimizer)
    state = optimizer.init(problem, models) if task.state is None else task.state
    for index in range(task.start, task.stop):
        state = optimizer.epoch(problem, models, state, index)
        sound = np.logical_and.reduce(np.isfinite(state["bias"]), axis=0)
        if not sound.all():
            alive, state = alive[sound], keep(state, sound)
            models = models_of(task.block, alive)
        if not len(alive):
            break
    scores = evaluate(setting.X_validation, setting.labels_validation, setting.n_classes, state)
    position = np.searchsorted(task.alive, alive)
    sound = np.isfinite(scores.cross_entropy)
    return Snapshot(
        block=task.block,
        alive=task.alive,
        start=task.start,
        horizon=task.stop,
        scores=_spread(scores, position, n_models),
        seconds=time.perf_counter() - began,
        state=keep(state, sound) if not sound.all() else state,
        converged=_converged(state, position, n_models),
    )


def _converged(
    state: State, position: NDArray[np.intp], n_models: int
) -> NDArray[np.bool_] | None:
    """Return what the optimizer says of its models; one that has left did not converge."""
    if "converged" not in state:
        return None
    spread = np.zeros(n_models, bool)
    spread[position] = state["converged"]
    return spread


def _spread(scores: Scores, position: NDArray[np.intp], n_models: int) -> Scores:
    """Put the scores of the surviving models among NaN for the others."""
    if len(position) == n_models:
        return scores
    spread = [np.full(n_models, np.nan), np.full(n_models, np.nan)]
    spread[0][position], spread[1][position] = scores.cross_entropy, scores.accuracy
    return Scores(*spread)
