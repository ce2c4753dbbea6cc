"""Train chosen points anew through the engine, and score them on both parts of the data.

Fused as in a search; nothing is stored. What comes back is small: scores, no weights.
"""

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from hpsoft.engine.estimate import LEAST_SECONDS, n_workers
from hpsoft.engine.evaluate import evaluate
from hpsoft.engine.plan import make_plan
from hpsoft.engine.schedule import run
from hpsoft.engine.setup import TrainingSetup
from hpsoft.engine.train import Snapshot, models_of, run_passes
from hpsoft.engine.workers import make_workers
from hpsoft.optimizers.categories import Choice
from hpsoft.optimizers.errors import optimizer_errors
from hpsoft.optimizers.implied import all_classes
from hpsoft.optimizers.protocol import Models, Problem, State
from hpsoft.optimizers.weights import weighting
from hpsoft.system.subnormals import flushed_subnormals


@dataclass(frozen=True)
class Trained:
    """A point trained to its horizon; its columnar `alpha` is the L2 strength of the cost."""

    index: int  # of the point
    # Mean cross-entropy, weighted as in the training, + alpha / 2 ||W||^2; NaN where it diverged.
    training_cost: float
    scores: Mapping[str, float]  # every metric on the validation part, by name
    converged: bool | None  # None: the optimizer does not say


@dataclass(frozen=True)
class Progress:
    """Passes times models trained so far."""

    what: str
    done: int
    total: int
    seconds: float


@dataclass(frozen=True)
class Validated:
    """A point trained to its horizon, scored on the validation part."""

    index: int  # of the point
    scores: Mapping[str, float]  # every metric by name, means over the folds; NaN: it diverged
    folds: Mapping[str, tuple[float, ...]]  # the same on each
    converged: bool | None  # None: the optimizer does not say


@dataclass(frozen=True)
class Training:
    """A pass over the data has ended."""

    epoch: int  # 1 .. epochs
    epochs: int
    seconds: float  # so far


def train_one(
    setup: TrainingSetup, params: Mapping[str, Choice]
) -> Generator[Training, None, State]:
    """Train one point from zero on the only fold, yielding a `Training` a pass; return its state.

    Raises:
        OptimizerError: the optimizer raised an exception.
    """
    block = make_plan(setup.hyperparameters, [(0, params)]).blocks[0]
    epochs, (problem,) = block.models[0].horizon, setup.problems_of(block.structure)
    began = time.perf_counter()
    training = run_passes(setup.optimizer, problem, models_of(block, [0]), range(epochs))
    with threadpool_limits(1):
        with optimizer_errors(setup.optimizer):
            _, state = next(training)
        for epoch in range(1, epochs + 1):
            with optimizer_errors(setup.optimizer), flushed_subnormals():
                _, state = next(training)
            yield Training(epoch, epochs, time.perf_counter() - began)
    return state


def validate(
    what: str,
    setup: TrainingSetup,
    points: Sequence[Mapping[str, Choice]],
    jobs: int,
    least_seconds: float = LEAST_SECONDS,
) -> Generator[Progress, None, list[Validated]]:
    """Train every point from zero, and return its validation scores; raises as `retrain`."""
    found: list[Validated] = []
    for event in _trained(what, setup, points, jobs, least_seconds):
        if isinstance(event, Progress):
            yield event
        else:
            found += _validated(event)
    return sorted(found, key=lambda scores: scores.index)


def retrain(
    what: str,
    setup: TrainingSetup,
    points: Sequence[Mapping[str, Choice]],
    jobs: int,
    least_seconds: float = LEAST_SECONDS,
) -> Generator[Progress, None, list[Trained]]:
    """Train every point from zero, and return them; `what` names the work in its Progress.

    Raises:
        HpsoftError: a worker process died.
    """
    found: list[Trained] = []
    for event in _trained(what, setup, points, jobs, least_seconds):
        if isinstance(event, Progress):
            yield event
        else:
            found += _scored(setup, event)
    return sorted(found, key=lambda trained: trained.index)


def _trained(
    what: str,
    setup: TrainingSetup,
    points: Sequence[Mapping[str, Choice]],
    jobs: int,
    least_seconds: float,
) -> Iterator[Progress | Snapshot]:
    plan = make_plan(setup.hyperparameters, enumerate(points), n_workers=jobs)
    began, done = time.perf_counter(), 0
    yield Progress(what, 0, plan.model_epochs, 0.0)
    with make_workers(setup, n_workers(setup, plan, jobs, least_seconds)) as workers:
        for event in run(plan, workers):
            if isinstance(event, Snapshot):
                yield event
                done += event.model_epochs
                yield Progress(what, done, plan.model_epochs, time.perf_counter() - began)


def _validated(snapshot: Snapshot) -> Iterator[Validated]:
    """Yield the validation scores of the points that end with this snapshot."""
    scores, converged = snapshot.scores, snapshot.converged
    for index, column in _ended(snapshot):
        yield Validated(
            index,
            means := scores.of(column),
            scores.folds_of(column) or {name: (value,) for name, value in means.items()},
            None if converged is None else bool(converged[column]),
        )


def _scored(setup: TrainingSetup, snapshot: Snapshot) -> Iterator[Trained]:
    """Yield the points that end with this snapshot."""
    sound = snapshot.scores.sound
    costs = np.full(len(snapshot.alive), np.nan)
    if sound.any():
        models = models_of(snapshot.block, np.array(snapshot.alive)[sound])
        problems = setup.problems_of(snapshot.block.structure)
        costs[sound] = _training_costs(problems, snapshot.states, models)
    for index, column in _ended(snapshot):
        yield Trained(
            index,
            float(costs[column]),
            snapshot.scores.of(column),
            None if snapshot.converged is None else bool(snapshot.converged[column]),
        )


def _ended(snapshot: Snapshot) -> Iterator[tuple[int, int]]:
    """Yield index and column of the points that end here."""
    for column in range(len(snapshot.alive)):
        for index in snapshot.ended(column):
            yield index, column


def _training_costs(
    problems: Sequence[Problem], states: Sequence[State], models: Models
) -> NDArray[np.float64]:
    """Return the regularised training costs, means over the folds, computed in float64."""
    costs = []
    for problem, state in zip(problems, states, strict=True):
        exact = {name: state[name].astype(np.float64) for name in ("weights", "bias")}
        weights, _ = all_classes(exact, problem.n_classes)
        penalty = models.columns["alpha"] / 2 * np.einsum("jkm,jkm->m", weights, weights)
        costs.append(_weighted_cross_entropies(problem, exact, models) + penalty)
    mean: NDArray[np.float64] = np.mean(costs, axis=0)
    return mean


def _weighted_cross_entropies(
    problem: Problem, state: State, models: Models
) -> NDArray[np.float64]:
    """Return the mean cross-entropies of the training part, as each model weights it."""
    powers = models.columns.get("class_weight", np.zeros(len(models)))
    found = np.empty(len(models))
    for power in np.unique(powers):
        same = powers == power
        factors = weighting(problem, models.select(same), np.float64)
        weight = None if factors is None else factors.of(slice(None))[:, 0]
        some = {name: array[..., same] for name, array in state.items()}
        scores = evaluate(problem.X, problem.labels, problem.n_classes, some, weight)
        found[same] = scores.cross_entropy
    return found
