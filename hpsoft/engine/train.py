"""Train a block from one horizon value to the next: a pure function that any worker can run."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.engine.evaluate import Scores, evaluate, evaluate_curves, mean_scores
from hpsoft.engine.minibatches import as_epoch_optimizer
from hpsoft.engine.plan import Block
from hpsoft.engine.setup import Fold, TrainingSetup
from hpsoft.engine.tiles import TILE_BYTES
from hpsoft.optimizers.categories import numbers
from hpsoft.optimizers.errors import optimizer_errors
from hpsoft.optimizers.protocol import Models, Optimizer, Problem, State
from hpsoft.system.subnormals import flushed_subnormals


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
        return np.array(self.alive, np.intp)[self.scores.sound]

    @property
    def going_on(self) -> NDArray[np.bool_]:
        """Which of the sound models have a trial further on."""
        return np.array([self.block.models[i].horizon > self.horizon for i in self.sound], bool)

    def ended(self, column: int) -> list[int]:
        """Return the trials of a model that end here: reached, or diverged on the way."""
        sound = self.scores.sound[column]
        trials = self.block.models[self.alive[column]].trials
        return [
            i for h, i in trials.items() if h == self.horizon or (h > self.horizon and not sound)
        ]


def models_of(block: Block, alive: Sequence[int] | NDArray[np.intp]) -> Models:
    """Return the hyperparameters of those models of the block as columns."""
    values = np.array([block.models[i].columns for i in alive], np.float64)
    values = values.reshape(len(alive), len(block.column_names))
    columns = {name: values[:, j] for j, name in enumerate(block.column_names)}
    return Models(len(alive), columns, numbers(block.structure))


def select_models(state: State, columns: NDArray[Any]) -> State:
    """Return the state of some of its models; scalars are shared by all and stay."""
    return {
        name: np.ascontiguousarray(array[..., columns]) if array.ndim else array
        for name, array in state.items()
    }


def select_each(states: tuple[State, ...], columns: NDArray[np.bool_]) -> tuple[State, ...]:
    """Return the states of all folds, of some of their models; the very states where all stay."""
    return states if columns.all() else tuple(select_models(state, columns) for state in states)


def train(setup: TrainingSetup, task: Task) -> Snapshot:
    """Run a task: passes start .. stop - 1 on each fold, then the scores.

    A model found diverged after a pass leaves the block at once, on all folds, and scores NaN.

    Raises:
        OptimizerError: the optimizer raised an exception.
    """
    with optimizer_errors(setup.optimizer), flushed_subnormals():
        return _train(setup, task)


def _train(setup: TrainingSetup, task: Task) -> Snapshot:
    began = time.perf_counter()
    sound = np.ones(len(task.alive), bool)  # models that no fold has found diverged yet
    states: tuple[State, ...] = ()
    scores = []
    problems = setup.problems_of(task.block.structure)
    for i, fold in enumerate(setup.folds_of(task.block.structure)):
        at_start, before = sound, None
        if task.states is not None:
            (before,) = select_each(task.states[i : i + 1], sound)
        sound, state = _passes(setup, problems[i], task, sound, before)
        found = _scores(setup, fold, task, sound, state)
        (state,) = select_each((state,), found.sound)
        scores.append(found if sound.all() else found.spread(sound))
        sound = scores[-1].sound
        states = (*select_each(states, sound[at_start]), state)
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


def _scores(
    setup: TrainingSetup, fold: Fold, task: Task, sound: NDArray[np.bool_], state: State
) -> Scores:
    """Return the scores of the sound models on a fold."""
    X, labels, weight = fold.X_validation, fold.labels_validation, fold.weight_validation
    found = evaluate(X, labels, setup.n_classes, state, weight)
    if not setup.curves:
        return found
    models = [task.block.models[i] for i in np.array(task.alive, np.intp)[sound]]
    ends = np.array([task.stop in model.trials for model in models], bool)
    curves = evaluate_curves(X, labels, setup.n_classes, state, ends & found.sound, weight)
    return Scores({**found.means, **curves})


def _passes(
    setup: TrainingSetup,
    problem: Problem,
    task: Task,
    sound: NDArray[np.bool_],
    state: State | None,
) -> tuple[NDArray[np.bool_], State]:
    """Pass over a fold with the models that are `sound`; return which still are, their state."""
    models = models_of(task.block, np.array(task.alive, np.intp)[sound])
    passes = range(task.start, task.stop)
    training = run_passes(setup.optimizer, problem, models, passes, state, drop_diverged=True)
    left, state = next(training)
    for left, state in training:  # noqa: B007 -- only the last is needed
        pass
    if not left.all():
        sound = sound.copy()
        sound[sound] = left
    return sound, state


def run_passes(
    optimizer: Optimizer,
    problem: Problem,
    models: Models,
    passes: range,
    state: State | None = None,
    *,
    drop_diverged: bool = False,
    tile_bytes: int = TILE_BYTES,
) -> Iterator[tuple[NDArray[np.bool_], State]]:
    """Yield which models are sound, and the state, before the first pass and after each.

    Args:
        optimizer: of either kind.
        problem: what is trained on.
        models: as in the state.
        passes: their indices; the first is 0 where there is no state.
        state: None at the very start. Its arrays may be reused.
        drop_diverged: whether a model leaves the state after the pass in which it diverged, and
            training ends with the last; otherwise its numbers are left to be NaN.
        tile_bytes: of the parameters that an elementwise step is handed at once.
    """
    training = as_epoch_optimizer(optimizer, tile_bytes)
    if state is None:
        state = training.init(problem, models)
    sound = np.ones(len(models), bool)
    yield sound, state
    for index in passes:
        if not len(models):
            return
        state = training.epoch(problem, models, state, index)
        if drop_diverged:
            stays = np.logical_and.reduce(np.isfinite(state["bias"]), axis=0)
            if not stays.all():
                sound = sound.copy()
                sound[sound] = stays
                state, models = select_models(state, stays), models.select(stays)
        yield sound, state


def _converged(states: tuple[State, ...], sound: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """Return which models converged on all folds; None where the optimizer does not say."""
    if "converged" not in states[0]:
        return None
    spread = np.zeros(len(sound), bool)
    spread[sound] = np.logical_and.reduce([state["converged"] for state in states])
    return spread
