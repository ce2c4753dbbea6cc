"""Checks of an installed optimizer against the reference mathematics.

Only what holds for every correct optimizer of the regularised cost, on a small convex problem in
float64: the cost falls, the reference gradient vanishes where a long run with full batches ends,
models do not influence each other, and a run is its parts in a row. Knows no engine: it is given
something that makes whole passes.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from hpsoft.maths.gradcheck import CheckResult
from hpsoft.optimizers.protocol import (
    Array,
    DataSummary,
    Models,
    Optimizer,
    Problem,
    Role,
    State,
    Value,
)
from hpsoft.softmax import gradient, regularised_cost

N_SAMPLES, N_FEATURES, N_CLASSES, N_MODELS = 60, 4, 3, 4
LONG, SHORT = 2000, 6  # passes
METHOD = "training runs"


class Training(Protocol):
    """Makes whole passes over the data."""

    def init(self, problem: Problem, models: Models) -> State:
        """Return the state before the first pass."""
        ...

    def epoch(self, problem: Problem, models: Models, state: State, index: int) -> State:
        """Return the state after pass `index`."""
        ...


@dataclass(frozen=True)
class Trial:
    """An optimizer, a problem, and the models to train on it."""

    training: Training
    problem: Problem
    models: Models
    alpha: Array  # (n_models,), of the cost that the models minimise

    def run(self, n_passes: int, state: State | None = None, first: int = 0) -> State:
        """Return the state after passes first .. n_passes - 1."""
        state = self.training.init(self.problem, self.models) if state is None else state
        for index in range(first, n_passes):
            state = self.training.epoch(self.problem, self.models, state, index)
        return state

    def alone(self, model: int) -> "Trial":
        """Return the trial of one of the models."""
        columns = {name: values[[model]] for name, values in self.models.columns.items()}
        return replace(
            self, models=Models(1, columns, self.models.structure), alpha=self.alpha[[model]]
        )

    def parameters(self, state: State) -> list[tuple[Array, Array]]:
        """Return weights (n_features, n_classes) and bias (n_classes,) of every model."""
        weights, bias = (np.asarray(state[name], np.float64) for name in ("weights", "bias"))
        if len(bias) < N_CLASSES:  # the last class is implied: minus the sum
            weights = np.concatenate([weights, -weights.sum(axis=1, keepdims=True)], axis=1)
            bias = np.concatenate([bias, -bias.sum(axis=0, keepdims=True)])
        return [(weights[..., m], bias[:, m]) for m in range(len(self.models))]

    def costs(self, state: State) -> Array:
        """Return the regularised costs by hpsoft.softmax, (n_models,)."""
        X, labels = self.problem.X, self.problem.labels
        pairs = zip(self.parameters(state), self.alpha, strict=True)
        return np.array([regularised_cost(X, labels, *theta, alpha) for theta, alpha in pairs])

    def gradient_norms(self, state: State) -> Array:
        """Return the norms of the gradients by hpsoft.softmax, (n_models,)."""
        X, labels = self.problem.X, self.problem.labels
        pairs = zip(self.parameters(state), self.alpha, strict=True)
        return np.array(
            [
                np.linalg.norm(np.vstack(gradient(X, labels, *theta, alpha)))
                for theta, alpha in pairs
            ]
        )


def cost_falls(trial: Trial) -> float:
    """Return the share of its first cost that the best model keeps after 20 passes."""
    return float(np.nanmin(trial.costs(trial.run(20)) / trial.costs(trial.run(0)), initial=np.inf))


def gradient_vanishes(trial: Trial) -> float:
    """Return the smallest norm of a gradient after a long run, over that at the start."""
    first = trial.gradient_norms(trial.run(0))
    return float(np.nanmin(trial.gradient_norms(trial.run(LONG)) / first, initial=np.inf))


def models_independent(trial: Trial) -> float:
    """Return the largest difference between models side by side and each one alone."""
    together = trial.parameters(trial.run(SHORT))
    alone = [trial.alone(m) for m in range(len(trial.models))]
    return max(
        _difference(ours, one.parameters(one.run(SHORT))[0])
        for ours, one in zip(together, alone, strict=True)
    )


def run_is_its_parts(trial: Trial) -> float:
    """Return the largest difference between a run, and a snapshot of half of it continued."""
    straight = trial.parameters(trial.run(SHORT))
    half = {name: array.copy() for name, array in trial.run(SHORT // 2).items()}
    continued = trial.parameters(trial.run(SHORT, half, SHORT // 2))
    return max(map(_difference, continued, straight))


def _difference(got: tuple[Array, Array], expected: tuple[Array, Array]) -> float:
    """Return the largest difference relative to the largest parameter; NaN is no agreement."""
    ours, theirs = np.vstack(got), np.vstack(expected)
    return float(np.abs(ours - theirs).max() / max(np.abs(theirs).max(), 1e-300))


CHECKS: tuple[tuple[str, str, float, Callable[[Trial], float]], ...] = (
    ("cost falls", "J after 20 passes / J at zero, best of the models", 0.9, cost_falls),
    (
        "gradient vanishes",
        f"|grad J| after {LONG} full-batch passes / at zero, best of the models",
        1e-3,
        gradient_vanishes,
    ),
    ("models independent", "a model side by side with others = alone", 1e-9, models_independent),
    ("run is its parts", "to h, then on to 2 h = straight to 2 h", 1e-12, run_is_its_parts),
)


def check_optimizer(
    name: str, optimizer: Optimizer, training: Training, seed: int = 0
) -> Iterator[CheckResult]:
    """Yield a result a check; what the optimizer raises is a check that failed.

    Args:
        name: of the optimizer.
        optimizer: declares the hyperparameters and the default space.
        training: makes whole passes of it.
        seed: of the random problem.
    """
    for identity, formula, tolerance, measure in CHECKS:
        try:
            with np.errstate(all="ignore"):
                deviation, note = measure(make_trial(optimizer, training, seed)), ""
        except Exception as error:  # noqa: BLE001 -- whatever a plugin raises is what was found
            deviation, note = None, f"{type(error).__name__}: {error}"
        passed = deviation is not None and deviation <= tolerance  # False for NaN
        yield CheckResult(
            f"{name}: {identity}", formula, METHOD, deviation, tolerance, passed, note
        )


def make_trial(optimizer: Optimizer, training: Training, seed: int) -> Trial:
    """Return models of the lower half of the default space on a problem with full batches."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(N_SAMPLES, N_FEATURES))
    logits = X @ rng.normal(size=(N_FEATURES, N_CLASSES))
    labels = (logits + 2 * rng.gumbel(size=logits.shape)).argmax(axis=1)
    labels[:N_CLASSES] = range(N_CLASSES)
    orders = [rng.permutation(N_SAMPLES) for _ in range(7)]
    problem = Problem(
        X, labels, N_CLASSES, np.dtype(np.float64), lambda e: orders[e % len(orders)]
    )
    curvature = float(np.linalg.eigvalsh(X.T @ X / (2 * N_SAMPLES))[-1])
    largest = float(np.square(X).sum(axis=1).max())
    facts = DataSummary("check", N_SAMPLES, N_FEATURES, N_CLASSES, curvature, largest)
    models = _models(optimizer, optimizer.default_space(facts), curvature / 10)
    cost_alpha = models.columns.get("alpha", np.zeros(N_MODELS))
    return Trial(training, problem, models, cost_alpha)


def _models(optimizer: Optimizer, space: Mapping[str, object], alpha: float) -> Models:
    columns, structure = {}, {}
    for h in optimizer.hyperparameters:
        values: list[Value] = sorted(space[h.name])  # type: ignore[call-overload]
        if h.role is Role.COLUMNAR:
            chosen = np.linspace(0, (len(values) - 1) // 2, N_MODELS).round().astype(int)
            columns[h.name] = np.array([values[i] for i in chosen], np.float64)
        elif h.role is Role.STRUCTURAL:
            structure[h.name] = N_SAMPLES if h.within_samples else values[0]
    if "alpha" in columns:  # strong enough to matter; a decoupled one would move the optimum
        decoupled = getattr(optimizer, "decoupled", False)
        columns["alpha"] = np.full(N_MODELS, 0.0 if decoupled else alpha)
    return Models(N_MODELS, columns, structure)
