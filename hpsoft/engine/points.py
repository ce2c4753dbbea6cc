"""Train chosen points anew through the engine, and score them on both parts of the data.

Fused as in a search; nothing is stored. What comes back is small: scores, no weights.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hpsoft.engine.evaluate import evaluate
from hpsoft.engine.plan import make_plan
from hpsoft.engine.schedule import run
from hpsoft.engine.train import Setting, Snapshot
from hpsoft.engine.workers import make_workers
from hpsoft.engine.worth import n_workers
from hpsoft.optimizers.implied import all_classes
from hpsoft.optimizers.protocol import State, Value
from hpsoft.softmax.probabilities import Array


@dataclass(frozen=True)
class Trained:
    """A point trained to its horizon; its columnar `alpha` is the L2 strength of the cost."""

    index: int  # of the point
    training_cost: float  # mean cross-entropy + alpha / 2 ||W||^2; NaN where it diverged
    validation_cost: float  # mean cross-entropy
    accuracy: float  # on the validation part
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
    folds: tuple[float, ...]  # mean cross-entropy on each; NaN where it diverged
    accuracy: float
    converged: bool | None  # None: the optimizer does not say


def validate(
    what: str, setting: Setting, points: Sequence[Mapping[str, Value]], jobs: int
) -> Iterator[Progress | Validated]:
    """Train every point from zero and score it on the validation part. Raises as `retrain` does."""
    for event in _trained(what, setting, points, jobs):
        if isinstance(event, Progress):
            yield event
            continue
        for index, column in _ended(event):
            scores, converged = event.scores, event.converged
            yield Validated(
                index,
                scores.folds_of(column) or (float(scores.cross_entropy[column]),),
                float(scores.accuracy[column]),
                None if converged is None else bool(converged[column]),
            )


def retrain(
    what: str, setting: Setting, points: Sequence[Mapping[str, Value]], jobs: int
) -> Iterator[Progress | Trained]:
    """Train every point from zero; `what` names the work in its Progress.

    Raises:
        HpsoftError: a worker process died.
    """
    for event in _trained(what, setting, points, jobs):
        if isinstance(event, Snapshot):
            yield from _scored(setting, event)
        else:
            yield event


def _trained(
    what: str, setting: Setting, points: Sequence[Mapping[str, Value]], jobs: int
) -> Iterator[Progress | Snapshot]:
    plan = make_plan(setting.optimizer.hyperparameters, enumerate(points), n_workers=jobs)
    began, done = time.perf_counter(), 0
    yield Progress(what, 0, plan.model_epochs, 0.0)
    with make_workers(setting, n_workers(setting, plan, jobs)) as workers:
        for event in run(plan, workers):
            if isinstance(event, Snapshot):
                yield event
                done += event.model_epochs
                yield Progress(what, done, plan.model_epochs, time.perf_counter() - began)


def _scored(setting: Setting, snapshot: Snapshot) -> Iterator[Trained]:
    """Yield the points that end with this snapshot."""
    sound = np.isfinite(snapshot.scores.cross_entropy)
    costs = np.full(len(snapshot.alive), np.nan)
    if sound.any():
        alpha = [_alpha(snapshot, i) for i in np.array(snapshot.alive)[sound]]
        costs[sound] = _training_costs(setting, snapshot.states, np.array(alpha))
    for index, column in _ended(snapshot):
        yield Trained(
            index,
            float(costs[column]),
            float(snapshot.scores.cross_entropy[column]),
            float(snapshot.scores.accuracy[column]),
            None if snapshot.converged is None else bool(snapshot.converged[column]),
        )


def _ended(snapshot: Snapshot) -> Iterator[tuple[int, int]]:
    """Yield index and column of the points that end here."""
    for column in range(len(snapshot.alive)):
        for index in snapshot.ended(column):
            yield index, column


def _alpha(snapshot: Snapshot, model: int) -> float:
    block = snapshot.block
    return float(block.models[model].columns[block.column_names.index("alpha")])


def _training_costs(
    setting: Setting, states: Sequence[State], alpha: Array
) -> NDArray[np.float64]:
    """Return the regularised training costs, means over the folds, in float64 whatever the states."""
    costs = []
    for fold, state in zip(setting.folds, states, strict=True):
        exact = {name: state[name].astype(np.float64) for name in ("weights", "bias")}
        scores = evaluate(fold.X, fold.labels, setting.n_classes, exact)
        weights, _ = all_classes(exact, setting.n_classes)
        penalty = alpha / 2 * np.einsum("jkm,jkm->m", weights, weights)
        costs.append(scores.cross_entropy + penalty)
    mean: NDArray[np.float64] = np.mean(costs, axis=0)
    return mean
