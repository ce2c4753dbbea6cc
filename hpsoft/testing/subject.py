"""An optimizer with small problems and models to try it on.

The problems are small and convex, and their arrays are read-only, as they are in a search. One is
wide: with many features some optimizers take another way, as SGD's blocked kernel does. The models are the calm half of the default space: from its lower end to its middle. Past the edge of
stability any change in the order of a sum grows, and nothing equals anything.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.summaries import summary
from hpsoft.data.types import Samples
from hpsoft.engine.setup import sample_order
from hpsoft.engine.slabs import SLAB_BYTES
from hpsoft.engine.train import run_passes
from hpsoft.optimizers.implied import all_classes
from hpsoft.optimizers.protocol import (
    Hyperparameter,
    Models,
    Optimizer,
    Problem,
    Role,
    Space,
    State,
    Value,
)
from hpsoft.softmax import gradient, regularised_cost
from hpsoft.softmax.probabilities import Array
from hpsoft.softmax.summary import DataSummary

N_SAMPLES, N_FEATURES, N_CLASSES = 47, 5, 3
WIDE = 260  # features of a wide problem
BATCH = 7  # samples a step: the last mini-batch of a pass is shorter
MOST_MODELS = 6
SMALL = 8  # a structural domain that is no wider is tried at both ends

Weights = NDArray[np.float64]  # (n_features + 1, n_classes, n_models), the bias in the last row


@dataclass(frozen=True)
class Subject:
    """The optimizer that is checked."""

    make: Callable[[], Optimizer]
    space: Space | None = None  # values to try instead of the default space
    converges: bool = True  # whether it claims to reach the optimum, given full batches
    structure: Mapping[str, Value] = field(default_factory=dict)  # instead of the first values

    def variants(self) -> "Iterator[Subject]":
        """Yield the optimizer with small structural domains at their lower, then upper ends.

        Where values are given, their smallest and largest are the ends.
        """
        small = {h.name: _ends(h, self.space) for h in of_role(self.make(), Role.STRUCTURAL)}
        small = {name: ends for name, ends in small.items() if ends[1] - ends[0] <= SMALL}
        if not small:
            yield self
        for end in (0, 1) if small else ():
            yield replace(self, structure={name: ends[end] for name, ends in small.items()})

    def summary(self, problem: Problem) -> DataSummary:
        """Return what `default_space` is told of a problem."""
        samples = Samples(problem.X, problem.labels)
        return summary(samples, "contract", problem.n_classes)

    def values(self, problem: Problem) -> Mapping[str, Sequence[Value]]:
        """Return the values to try, of all hyperparameters."""
        optimizer = self.make()
        usual = {h.name: (h.default,) for h in optimizer.hyperparameters if h.default is not None}
        return {**usual, **(self.space or optimizer.default_space(self.summary(problem)))}

    def models(self, problem: Problem, batch: int = BATCH) -> Models:
        """Return some calm models side by side."""
        optimizer, values = self.make(), self.values(problem)
        columns = {h.name: _calm(h, values[h.name]) for h in of_role(optimizer, Role.COLUMNAR)}
        points = list(itertools.product(*columns.values()))
        if len(points) > MOST_MODELS:
            chosen = np.linspace(0, len(points) - 1, MOST_MODELS).round().astype(int)
            points = [points[i] for i in chosen]
        table = np.array(points, np.float64).reshape(len(points), len(columns))
        structure = {
            h.name: min(batch, len(problem.labels))
            if h.within_samples
            else self.structure.get(h.name, values[h.name][0])
            for h in of_role(optimizer, Role.STRUCTURAL)
        }
        return Models(len(table), dict(zip(columns, table.T, strict=True)), structure)

    def run(
        self,
        problem: Problem,
        models: Models,
        n_passes: int = 3,
        *,
        slab_bytes: int = SLAB_BYTES,
    ) -> Weights:
        """Train from the first state and return the models."""
        state = train(self.make(), problem, models, 0, n_passes, slab_bytes=slab_bytes)
        return full(state, problem)


def of_role(optimizer: Optimizer, role: Role) -> list[Hyperparameter]:
    """Return the hyperparameters with that role."""
    return [h for h in optimizer.hyperparameters if h.role is role]


def _ends(h: Hyperparameter, space: Space | None) -> tuple[Value, Value]:
    if space and not h.within_samples:
        return min(space[h.name]), max(space[h.name])
    if h.within_samples or h.high - h.low > SMALL:
        return 0, math.inf
    return lowest(h), h.kind(h.high)


def lowest(h: Hyperparameter) -> Value:
    """Return the lowest value of a domain; of an open one, what is next to its end."""
    if not h.above_low:
        return h.kind(h.low)
    return int(h.low) + 1 if h.kind is int else math.nextafter(h.low, math.inf)


def _calm(h: Hyperparameter, values: Sequence[Value]) -> list[Value]:
    """Return the lowest value and that in the middle; of a lonely one, its half as well."""
    ascending = sorted(values)
    chosen = {ascending[0], ascending[len(ascending) // 2]}
    if len(chosen) == 1:
        half = ascending[0] / 2
        chosen |= {half} if half and h.low < half < h.high else set()
    return sorted(chosen)


def make_problem(
    dtype: str = "float64",
    *,
    raw: bool = False,
    seed: int = 0,
    n_samples: int = N_SAMPLES,
    n_features: int = N_FEATURES,
) -> Problem:
    """Return a problem whose classes overlap, so that its optimum is finite.

    `raw` features are whole numbers 0 .. 255, as uint8.
    """
    rng = np.random.default_rng([seed, 20])
    X: Array = rng.normal(size=(n_samples, n_features))
    noise = 2 * rng.gumbel(size=(n_samples, N_CLASSES))
    labels = (X @ rng.normal(size=(n_features, N_CLASSES)) + noise).argmax(axis=1)
    labels[:N_CLASSES] = range(N_CLASSES)
    if raw:
        X = np.clip(X * 40 + 128, 0, 255).astype(np.uint8)
    for array in (X, labels):
        array.flags.writeable = False
    return Problem(
        X, labels, N_CLASSES, np.dtype(dtype), lambda e: sample_order(seed, e, n_samples)
    )


def train(
    optimizer: Optimizer,
    problem: Problem,
    models: Models,
    first: int,
    end: int,
    state: State | None = None,
    slab_bytes: int = SLAB_BYTES,
) -> State:
    """Return the state after passes first .. end - 1."""
    passes = range(first, end)
    training = run_passes(optimizer, problem, models, passes, state, slab_bytes=slab_bytes)
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
