"""Problems for tests of Newton's method, and runs of it outside the engine."""

import numpy as np
import pytest
from hpsoft_newton import Newton, direct, optimizer, sampled

from hpsoft.optimizers.protocol import Models, Problem
from hpsoft.softmax import gradient, regularised_cost


def make_problem(n=60, d=4, n_classes=3, dtype=np.float64, seed=0, noise=1.0):
    """Return a random problem whose classes overlap."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    logits = X @ rng.normal(size=(d, n_classes)) + noise * rng.gumbel(size=(n, n_classes))
    labels = logits.argmax(axis=1)
    labels[:n_classes] = range(n_classes)
    return problem_of(X, labels, dtype)


def problem_of(X, labels, dtype=np.float64):
    """Return the problem of some data."""
    n_classes = int(labels.max()) + 1
    return Problem(X, labels, n_classes, np.dtype(dtype), lambda e: np.arange(len(X)))


def make_models(alpha, damping=0.0):
    """Return models with these strengths of L2."""
    alpha = np.atleast_1d(np.asarray(alpha, float))
    return Models(len(alpha), {"alpha": alpha, "damping": np.full(len(alpha), damping)})


def train(problem, models, iterations=30, state=None):
    """Return the state after some iterations."""
    state = Newton().init(problem, models) if state is None else state
    for index in range(iterations):
        state = Newton().epoch(problem, models, state, index)
    return state


def costs(problem, models, state):
    """Return the regularised costs by hpsoft.softmax."""
    return np.array(
        [regularised_cost(*_at(problem, models, state, m)) for m in range(len(models))]
    )


def gradient_norms(problem, models, state):
    """Return the norms of the gradients by hpsoft.softmax."""
    return np.array(
        [
            np.linalg.norm(np.vstack(gradient(*_at(problem, models, state, m))))
            for m in range(len(models))
        ]
    )


def best_costs(problem, models):
    """Return the costs where Newton on the whole Hessian has nothing left to gain."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(direct, "MAX_SIZE", 10**9)
        patch.setattr(optimizer, "TOLERANCE", 0.0)
        return costs(problem, models, train(problem, models, 40))


def _at(problem, models, state, m):
    alpha = models.columns["alpha"][m]
    return problem.X, problem.labels, state["weights"][..., m], state["bias"][:, m], alpha


def choose_path(monkeypatch, path):
    """Take directions from the Hessian (direct), from conjugate gradients (cheap), or from these
    with the sampled preconditioner after one step (dear)."""
    monkeypatch.setattr(direct, "MAX_SIZE", 10**9 if path == "direct" else 0)
    if path == "dear":
        monkeypatch.setattr(optimizer, "cheap_steps", lambda *_: 1)
        monkeypatch.setattr(optimizer, "DRAWN", 40)
        monkeypatch.setattr(sampled, "DRAWN", 40)
        monkeypatch.setattr(optimizer, "GROUP", 2)
