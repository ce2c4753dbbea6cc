"""Directions: the Hessian's own, conjugate gradients', and what makes these fast."""

import weakref

import numpy as np
import pytest
from hpsoft_newton import direct, spectral
from hpsoft_newton.conjugate import Systems, solve
from hpsoft_newton.line_search import step_lengths
from hpsoft_newton.objective import Objective, dot
from hpsoft_newton.sampled import sampled
from newton_problem import make_problem

ALPHA = np.array([0.0, 0.01, 1.0])


@pytest.fixture
def systems():
    """Three models at random points of a problem with overlapping classes."""
    problem = make_problem(n=300, d=6, n_classes=4)
    rng = np.random.default_rng(1)
    X = problem.X * np.array([1, 10, 0.1, 3, 1, 100]) + np.array([0, 50, 0, 9, 0, 0])
    objective = Objective(X, problem.labels, 4, ALPHA, np.zeros(3))
    theta = np.concatenate([rng.normal(size=(4, 3, 6)) / X.std(axis=0), np.zeros((4, 3, 1))], 2)
    theta[..., -1] = -theta[..., :-1] @ X.mean(axis=0)
    theta -= theta.mean(axis=0)
    gradient, probabilities = objective.gradient(theta, objective.logits(theta))
    return Systems.start(objective, probabilities, gradient)


def make(kind, systems):
    objective, p = systems.objective, systems.probabilities
    if kind == "sampled":
        return sampled(objective, p)
    known = spectral.spectrum(objective.X, objective.X.dtype)
    return spectral.spectral(known, p, objective.alpha, objective.damping)


@pytest.mark.parametrize("kind", ["spectral", "variances", "many classes", "sampled"])
def test_conjugate_gradients_end_at_the_direct_solution(systems, kind, monkeypatch):
    """Whatever the preconditioner."""
    if kind == "variances":
        monkeypatch.setattr(spectral, "MAX_FEATURES", 3)
    if kind == "many classes":
        monkeypatch.setattr(spectral, "MAX_CLASSES", 3)
    expected = direct.directions(systems.objective, systems.probabilities, systems.gradient)
    found, ran_out = solve(systems, make(kind, systems), np.full(3, 1e-11), 400)
    assert not ran_out.any()
    scale = np.abs(expected).max(axis=(0, 2))[:, None]
    found = found.direction - found.direction.mean(axis=0)
    np.testing.assert_allclose(found / scale, expected / scale, atol=1e-6)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_spectral_preconditioner_is_its_matrix(weighted):
    """S (x) covariance + alpha, as one matrix, for what sums to zero over the classes."""
    rng = np.random.default_rng(0)
    X, ridge = rng.normal(size=(50, 3)) + 5, np.array([0.1, 2.0])
    p = rng.dirichlet(np.ones(4), size=(2, 50)).transpose(2, 0, 1)
    factors = rng.uniform(0, 2, size=(2, 50)) if weighted else None
    v = _no_class_in_common(rng.normal(size=(4, 2, 4)))
    known = spectral.spectrum(X, X.dtype)
    found = spectral.spectral(known, p, ridge, np.zeros(2), factors).apply(v)
    X1 = np.hstack([X, np.ones((50, 1))])
    for m in range(2):
        f = np.ones(50) if factors is None else factors[m]
        S = np.mean([f[i] * (np.diag(q) - np.outer(q, q)) for i, q in enumerate(p[:, m].T)], 0)
        P = np.kron(S, X1.T @ X1 / 50) + np.kron(np.eye(4), np.diag([ridge[m]] * 3 + [0]))
        expected = np.linalg.lstsq(P, v[:, m].reshape(-1))[0].reshape(4, 4)
        np.testing.assert_allclose(found[:, m], expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("weighted", [False, True])
def test_of_many_classes_it_knows_the_diagonal_alone(weighted, monkeypatch):
    monkeypatch.setattr(spectral, "MAX_CLASSES", 3)
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(4), size=(2, 50)).transpose(2, 0, 1)
    factors = rng.uniform(0, 2, size=(2, 50)) if weighted else None
    known = spectral.spectrum(rng.normal(size=(50, 3)), np.dtype(float))
    found = spectral.spectral(known, p, np.ones(2), np.zeros(2), factors)
    spread = (p * (1 - p) * (1 if factors is None else factors)).mean(axis=-1)
    np.testing.assert_allclose(1 / found.inverse[..., -1], spread)
    assert found.classes is None


def test_it_takes_fewer_steps_than_the_diagonal_of_classes(monkeypatch):
    """Where some classes are mistaken for each other, and others for none."""
    problem = make_problem(n=300, d=6, n_classes=6)
    objective = Objective(problem.X, problem.labels, 6, np.full(1, 1e-4), np.zeros(1))
    rng = np.random.default_rng(0)
    p = rng.dirichlet([5, 5, 0.05, 0.05, 0.05, 0.05], size=(1, 300)).transpose(2, 0, 1)
    systems = Systems.start(objective, p, _no_class_in_common(rng.normal(size=(6, 1, 7))))
    taken, original = [], Objective.curvature
    for most in (spectral.MAX_CLASSES, 5):
        counted = []
        monkeypatch.setattr(spectral, "MAX_CLASSES", most)
        monkeypatch.setattr(Objective, "curvature", _counting(counted, original))
        solve(systems, make("spectral", systems), np.full(1, 1e-3), 200)
        taken.append(len(counted))
    assert taken[0] < 0.8 * taken[1]


