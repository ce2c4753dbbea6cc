"""The quadratic: gradient, Hessian, spectrum, and the step that solves it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsoft.maths.descent import (
    SCALES,
    STARTS,
    descend,
    newton_from,
    predicted_steps,
    worst,
    worst_newton,
)
from hpsoft.maths.least_squares import LeastSquares, standardised, with_duplicate, with_intercept
from hpsoft.maths.tables import Table, synthetic


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def problem_of(table):
    return LeastSquares(table.X, table.y)


def test_cost_gradient_and_hessian_by_hand():
    """One sample x = (1, 2), y = 3: residual -3 at 0."""
    problem = LeastSquares(np.array([[1.0, 2.0]]), np.array([3.0]))
    assert problem.cost(np.zeros(2)) == 4.5
    assert problem.gradient(np.zeros(2)).tolist() == [-3.0, -6.0]
    assert problem.hessian.tolist() == [[1.0, 2.0], [2.0, 4.0]]
    assert problem.rank == 1
    assert problem.newton_step(np.zeros(2)) == pytest.approx([0.6, 1.2])


@given(st.integers(0, 10_000))
def test_the_step_is_minus_inverse_hessian_times_gradient(seed):
    """The spectral form is -H^-1 grad J."""
    rng = np.random.default_rng(seed)
    problem = LeastSquares(rng.normal(size=(30, 4)), rng.normal(size=30))
    w = rng.normal(size=4)
    expected = -np.linalg.solve(problem.hessian, problem.gradient(w))
    assert problem.newton_step(w) == pytest.approx(expected, rel=1e-8, abs=1e-10)


@pytest.mark.parametrize("condition", [1.0, 10.0, 1e6])
def test_synthetic_has_the_condition_number_asked_for(rng, condition):
    """The Hessian's own condition number."""
    problem = problem_of(synthetic(condition, rng))
    assert problem.condition == pytest.approx(condition, rel=1e-6)
    assert np.linalg.cond(problem.hessian) == pytest.approx(condition, rel=1e-6)


def test_where_rounding_decides_nothing_is_claimed(rng):
    """Near the largest condition number an arrival would prove nothing; a miss is still one."""
    problem = problem_of(synthetic(1e12, rng))
    step = newton_from(problem, 1.0, rng)
    assert step.tolerance > 0.01
    assert step.result == "undecided"
    assert newton_from(replace(problem, y=-problem.y), 1.0, rng).result == "undecided"
    problem.__dict__["solution"] = 2 * problem.solution
    assert newton_from(problem, 1.0, rng).result == "missed"


def test_the_worst_of_several_starts_is_shown(rng):
    """A miss before what is undecided, then the larger error; at scale 0 there is one start."""
    problem = problem_of(synthetic(10.0, rng))
    one = newton_from(problem, 1.0, rng)
    steps = [
        replace(one, relative_error=0.9),
        replace(one, relative_error=0.1, result="missed"),
        replace(one, relative_error=0.2, result="missed"),
        replace(one, relative_error=0.8, result="undecided"),
        one,
    ]
    for kept, expected in ((5, 2), (2, 1), (1, 0)):
        assert worst(steps[:kept]) is steps[expected]
    seed = 3
    alone = newton_from(problem, 0.0, np.random.default_rng(seed))
    assert worst_newton(problem, 0.0, np.random.default_rng(seed)) == alone
    again = np.random.default_rng(seed)
    several = [newton_from(problem, 1.0, again) for _ in range(STARTS)]
    assert worst_newton(problem, 1.0, np.random.default_rng(seed)) == worst(several)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("condition", [1.0, 1e3, 1e8])
def test_one_step_from_any_start(rng, scale, condition):
    """From zero to a million away, within what rounding allows."""
    step = newton_from(problem_of(synthetic(condition, rng)), scale, rng)
    assert step.result == "reached"
    assert step.relative_error <= 1e-13 * condition
    assert step.gradient_norm <= 1e-11 * max(1.0, scale)


def test_a_wrong_step_is_noticed(rng, monkeypatch):
    """Half a Newton step is reported as missed."""
    whole = LeastSquares.newton_step
    monkeypatch.setattr(LeastSquares, "newton_step", lambda self, w: whole(self, w) / 2)
    step = newton_from(problem_of(synthetic(10.0, rng)), 1.0, rng)
    assert step.result == "missed"
    assert step.relative_error == pytest.approx(0.5, rel=1e-9)


