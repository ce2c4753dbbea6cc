"""Far away a model works in float32; where it ends is what float64 alone finds."""

import numpy as np
import pytest
from hpsoft_newton import Newton, optimizer
from hpsoft_newton.objective import Objective
from hypothesis import given, settings
from hypothesis import strategies as st
from newton_problem import choose_path, costs, make_models, make_problem, problem_of, train


@pytest.fixture(autouse=True)
def by_conjugate_gradients(monkeypatch):
    choose_path(monkeypatch, "cheap")


def precisions(monkeypatch):
    """Return a list that grows by the dtype and number of models of each gradient."""
    found, original = [], Objective.gradient

    def gradient(self, theta, logits):
        found.append((theta.dtype.name, theta.shape[1]))
        return original(self, theta, logits)

    monkeypatch.setattr(Objective, "gradient", gradient)
    return found


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 3.0, 1e3, 1e5]))
def test_it_ends_where_float64_ends(seed, offset):
    """Whatever the means of the features: raw pixels drown a gradient in float32."""
    base, models = make_problem(n=100, d=5, seed=seed), make_models((1e-4, 1.0))
    X = (base.X + offset).astype(np.float32)
    found, expected = (problem_of(X, base.labels, dtype) for dtype in (np.float32, np.float64))
    rough = train(found, models, 60)
    exact = train(expected, models, 60)
    np.testing.assert_allclose(
        costs(expected, models, rough), costs(expected, models, exact), rtol=1e-8
    )


def test_each_model_changes_by_itself_and_ends_in_float64(monkeypatch):
    problem, models = make_problem(n=200, dtype=np.float32), make_models((1e-4, 10.0))
    seen = precisions(monkeypatch)
    train(problem, models)
    names = [name for name, _ in seen]
    assert names[0] == "float32"
    assert names[-1] == "float64"
    assert {("float32", 1), ("float64", 1)} <= set(seen), "one near, one far"
    seen.clear()
    train(make_problem(n=200), models)
    assert {name for name, _ in seen} == {"float64"}


def test_float32_is_left_after_some_iterations(monkeypatch):
    """Though the cost could fall by much: alpha = 0 and separable."""
    labels = np.arange(20) % 2
    problem = problem_of(np.where(labels, 1.0, -1.0)[:, None], labels, np.float32)
    monkeypatch.setattr(optimizer, "SURE", 0.0)
    seen = precisions(monkeypatch)
    train(problem, make_models(0.0), 15)
    assert [name for name, _ in seen] == ["float32"] * 12 + ["float64"] * 3


def test_a_state_of_before_goes_on():
    """Its gradient's first norm is in the place of what is left to gain."""
    problem, models = make_problem(n=200, dtype=np.float32), make_models((1e-4, 10.0))
    state = train(problem, models, 2)
    del state["left"]
    state["first_norm"] = np.ones(2)
    end = train(problem, models, 30, state)
    assert end["converged"].all()
    expected = costs(problem, models, train(problem, models))
    np.testing.assert_allclose(costs(problem, models, end), expected, rtol=1e-9)
    assert Newton().epoch(problem, models, end, 3) is end
