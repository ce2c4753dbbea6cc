"""Train models, and compare them: with each other, and by the reference mathematics."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from hpsoft.engine.tiles import TILE_BYTES
from hpsoft.engine.train import run_passes
from hpsoft.optimizers.implied import all_classes
from hpsoft.optimizers.protocol import Models, Optimizer, Problem, State
from hpsoft.softmax import gradient, regularised_cost
from hpsoft.softmax.probabilities import Array

Weights = NDArray[np.float64]  # (n_features + 1, n_classes, n_models), the bias in the last row


def train(
    optimizer: Optimizer,
    problem: Problem,
    models: Models,
    first: int,
    end: int,
    state: State | None = None,
    tile_bytes: int = TILE_BYTES,
) -> State:
    """Return the state after passes first .. end - 1."""
    passes = range(first, end)
    training = run_passes(optimizer, problem, models, passes, state, tile_bytes=tile_bytes)
    *_, (_, state) = training
    return state


def full(state: State, problem: Problem) -> Weights:
    """Return weights over bias of all classes, the last one filled in where it is implied."""
    exact = {name: state[name].astype(np.float64) for name in ("weights", "bias")}
    weights, bias = all_classes(exact, problem.n_classes)
    return np.concatenate([weights, bias[None]])


def difference(got: Array, expected: Array) -> float:
    """Return the largest difference relative to the largest number of that model.

    Two models that both diverged are equal; one alone is infinitely far.
    """
    lost = [~np.isfinite(part).all(axis=(0, 1)) for part in (got, expected)]
    if (lost[0] != lost[1]).any():
        return float("inf")
    sound = ~lost[0]
    scale = np.abs(expected[..., sound]).max(axis=(0, 1)).clip(1e-300)
    return float((np.abs(got - expected)[..., sound] / scale).max(initial=0.0))


def costs(problem: Problem, theta: Weights, models: Models) -> NDArray[np.float64]:
    """Return the regularised cost of each model, what descent is descent of; (n_models,)."""
    return np.array([regularised_cost(*at) for at in _points(problem, theta, models)])


def gradient_norms(problem: Problem, theta: Weights, models: Models) -> NDArray[np.float64]:
    """Return the norm of each model's gradient by the reference mathematics, (n_models,)."""
    slopes = [np.vstack(gradient(*at)) for at in _points(problem, theta, models)]
    return np.array([np.linalg.norm(slope) for slope in slopes])


def _points(
    problem: Problem, theta: Weights, models: Models
) -> Iterator[tuple[Array, Array, Array, Array, float]]:
    """Yield what functions of hpsoft.softmax take, for each model."""
    alpha = models.columns.get("alpha", np.zeros(len(models)))
    for m, strength in enumerate(alpha):
        yield problem.X, problem.labels, theta[:-1, :, m], theta[-1, :, m], float(strength)