def test_a_start_at_the_solution_stays(rng):
    """Zero is the solution of a zero target: nothing to gain, nothing lost."""
    table = replace(synthetic(10.0, rng), y=np.zeros(200))
    step = newton_from(problem_of(table), 0.0, rng)
    assert (step.error_before, step.relative_error, step.result) == (0.0, 0.0, "reached")


def test_duplicate_takes_the_minimum_norm_step(rng):
    """From 0 the step ends at lstsq's solution, which shares the weight between the twins."""
    problem = problem_of(with_duplicate(synthetic(100.0, rng)))
    assert problem.rank == 10
    end = problem.newton_step(np.zeros(11))
    assert end == pytest.approx(np.linalg.pinv(problem.X) @ problem.y, rel=1e-9)
    assert end[0] == pytest.approx(end[-1])


def test_the_null_space_is_left_alone(rng):
    """From elsewhere the part that J does not see stays as it was."""
    problem = problem_of(with_duplicate(synthetic(100.0, rng)))
    start = rng.normal(size=11)
    end = start + problem.newton_step(start)
    assert end == pytest.approx(problem.nearest_solution(start))
    assert end[0] - end[-1] == pytest.approx(start[0] - start[-1])
    assert problem.gradient(end) == pytest.approx(0, abs=1e-13)


def test_more_features_than_samples(rng):
    """Then H is singular without any duplicate."""
    problem = LeastSquares(rng.normal(size=(3, 7)), rng.normal(size=3))
    assert problem.rank == 3
    assert newton_from(problem, 10.0, rng).result == "reached"


def test_standardised_columns_and_intercept():
    """Mean 0, variance 1, constants kept, a column of ones at the end."""
    table = Table(np.array([[1.0, 5.0], [3.0, 5.0]]), np.zeros(2), ("a", "b"), "test")
    found = standardised(table)
    assert found.X.tolist() == [[-1.0, 5.0, 1.0], [1.0, 5.0, 1.0]]
    assert found.names == ("a", "b", "intercept")
    assert with_intercept(table).X[:, :2].tolist() == table.X.tolist()


@pytest.mark.parametrize("condition", [1.0, 3.0, 100.0, 1000.0])
def test_descent_takes_about_the_predicted_steps(rng, condition):
    """The prediction is an upper bound, and a close one."""
    run = descend(problem_of(synthetic(condition, rng)), "test", rng)
    assert not run.stopped
    assert run.reached <= run.accuracy
    assert 0.7 * run.predicted - 2 <= run.steps <= run.predicted + 2


def test_a_long_descent_is_stopped(rng):
    """A tenth of the budget is run where the prediction is beyond it."""
    run = descend(problem_of(synthetic(1e6, rng)), "test", rng, max_steps=2000)
    assert run.stopped
    assert run.steps == 200
    assert run.accuracy < run.reached < 1


def test_predicted_steps_grow_with_the_condition_number():
    """kappa/2 log(1/eps) for large kappa."""
    assert predicted_steps(1e6, 1e-8) == pytest.approx(0.5e6 * np.log(1e8), rel=1e-3)
    assert predicted_steps(1.0, 1e-8) == 1
    assert predicted_steps(2.0, 0.9) == 1


@pytest.mark.parametrize("roundings", [1, 2, 3, 1000])
def test_a_condition_number_of_1_up_to_rounding(roundings):
    """Which of these a square problem gets is decided by the processor's kernel."""
    condition = 1 + roundings * np.finfo(float).eps
    assert predicted_steps(condition, 1e-8) == 1
    few = np.log(1e-300) / np.log((condition - 1) / 2)
    assert predicted_steps(condition, 1e-300) == np.ceil(few)


def test_descent_from_singular_values_that_differ_by_one_rounding(rng):
    """A table of one column, standardised, with its intercept: H is the identity but for that."""
    X = np.diag([np.nextafter(1.0, 2.0), 1.0])
    problem = LeastSquares(X, np.array([1.0, 2.0]))
    assert 1 < problem.condition < 1 + 1e-15
    run = descend(problem, "test", rng)
    assert (run.steps, run.predicted, run.stopped) == (1, 1, False)
