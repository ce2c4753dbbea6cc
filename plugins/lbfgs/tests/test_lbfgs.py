"""L-BFGS passes the contract of optimizers and finds the optimum that SciPy's finds."""

from dataclasses import replace

import numpy as np
import pytest
from hpsoft_lbfgs import LBFGS
from scipy.optimize import minimize
from sklearn.datasets import load_digits

from hpsoft.optimizers import Models, Problem, weighting
from hpsoft.softmax import gradient, regularised_cost
from hpsoft.testing import OptimizerContract
from hpsoft.testing.compare import full, train
from hpsoft.testing.problems import make_problem

ALPHAS = np.array([1e-2, 0.1, 10.0])


class TestLBFGS(OptimizerContract):
    """Passes the contract of optimizers."""

    optimizer = LBFGS


@pytest.fixture(scope="module")
def digits():
    X, labels = load_digits(return_X_y=True)
    return Problem(X[:300], labels[:300], 10, np.dtype(float), lambda _: np.arange(300))


def make_models(alphas, memory=10):
    return Models(len(alphas), {"alpha": np.asarray(alphas, float)}, {"memory": memory})


def scipy_cost(problem, alpha, sample_weight=None):
    """Return the cost that SciPy's L-BFGS-B reaches with the tightest tolerances."""
    n_features, n_classes = problem.X.shape[1], problem.n_classes

    def objective(flat):
        theta = flat.reshape(n_features + 1, n_classes)
        of = problem.X, problem.labels, theta[:-1], theta[-1], alpha, sample_weight
        return regularised_cost(*of), np.vstack(gradient(*of)).ravel()

    options = {"ftol": 1e-16, "gtol": 1e-10, "maxiter": 5000, "maxfun": 10_000}
    start = np.zeros((n_features + 1) * n_classes)
    return minimize(objective, start, jac=True, method="L-BFGS-B", options=options).fun


def test_costs_are_those_of_scipy(digits):
    """On raw pixels, with three strengths of L2 at once, to 1e-8."""
    state = train(LBFGS(), digits, make_models(ALPHAS), 0, 2000)
    theta = full(state, digits)
    assert state["converged"].all()
    for m, alpha in enumerate(ALPHAS):
        cost = regularised_cost(digits.X, digits.labels, theta[:-1, :, m], theta[-1, :, m], alpha)
        np.testing.assert_allclose(state["cost"][m], cost, rtol=1e-12)
        np.testing.assert_allclose(cost, scipy_cost(digits, alpha), rtol=1e-8)


def test_converged_models_are_frozen():
    """Once a model has converged its weights stay to the bit while others go on."""
    problem, models = make_problem(), make_models([1.0, 1e-6])
    state = train(LBFGS(), problem, models, 0, 1)
    index = 1
    while not state["converged"][0]:
        state = train(LBFGS(), problem, models, index, index + 1, state)
        index += 1
    assert index < 50
    assert not state["converged"][1]
    before = full(state, problem)
    after = full(train(LBFGS(), problem, models, index, index + 5, state), problem)
    np.testing.assert_array_equal(after[..., 0], before[..., 0])
    assert np.abs(after[..., 1] - before[..., 1]).max() > 0


@pytest.mark.parametrize("memory", [1, 3])
@pytest.mark.parametrize("scale", [1e-4, 1e4])
def test_the_unit_of_the_features_does_not_matter(scale, memory):
    """Without L2 the iterations are the same in any unit."""
    problem, models = make_problem(), make_models([0.0], memory)
    scaled = Problem(problem.X * scale, problem.labels, 3, problem.dtype, problem.order)
    expected = train(LBFGS(), problem, models, 0, 12)["cost"]
    got = train(LBFGS(), scaled, models, 0, 12)["cost"]
    np.testing.assert_allclose(got, expected, rtol=1e-10)


def test_separable_classes_without_l2_never_converge():
    """The cost falls to 0 and is no minimum, however many iterations follow."""
    labels = np.arange(20) % 2
    X = np.where(labels, 1.0, -1.0)[:, None]
    problem = Problem(X, labels, 2, np.dtype(float), lambda _: np.arange(20))
    state = train(LBFGS(), problem, make_models([0.0]), 0, 300)
    assert state["cost"][0] < 1e-15
    assert np.isfinite(state["weights"]).all()
    assert not state["converged"].any()


def test_weights_have_the_optimum_of_scipy():
    """Of samples, and of classes by three powers at once, to 1e-8 of the weighted cost."""
    problem = make_problem()
    weight = np.random.default_rng(0).exponential(size=47) * (problem.labels + 1)
    problem = replace(problem, sample_weight=weight / weight.mean())
    columns = {"alpha": np.full(3, 0.1), "class_weight": np.array([0.0, 0.5, 1.0])}
    models = Models(3, columns, {"memory": 10})
    state = train(LBFGS(), problem, models, 0, 300)
    assert state["converged"].all()
    theta, factors = full(state, problem), weighting(problem, models).of(np.arange(47))
    for m in range(3):
        ours = regularised_cost(
            problem.X, problem.labels, theta[:-1, :, m], theta[-1, :, m], 0.1, factors[:, m]
        )
        assert ours == pytest.approx(scipy_cost(problem, 0.1, factors[:, m]), rel=1e-8)
