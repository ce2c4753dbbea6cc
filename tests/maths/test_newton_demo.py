"""The whole demonstration, and the paths that its plot shows."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hpsoft.errors import DataError, SpaceError
from hpsoft.maths.contours import GRID, MAX_STEPS, contour_paths, correlated_pair
from hpsoft.maths.newton_demo import DemoOptions, run_newton_demo
from hpsoft.maths.tables import Table, diabetes


@pytest.fixture(scope="module")
def demo():
    return run_newton_demo(DemoOptions())


def test_the_default_demonstration_passes(demo):
    """Diabetes, standardised, with an intercept."""
    assert demo.passed
    assert demo.linear.source.startswith("diabetes")
    assert (demo.linear.n_samples, demo.linear.n_features, demo.linear.rank) == (442, 11, 11)
    assert not demo.linear.minimum_norm
    assert [step.scale for step in demo.linear.steps] == [0, 1, 10, 100, 1e3, 1e4, 1e5, 1e6]


def test_the_duplicated_column_lowers_the_rank(demo):
    """12 columns, rank 11, and the step still arrives."""
    assert (demo.duplicated.n_features, demo.duplicated.rank) == (12, 11)
    assert demo.duplicated.minimum_norm
    assert all(step.result == "reached" for step in demo.duplicated.steps)


def test_steps_grow_with_the_condition_number(demo):
    """The last row is the user's own problem."""
    *synthetic, own = demo.descents
    steps = [run.predicted for run in synthetic]
    assert steps == sorted(steps)
    assert own.source == demo.linear.source


def test_a_missed_step_fails_the_demonstration(demo):
    """`passed` is what the exit code is made of."""
    missed = replace(demo.linear.steps[0], result="missed")
    assert not replace(demo, linear=replace(demo.linear, steps=(missed,))).passed
    undecided = replace(missed, result="undecided")
    assert replace(demo, linear=replace(demo.linear, steps=(undecided,))).passed
    assert not replace(demo, softmax=replace(demo.softmax, converged=False)).passed


def test_synthetic_and_raw():
    """--condition makes a problem; raw data keep their scale."""
    made = run_newton_demo(DemoOptions(condition=1e6))
    assert made.passed
    assert made.linear.condition == pytest.approx(1e6, rel=1e-6)
    raw = run_newton_demo(DemoOptions(scale="raw"))
    assert raw.passed
    assert raw.linear.condition > 1e7


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (DemoOptions(data=Path("x.csv"), condition=10.0), "exclude each other"),
        (DemoOptions(target="a"), "there is no --data"),
        (DemoOptions(alpha=0.0), "alpha must be"),
        (DemoOptions(alpha=float("nan")), "alpha must be"),
        (DemoOptions(seed=-1), "seed"),
        (DemoOptions(condition=0.1), "condition number"),
        (DemoOptions(condition=1.01e12), "condition number is from 1 to"),
        (DemoOptions(condition=float("nan")), "condition number is from 1 to"),
    ],
)
def test_options_that_make_no_sense(options, message):
    """Said before any work."""
    with pytest.raises(SpaceError, match=message):
        run_newton_demo(options)


@pytest.mark.parametrize(
    ("text", "message"),
    [("a,b\n1,2\n1,3\n", "constant"), ("a,b\n1e200,2\n1,3\n", "overflow")],
)
def test_data_that_nothing_can_be_learnt_from(tmp_path, text, message):
    """Constant columns, numbers whose squares overflow."""
    path = tmp_path / "table.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        run_newton_demo(DemoOptions(data=path))


@pytest.mark.parametrize("text", ["a,b\n1,2\n2,3\n4,9\n", "a,b,c\n1,1,0\n2,2,1\n4,4,5\n"])
def test_small_and_singular_data(tmp_path, text):
    """One feature, or two equal ones: no crash, minimum norm where needed."""
    path = tmp_path / "table.csv"
    path.write_text(text)
    assert run_newton_demo(DemoOptions(data=path)).passed


def test_paths_over_the_contours():
    """Newton ends at the minimum at once, gradient descent gets nearer with every step."""
    paths = contour_paths(diabetes())
    assert paths.names == ("s1", "s2")  # correlation 0.9
    assert paths.cost.shape == (GRID, GRID)
    assert paths.newton[1] == pytest.approx(paths.minimum)
    assert paths.newton[0].tolist() == paths.descent[0].tolist()
    distances = np.linalg.norm(paths.descent - paths.minimum, axis=1)
    assert len(distances) == MAX_STEPS + 1
    assert distances[-1] < 0.1 * distances[0]
    row, column = np.unravel_index(paths.cost.argmin(), paths.cost.shape)
    assert (paths.first[column], paths.second[row]) == pytest.approx(tuple(paths.minimum))


def test_a_perfect_correlation_is_not_chosen():
    """Its valley would have no end."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 50))
    X = np.stack([a, a, b, np.ones(50)], axis=1)
    assert correlated_pair(X) == (0, 2)
    assert contour_paths(Table(X, a + b, ("a", "a2", "b", "one"), "test")).condition < 2
