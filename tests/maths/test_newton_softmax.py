"""Newton with a line search on softmax regression."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from hpsoft.maths import newton_softmax
from hpsoft.maths.newton_softmax import (
    Iteration,
    SoftmaxNewton,
    line_search,
    newton,
    newton_direction,
)
from hpsoft.maths.tables import digits
from hpsoft.softmax import gradient, hessian, regularised_cost


@pytest.fixture(scope="module")
def small():
    X, labels = digits()
    kept = labels < 3
    return X[kept][:150, 10:30], labels[kept][:150]


def test_reaches_the_optimum_of_scikit_learn(small):
    """The same minimum, cost to ten digits."""
    X, labels = small
    run = newton(X, labels, 1e-2, "test")
    assert run.converged
    model = LogisticRegression(
        C=1 / (1e-2 * len(X)), solver="newton-cholesky", tol=1e-12, max_iter=200
    ).fit(X, labels)
    theirs = regularised_cost(X, labels, model.coef_.T, model.intercept_, 1e-2)
    assert run.iterations[-1].cost == pytest.approx(float(theirs), rel=1e-10)


def test_converges_quadratically(small):
    """The ratio |g_k| / |g_k-1|^2 stays bounded while the gradient falls by many orders."""
    run = newton(*small, 1e-3, "test")
    ratios = [row.ratio for row in run.iterations[-4:] if row.ratio is not None]
    assert len(ratios) >= 2
    assert max(ratios) < 1e3
    assert run.iterations[-1].gradient_norm <= 1e-12
    assert run.iterations[-1].step_length is None
    assert [row.index for row in run.iterations] == list(range(len(run.iterations)))


def test_quadratic_convergence_is_claimed_where_it_is_seen(small):
    """Not where H is so ill-conditioned that rounding comes first, nor for few steps."""
    run = newton(*small, 1e-3, "test")
    assert run.quadratic
    assert not replace(run, iterations=run.iterations[:-3]).quadratic
    assert not newton(*small, 1e-12, "test").quadratic


@pytest.mark.parametrize(("order", "seen"), [(1.0, False), (1.5, False), (2.0, True)])
def test_other_orders_of_convergence_are_not_taken_for_quadratic(order, seen):
    """g_k+1 = g_k^order / 20: linear, superlinear, quadratic."""
    norms = [0.3]
    while norms[-1] > 1e-12:
        norms.append(norms[-1] ** order / 20)
    rows = [Iteration(0, 0.0, norms[0], 1.0, None)]
    rows += [
        Iteration(k, 0.0, b, 1.0, b / a**2 if a > 1.5e-8 else None)
        for k, (a, b) in enumerate(pairwise(norms), 1)
    ]
    run = SoftmaxNewton("test", 1, 1, 2, 1.0, tuple(rows), converged=True)
    assert run.quadratic == seen


def test_rounding_of_large_logits_does_not_stop_the_line_search():
    """Costs far smaller than the logits are rounded as these: the end takes the full step."""
    with threadpool_limits(1):
        run = newton(*digits(), 1e-6, "digits")
    assert run.converged
    assert run.iterations[-2].step_length == 1.0


def test_costs_never_rise(small):
    """The line search sees to it."""
    costs = [row.cost for row in newton(*small, 1e-6, "test").iterations]
    assert all(after <= before + 1e-12 for before, after in pairwise(costs))


def test_too_few_iterations_are_not_convergence(small):
    """Running out is said."""
    run = newton(*small, 1e-3, "test", max_iterations=2)
    assert not run.converged
    assert len(run.iterations) == 3


def test_direction_is_the_shortest_solution(small):
    """It solves H s = g, and moves the sum of the biases nowhere."""
    X, labels = small
    theta = np.random.default_rng(0).normal(size=(X.shape[1] + 1, 3))
    slope = np.vstack(gradient(X, labels, theta[:-1], theta[-1], 0.1))
    step = newton_direction(X, theta, slope, 0.1)
    H = hessian(X, theta[:-1], theta[-1], 0.1)
    assert H @ step.ravel() == pytest.approx(slope.ravel(), abs=1e-12)
    assert step[-1].sum() == pytest.approx(0, abs=1e-10)
    assert step == pytest.approx((np.linalg.pinv(H) @ slope.ravel()).reshape(step.shape))


def test_line_search_halves_an_overshoot(small):
    """A step a thousand times too long is cut; uphill none is found."""
    X, labels = small
    theta = np.zeros((X.shape[1] + 1, 3))
    slope = np.vstack(gradient(X, labels, theta[:-1], theta[-1], 0.1))
    cost = float(regularised_cost(X, labels, theta[:-1], theta[-1], 0.1))
    step = -1000 * slope
    length = line_search(X, labels, theta, step, 0.1, cost, float((slope * step).sum()))
    assert length is not None
    assert length < 1
    assert np.log2(length) == int(np.log2(length))


def test_no_step_ends_the_run(small, monkeypatch):
    """Where the line search finds nothing, the run ends without a claim."""
    monkeypatch.setattr(newton_softmax, "newton_direction", lambda X, theta, slope, alpha: -slope)
    monkeypatch.setattr(newton_softmax, "HALVINGS", 5)
    run = newton(*small, 1e-3, "test")
    assert not run.converged
    assert len(run.iterations) == 1
