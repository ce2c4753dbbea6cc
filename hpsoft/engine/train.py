"""Train a block from one horizon value to the next: a pure function that any worker can run."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.engine.evaluate import Scores, evaluate, mean_scores
from hpsoft.engine.minibatches import passes
from hpsoft.engine.order import sample_order
from hpsoft.engine.plan import Block
from hpsoft.optimizers.errors import faults_told
from hpsoft.optimizers.protocol import Models, Optimizer, Problem, State
from hpsoft.softmax.probabilities import Array


@dataclass(frozen=True)
class Fold:
    """Samples to train on, and samples to score by."""

    X: Array  # (n_samples, n_features)
    labels: NDArray[np.intp]
    X_validation: Array
    labels_validation: NDArray[np.intp]


@dataclass(frozen=True)
class Setting:
    """Everything that the blocks of a search share."""

    optimizer: Optimizer
    folds: tuple[Fold, ...]  # every model is trained on each, and its scores are the means
    n_classes: int
    dtype: np.dtype[Any]
    seed: int

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Each fold as an optimizer sees it; made once, so that it may know X again."""
        return tuple(self._problem(fold) for fold in self.folds)

    def _problem(self, fold: Fold) -> Problem:
        order: Callable[[int], NDArray[np.intp]] = partial(
            _order, self.seed, n_samples=len(fold.labels)
        )
        X, labels = _read_only(fold.X), _read_only(fold.labels)
        return Problem(X, labels, self.n_classes, self.dtype, order)

    @property
    def n_samples(self) -> int:
        """How many samples are trained on: those of the smallest fold."""
        return min(len(fold.labels) for fold in self.folds)

    @property
    def n_features(self) -> int:
        """Number of columns of X."""
        return int(self.folds[0].X.shape[1])

    @property
    def flops_per_model_epoch(self) -> float:
        """Floating-point operations of the two products of one pass by one model, on all folds."""
        n_samples = sum(len(fold.labels) for fold in self.folds)
        return 4.0 * n_samples * self.n_features * self.n_classes


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
    alive: tuple[int, ...]  # indices into block.models, the columns of the states
    states: tuple[State, ...] | None  # one a fold; None at the very start
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
    states: tuple[State, ...]  # one a fold, of the sound models; for the next task
    converged: NDArray[np.bool_] | None = None  # like scores; None: the optimizer does not say

    @property
    def model_epochs(self) -> int:
        """Passes times models since the horizon value before."""
        return len(self.alive) * (self.horizon - self.start)

    @property
    def sound(self) -> NDArray[np.intp]:
        """The models that have not diverged, as indices into block.models: the states' columns."""
        return np.array(self.alive, np.intp)[np.isfinite(self.scores.cross_entropy)]

    @property
    def going_on(self) -> NDArray[np.bool_]:
        """Which of the sound models have a trial further on."""
        return np.array([self.block.models[i].horizon > self.horizon for i in self.sound], bool)

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


def keep_each(states: tuple[State, ...], columns: NDArray[np.bool_]) -> tuple[State, ...]:
    """Return the states of all folds, of some of their models; the very states where all stay."""
    return states if columns.all() else tuple(keep(state, columns) for state in states)


def train(setting: Setting, task: Task) -> Snapshot:
    """Run a task: passes start .. stop - 1 on each fold, then the scores.

    A model found diverged after a pass leaves the block at once, on all folds, and scores NaN.

    Raises:
        OptimizerError: the optimizer raised an exception.
    """
    with faults_told(setting.optimizer):
        return _train(setting, task)


def _train(setting: Setting, task: Task) -> Snapshot:
    began = time.perf_counter()
    sound = np.ones(len(task.alive), bool)  # models that no fold has found diverged yet
    states: tuple[State, ...] = ()
    scores = []
    for i, fold in enumerate(setting.folds):
        at_start, before = sound, None
        if task.states is not None:
            (before,) = keep_each(task.states[i : i + 1], sound)
        sound, state = _passes(setting, setting.problems[i], task, sound, before)
        found = evaluate(fold.X_validation, fold.labels_validation, setting.n_classes, state)
        (state,) = keep_each((state,), np.isfinite(found.cross_entropy))
        scores.append(_spread(found, sound))
        sound = np.isfinite(scores[-1].cross_entropy)
        states = (*keep_each(states, sound[at_start]), state)
    return Snapshot(
        block=task.block,
        alive=task.alive,
        start=task.start,
        horizon=task.stop,
        scores=mean_scores(scores),
        seconds=time.perf_counter() - began,
        states=states,
        converged=_converged(states, sound),
    )


def _passes(
    setting: Setting, problem: Problem, task: Task, sound: NDArray[np.bool_], state: State | None
) -> tuple[NDArray[np.bool_], State]:
    """Pass over one fold with the models that are `sound`; return which still are, and their state."""
    alive = np.array(task.alive, np.intp)
    models = models_of(task.block, alive[sound])
    optimizer = passes(setting.optimizer)
    if state is None:
        state = optimizer.init(problem, models)
    for index in range(task.start, task.stop):
        if not sound.any():
            break
        state = optimizer.epoch(problem, models, state, index)
        stays = np.logical_and.reduce(np.isfinite(state["bias"]), axis=0)
        if not stays.all():
            sound = sound.copy()
            sound[sound] = stays
            state, models = keep(state, stays), models_of(task.block, alive[sound])
    return sound, state


def _converged(states: tuple[State, ...], sound: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """Return which models converged on all folds, where the optimizer says; no diverged one did."""
    if "converged" not in states[0]:
        return None
    spread = np.zeros(len(sound), bool)
    spread[sound] = np.logical_and.reduce([state["converged"] for state in states])
    return spread


def _spread(scores: Scores, sound: NDArray[np.bool_]) -> Scores:
    """Put the scores of the sound models among NaN for the others."""
    if sound.all():
        return scores
    costs, accuracies = np.full((2, len(sound)), np.nan)
    costs[sound], accuracies[sound] = scores.cross_entropy, scores.accuracy
    return Scores(costs, accuracies)