def test_a_solution_may_be_begun_with_one_and_ended_with_another(systems):
    some, ran_out = solve(systems, make("spectral", systems), np.full(3, 1e-9), 2)
    assert ran_out.all()
    assert (dot(some.gradient, some.direction) < 0).all()
    residual = -some.gradient - some.objective.curvature(some.probabilities, some.direction)
    np.testing.assert_allclose(some.residual, residual, atol=1e-9)
    end, _ = solve(some, make("sampled", systems), np.full(3, 1e-11), 400)
    expected = direct.directions(systems.objective, systems.probabilities, systems.gradient)
    got = end.direction - end.direction.mean(axis=0)
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6 * np.abs(expected).max())


def test_the_sampled_preconditioner_takes_fewer_steps_where_few_rows_matter(monkeypatch):
    """Most rows certain, the others in another subspace than the most."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(4000, 20))
    X[:400, :10] *= 0.1
    X[400:, 10:] *= 0.1
    objective = Objective(X, rng.integers(0, 3, 4000), 3, np.full(1, 1e-9), np.zeros(1))
    p = np.full((3, 1, 4000), 1 / 3)
    p[0, :, 400:], p[1:, :, 400:] = 1 - 2e-7, 1e-7
    systems = Systems.start(objective, p, _no_class_in_common(rng.normal(size=(3, 1, 21))))
    taken = {}
    for kind in ("spectral", "sampled"):
        counted = []
        monkeypatch.setattr(
            Objective, "curvature", _counting(counted, Objective.curvature), raising=True
        )
        solve(systems, make(kind, systems), np.full(1, 1e-3), 200)
        taken[kind] = len(counted)
        monkeypatch.undo()
    assert taken["sampled"] < taken["spectral"] / 2


def _no_class_in_common(gradient):
    """Return a gradient such as cross-entropies have: it sums to zero over the classes."""
    return gradient - gradient.mean(axis=0)


def _counting(counted, original):
    def curvature(self, p, v):
        counted.append(v.shape[1])
        return original(self, p, v)

    return curvature


def test_a_model_that_is_solved_leaves_the_products(systems, monkeypatch):
    counted = []
    monkeypatch.setattr(Objective, "curvature", _counting(counted, Objective.curvature))
    solve(systems, make("spectral", systems), np.array([1e-10, 0.9, 1e-2]), 400)
    assert counted == sorted(counted, reverse=True)
    assert (counted[0], counted[-1]) == (3, 1)


def test_no_curvature_ends_at_the_preconditioned_gradient():
    """All samples certain and alpha = 0: nothing is divided by zero."""
    objective = Objective(np.ones((4, 2)), np.zeros(4, np.intp), 2, np.zeros(1), np.zeros(1))
    p = np.zeros((2, 1, 4))
    p[0] = 1
    gradient = np.ones((2, 1, 3)) * [[[1e-9]], [[-1e-9]]]
    systems = Systems.start(objective, p, gradient)
    with np.errstate(all="ignore"):
        found, _ = solve(systems, make("spectral", systems), np.full(1, 0.1), 10)
    assert np.isfinite(found.direction).all()
    assert dot(found.direction, gradient)[0] < 0


def test_a_singular_hessian_is_made_definite_by_very_little():
    """Twice the same feature, alpha = 0."""
    problem = make_problem(n=50, d=2)
    X = np.hstack([problem.X, problem.X[:, :1]])
    objective = Objective(X, problem.labels, 3, np.zeros(1), np.zeros(1))
    theta = np.zeros((3, 1, 4))
    gradient, p = objective.gradient(theta, objective.logits(theta))
    direction = direct.directions(objective, p, gradient)
    np.testing.assert_allclose(objective.curvature(p, direction), -gradient, atol=1e-9)


def test_numbers_beyond_the_range_give_nan():
    assert np.isnan(direct.definite_factor(np.full((2, 2), np.inf))).all()
    objective = Objective(
        np.array([[1e200], [-1e200], [1e200], [0.0]]),
        np.array([0, 1, 0, 1]),
        2,
        np.ones(1),
        np.ones(1),
    )
    p, gradient = np.full((2, 1, 4), 0.5), np.ones((2, 1, 2))
    with np.errstate(all="ignore"):
        assert np.isnan(direct.directions(objective, p, gradient)).all()
        assert spectral.spectrum(objective.X, objective.X.dtype).basis is None


def test_the_spectrum_is_computed_once_for_the_same_data():
    """In each precision, and forgotten with the data: neither keeps X alive."""
    X, other = (np.random.default_rng(s).normal(size=(10, 3)) for s in (0, 1))
    exact, rough = np.dtype(np.float64), np.dtype(np.float32)
    assert spectral.spectrum(X, exact) is spectral.spectrum(X, exact)
    assert spectral.spectrum(X, rough) is not spectral.spectrum(X, exact)
    assert spectral.spectrum(other, exact) is not spectral.spectrum(X, exact)
    alive, known = weakref.ref(X), len(spectral._known)
    del X
    assert alive() is None
    assert len(spectral._known) == known - 2


def test_the_line_search_halves_until_the_cost_falls_and_gives_up():
    """One direction that overshoots, one that leads uphill."""
    problem = make_problem()
    objective = Objective(problem.X, problem.labels, 3, np.ones(2), np.zeros(2))
    theta = np.zeros((3, 2, 5))
    logits = objective.logits(theta)
    gradient, _ = objective.gradient(theta, logits)
    direction = gradient * np.array([-50.0, 50.0])[:, None]
    cost, slope = objective.data_cost(logits), -np.abs(dot(gradient, direction))
    length = step_lengths(objective, theta, direction, logits, cost, slope)
    assert 0 < length[0] < 1
    assert length[1] == 0
