"""Newton as the engine calls it: exact, every model for itself, frozen when it is done."""

import numpy as np
import pytest
from hpsoft_newton import Newton, optimizer
from hpsoft_newton.objective import Objective
from newton_problem import (
    best_costs,
    choose_path,
    costs,
    gradient_norms,
    make_models,
    make_problem,
    problem_of,
    train,
)

from hpsoft.engine.train import select_models
from hpsoft.optimizers.protocol import Problem
from hpsoft.softmax.summary import DataSummary

PATHS = ("direct", "cheap", "dear")
ALPHAS = (1e-4, 0.01, 0.1, 1.0, 1e4)


@pytest.fixture(params=PATHS)
def path(request, monkeypatch):
    choose_path(monkeypatch, request.param)
    return request.param


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_path_ends_at_the_optimum(path, dtype):
    """Nothing is left to gain by hpsoft.softmax, whatever the precision of the work."""
    problem, models = make_problem(n=200, dtype=dtype), make_models(ALPHAS)
    state = train(problem, models)
    assert state["converged"].all()
    assert state["weights"].dtype == np.float64
    found = costs(problem, models, state)
    np.testing.assert_allclose(found, best_costs(problem, models), rtol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_converged_is_near_the_optimum_where_rows_are_far_from_the_others(monkeypatch, dtype):
    """Three are ten thousand times as long: what a direction promises is a part of the gain."""
    choose_path(monkeypatch, "cheap")
    rng = np.random.default_rng(0)
    X, logits = rng.normal(size=(400, 40)), rng.normal(size=(400, 40)) @ rng.normal(size=(40, 5))
    X[:3] *= 1e4
    problem, models = problem_of(X, logits.argmax(axis=1), dtype), make_models((1e-6, 1e-3, 1.0))
    state = train(problem, models, 60)
    assert state["converged"].all()
    assert costs(problem, models, state) == pytest.approx(best_costs(problem, models), rel=2e-6)


@pytest.mark.parametrize("iterations", [1, 3, 20])
def test_a_model_does_not_notice_its_neighbours(path, iterations):
    """Alone, in another order, or when others are dropped midway."""
    problem, models = make_problem(n=200), make_models(ALPHAS)
    together = train(problem, models, iterations)
    for m, alpha in enumerate(ALPHAS):
        alone = train(problem, make_models(alpha), iterations)
        np.testing.assert_allclose(
            alone["weights"][..., 0], together["weights"][..., m], atol=1e-9
        )
        assert alone["converged"][0] == together["converged"][m]
    backwards = train(problem, make_models(ALPHAS[::-1]), iterations)
    np.testing.assert_allclose(backwards["weights"][..., ::-1], together["weights"], atol=1e-9)
    kept = np.array([True, False, True, False, False])
    half = select_models(train(problem, models, iterations), kept)
    dropped = train(problem, make_models(np.array(ALPHAS)[kept]), 2, half)
    straight = train(problem, models, iterations + 2)
    np.testing.assert_allclose(dropped["weights"], straight["weights"][..., kept], atol=1e-9)


def test_converged_models_cost_nothing(path, monkeypatch):
    """Products are made for the models at work only, none when all have converged."""
    problem, models = make_problem(n=200), make_models((1e-4, 10.0))
    state = train(problem, models, 4)  # the second is done
    assert state["converged"].tolist() == [False, True]
    frozen = state["weights"][..., 1].copy()
    widths = []
    original = Objective.logits

    def logits(self, theta):
        widths.append(theta.shape[1])
        return original(self, theta)

    monkeypatch.setattr(Objective, "logits", logits)
    state = train(problem, models, 30, state)
    assert set(widths) == {1}
    np.testing.assert_array_equal(state["weights"][..., 1], frozen)
    assert state["converged"].all()
    widths.clear()
    train(problem, models, 5, state)
    assert not widths


def test_convergence_is_quadratic(monkeypatch):
    """The number of correct digits doubles: each norm is below the square of the one before."""
    choose_path(monkeypatch, "direct")
    monkeypatch.setattr(optimizer, "TOLERANCE", 0.0)
    problem, models = make_problem(n=200), make_models(0.01)
    norms = [gradient_norms(problem, models, train(problem, models, k))[0] for k in range(9)]
    near = [k for k in range(8) if 1e-7 < norms[k] < 1e-1]
    assert len(near) >= 2
    assert all(norms[k + 1] < 10 * norms[k] ** 2 for k in near)
    assert norms[-1] < 1e-14


def test_conjugate_gradients_converge_linearly_at_least(monkeypatch):
    """Inexact directions: each step leaves a fifth of the gradient at most, to the rounding."""
    choose_path(monkeypatch, "cheap")
    monkeypatch.setattr(optimizer, "TOLERANCE", 0.0)
    problem, models = make_problem(n=2000, d=40, n_classes=5), make_models(1e-3)
    state, norms = None, []
    for _ in range(14):
        state = train(problem, models, 1, state)
        norms.append(gradient_norms(problem, models, state)[0])
    near = [k for k in range(13) if 1e-12 < norms[k] < 1e-2]
    assert len(near) >= 5
    assert all(norms[k + 1] < norms[k] / 5 for k in near)
    assert norms[-1] < 1e-12


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_classes", [2, 3])
def test_separable_classes_without_l2(path, n_classes, dtype):
    """No minimum exists: a step divides the cost by e, nothing converges, nothing is NaN."""
    rng = np.random.default_rng(0)
    labels = np.arange(60) % n_classes
    X = rng.normal(size=(60, 4)) * 0.1 + 5 * np.eye(4)[labels]
    problem, models = problem_of(X, labels, dtype), make_models(0.0)
    found = []
    state = None
    for _ in range(40):
        state = train(problem, models, 1, state)
        assert np.isfinite(state["weights"]).all()
        found.append(costs(problem, models, state)[0])
    found = np.array(found)
    shares = found[1:][found[1:] > 1e-12] / found[:-1][found[1:] > 1e-12]
    assert shares[3:] == pytest.approx(np.exp(-1), rel=0.05)
    assert found[-1] < 1e-12
    assert not state["converged"].any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_separable_classes_far_beyond_the_rounding(path, dtype):
    """Hundreds of iterations, all samples certain, cost 0: still finite, and no minimum."""
    labels = np.arange(20) % 2
    problem = problem_of(np.where(labels, 1.0, -1.0)[:, None], labels, dtype)
    state = train(problem, make_models(0.0), 300)
    assert np.isfinite(state["weights"]).all()
    assert not state["converged"].any()


def test_a_cost_that_is_rounded_to_zero_is_no_minimum(path):
    """Far along a separating direction cost, gradient and slope are all exactly 0."""
    labels = np.arange(20) % 2
    problem = problem_of(np.where(labels, 1.0, -1.0)[:, None], labels, np.float32)
    models = make_models(0.0)
    state = Newton().init(problem, models)
    state["weights"][0, :, 0] = (-1e4, 1e4)
    state = train(problem, models, 3, state)
    assert costs(problem, models, state)[0] == 0
    assert not state["converged"].any()


def test_many_models_work_in_groups(path, monkeypatch):
    """Memory is bounded by ROOM, and the weights do not show it."""
    problem, models = make_problem(n=200), make_models(ALPHAS)
    together = train(problem, models, 3)
    widths = []
    original = Objective.logits

    def logits(self, theta):
        widths.append(theta.shape[1])
        return original(self, theta)

    monkeypatch.setattr(Objective, "logits", logits)
    monkeypatch.setattr(optimizer, "ROOM", 2 * 8 * 3 * 200)  # two models
    apart = train(problem, models, 3)
    assert max(widths) == 2
    np.testing.assert_allclose(apart["weights"], together["weights"], atol=1e-9)


def test_the_eight_models_of_the_default_space_work_together():
    """On all of Fashion-MNIST, which is read once a product."""
    whole = Problem(np.empty((60_000, 0)), np.zeros(60_000, int), 10, np.dtype(float), None)
    assert optimizer.n_groups(8, whole) == 1
    assert optimizer.n_groups(64, whole) > 1


@pytest.mark.parametrize(
    "problem",
    [
        make_problem(n=10, d=30),
        make_problem(d=1),
        make_problem(n_classes=2),
        problem_of(np.hstack([make_problem().X, np.full((60, 1), 7.0)]), make_problem().labels),
        problem_of(np.zeros((60, 2)), make_problem().labels),
        problem_of(make_problem().X[:, [0, 0, 0]], make_problem().labels),
    ],
    ids=["n < d", "one feature", "two classes", "constant", "all zero", "repeated"],
)
def test_odd_data(path, problem):
    """With some L2 the optimum exists, and is found."""
    models = make_models((0.01, 1e6, 1e300))
    state = train(problem, models)
    assert state["converged"].all()
    found = costs(problem, models, state)
    np.testing.assert_allclose(found, best_costs(problem, models), rtol=1e-9)
    assert np.abs(state["weights"][..., 2]).max() < 1e-290


def test_huge_alpha_leaves_the_class_frequencies(path):
    problem = make_problem()
    bias = train(problem, make_models(1e12))["bias"][:, 0]
    shares = np.exp(bias) / np.exp(bias).sum()
    np.testing.assert_allclose(shares, np.bincount(problem.labels) / 60, rtol=1e-4)


def test_damping_shortens_the_step_and_leaves_the_optimum(path):
    problem = make_problem(n=200)
    steps = [
        np.linalg.norm(train(problem, make_models(0.1, damping), 1)["weights"])
        for damping in (0.0, 1.0, 100.0)
    ]
    assert steps[0] > 1.5 * steps[1] > 1.5 * steps[2] > 0
    plain, damped = make_models(0.1), make_models(0.1, 0.5)
    end = train(problem, damped, 200)
    assert end["converged"].all()
    expected = costs(problem, plain, train(problem, plain))
    np.testing.assert_allclose(costs(problem, damped, end), expected, rtol=1e-8)


def test_strong_damping_is_not_taken_for_convergence(path):
    """Tiny steps are no sign of an optimum."""
    problem = make_problem(n=200)
    for damping in (1e6, 1e300):
        state = train(problem, make_models(0.1, damping), 5)
        assert not state["converged"].any()
        assert np.isfinite(state["weights"]).all()


@pytest.mark.parametrize("size", [1e160, 1e300])
def test_data_beyond_the_range_give_nan_in_all_columns(path, size):
    """No exception, no warning."""
    base = make_problem()
    state = train(problem_of(base.X * size, base.labels), make_models((0.1, 1.0)), 3)
    assert np.isnan(state["weights"]).all()
    assert np.isnan(state["bias"]).all()
    assert not state["converged"].any()


def test_the_dear_preconditioner_comes_when_it_costs_no_more_than_what_was_spent():
    assert optimizer.cheap_steps(60_000, 784) < optimizer.cheap_steps(6000, 784)
    assert optimizer.cheap_steps(10, 2000) == optimizer.MAX_STEPS


def test_the_default_space_lies_in_its_domains():
    for square in (0.0, 1e-8, 0.3, 6.6e6):
        space = Newton().default_space(DataSummary("d", 100, 5, 3, 2.0, square))
        for h in (h for h in Newton.hyperparameters if h.name in space):
            values = [h.check(value) for value in space[h.name]]
            assert values == sorted(set(values))
        assert max(space["alpha"]) == pytest.approx(2.1 * (square or 1.0), rel=0.05)
