"""Passes of step optimizers are the one-model loop, in all ways that a step may be written."""

from dataclasses import replace

import numpy as np
import pytest
from small_problem import make_setup
from step_optimizers import Averaged, Decoupled, Momentum, WholeDecoupled, WholeMomentum

from hpsoft.engine.minibatches import CHUNK, MiniBatches, as_epoch_optimizer
from hpsoft.optimizers import Models
from hpsoft.softmax import gradient
from hpsoft.softmax.batched import ROWS, residual

COLUMNS = {
    "learning_rate": np.array([0.1, 0.05, 0.3, 0.1]),
    "momentum": np.array([0.0, 0.9, 0.5, 0.5]),
    "alpha": np.array([0.1, 0.0, 0.01, 1.0]),
}


def models(batch_size=5, columns=COLUMNS):
    structure = {} if batch_size is None else {"batch_size": batch_size}
    return Models(len(columns["alpha"]), columns, structure)


def run(optimizer, problem, of, n_passes=3, **options):
    training = MiniBatches(optimizer, **options)
    state = training.init(problem, of)
    for index in range(n_passes):
        state = training.epoch(problem, of, state, index)
    return state


def loop(problem, of, m, n_passes=3, *, decoupled=False):
    """Return weights and bias of model m by the textbook: one model, one sample list at a time."""
    rate, momentum, alpha = (of.columns[n][m] for n in ("learning_rate", "momentum", "alpha"))
    W, b = np.zeros((problem.X.shape[1], problem.n_classes)), np.zeros(problem.n_classes)
    v, c = np.zeros_like(W), np.zeros_like(b)
    average, steps = [0 * W, 0 * b], 0
    size = of.structure.get("batch_size", len(problem.labels))
    for index in range(n_passes):
        order = problem.order(index)
        for first in range(0, len(order), size):
            rows = order[first : first + size]
            g, h = gradient(problem.X[rows], problem.labels[rows], W, b, 0 if decoupled else alpha)
            v, c = momentum * v + g, momentum * c + h
            W = W * (1 - rate * alpha if decoupled else 1) - rate * v
            b = b - rate * c
            steps += 1
            average = [a + (p - a) / steps for a, p in zip(average, (W, b), strict=True)]
    return W, b, average


@pytest.fixture
def problem():
    return make_setup(n=48).problems[0]


@pytest.mark.parametrize("tile_bytes", [1, 200, 10**6])
@pytest.mark.parametrize("batch_size", [1, 5, 48, 1000, None])
@pytest.mark.parametrize("kind", [Momentum, WholeMomentum, Decoupled, WholeDecoupled, Averaged])
def test_passes_are_the_one_model_loop(problem, kind, batch_size, tile_bytes):
    """Tiles of one row, of two, of all; batches with a rest, of everything, of more."""
    of = models(batch_size)
    state = run(kind(), problem, of, tile_bytes=tile_bytes)
    for m in range(len(of)):
        W, b, average = loop(problem, of, m, decoupled=kind.decoupled)
        expected = average if kind is Averaged else (W, b)
        np.testing.assert_allclose(state["weights"][..., m], expected[0], rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(state["bias"][..., m], expected[1], rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("kind", [Momentum, WholeMomentum])
def test_large_batches_go_in_chunks(kind):
    """Of two chunks and a part, whose last rows are a part of a block as well."""
    size = 2 * CHUNK + ROWS + 3
    problem, of = make_setup(n=size + 7).problems[0], models(size)
    state = run(kind(), problem, of, n_passes=1)
    for m in range(len(of)):
        W, b, _ = loop(problem, of, m, n_passes=1)
        np.testing.assert_allclose(state["weights"][..., m], W, rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(state["bias"][..., m], b, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_state_keeps_the_dtype(problem, dtype):
    problem = replace(problem, dtype=np.dtype(dtype))
    double = run(Averaged(), replace(problem, dtype=np.dtype(np.float64)), models())
    for name, array in run(Averaged(), problem, models()).items():
        assert array.dtype == dtype
        np.testing.assert_allclose(array, double[name], rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("kind", [Momentum, WholeMomentum, Decoupled, WholeDecoupled])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_overflow_is_nan_for_that_model_alone(problem, kind, dtype):
    """Learning rates beyond the range of the dtype; the neighbours keep every bit."""
    problem = replace(problem, dtype=np.dtype(dtype))
    rates = np.array([0.1, 1e308, 0.3, 0.1])
    state = run(kind(), problem, models(columns={**COLUMNS, "learning_rate": rates}))
    calm = {**COLUMNS, "learning_rate": np.array([0.1, 0.1, 0.3, 0.1])}
    expected = run(kind(), problem, models(columns=calm))
    for name, array in state.items():
        assert np.isnan(array[..., 1]).all()
        np.testing.assert_allclose(array[..., [0, 2, 3]], expected[name][..., [0, 2, 3]], 1e-5)


def test_a_state_that_overflows_out_of_sight_is_nan(problem):
    """Finite parameters, infinite memory: that model is stuck, not sound."""
    training, of = MiniBatches(Momentum()), models()
    state = training.init(problem, of)
    state["velocity"][0, 0, 2] = np.inf
    state["parameters"][:] = 0
    of = models(columns={**COLUMNS, "learning_rate": np.array([0.1, 0.1, 0.0, 0.1])})
    state = training.epoch(problem, of, state, 0)
    assert np.isnan(state["weights"][..., 2]).all()
    assert np.isfinite(state["weights"][..., [0, 1, 3]]).all()


def test_large_logits_are_shifted():
    """Logits of +-1000 do not overflow: their softmax is 0 or 1."""
    logits = np.array([[[1000.0, -1000.0], [999.0, -1000.0], [-1000.0, -1000.0]]])
    with np.errstate(over="ignore"):
        residual(logits, np.array([0]), 2.0)
    first = 1 / (1 + np.exp(-1))
    expected = [[2 * (first - 1), -4 / 3], [2 * (1 - first), 2 / 3], [0, 2 / 3]]
    np.testing.assert_allclose(logits[0], expected, rtol=1e-12, atol=1e-300)


def test_shared_scalars_and_other_arrays_reach_the_step(problem):
    """Arrays without models on their axes stay as they are, in tiles as well."""

    class Counting(Momentum):
        def init(self, problem, models):
            return {**super().init(problem, models), "calls": np.array(0)}

        def step(self, state, gradient, values):
            super().step(state, gradient, values)
            state["calls"] += 1

    state = run(Counting(), problem, models(48))
    assert state["calls"] == 3


def test_an_optimizer_that_takes_over_stays_as_it_is():
    optimizer = make_setup().optimizer
    assert as_epoch_optimizer(optimizer) is optimizer
    assert isinstance(as_epoch_optimizer(Momentum()), MiniBatches)


class OddState(Momentum):
    """One more array, or another one."""

    def __init__(self, **arrays):
        self.arrays = arrays

    def init(self, problem, models):
        return {**super().init(problem, models), **self.arrays}


class WholeOddState(OddState):
    elementwise = False


@pytest.mark.parametrize(
    ("optimizer", "fault"),
    [
        (OddState(velocity=np.zeros((5, 3, 4), order="F")), "'velocity'.* is not contiguous"),
        (OddState(velocity=np.zeros((5, 3, 8))[..., ::2]), "is not contiguous"),
        (
            OddState(count=np.zeros(4)),
            r"shape \(4,\); with elementwise = True it must be \(5, 3, 4\)",
        ),
        (OddState(rate=0.1), "state\\['rate'\\] is a float, not an array"),
        (WholeOddState(count=np.zeros(5)), "the last axis must be the 4 models"),
    ],
)
def test_a_state_that_steps_could_not_change_is_refused(optimizer, fault):
    problem = make_setup(n=48).problems[0]
    with pytest.raises(ValueError, match=fault):
        as_epoch_optimizer(optimizer).init(problem, models())


@pytest.mark.parametrize("optimizer", [OddState(t=np.zeros(())), WholeOddState(count=np.zeros(4))])
def test_scalars_and_where_whole_one_number_a_model_are_sound(optimizer):
    problem = make_setup(n=48).problems[0]
    assert as_epoch_optimizer(optimizer).init(problem, models())["weights"].shape[-1] == 4


def test_a_step_that_puts_in_an_array_of_its_own_is_refused():
    """It would be lost after the pass, without a word."""

    class Replaces(Momentum):
        def step(self, state, gradient, values):
            state["velocity"] = values["momentum"] * state["velocity"] + gradient

    class ReplacesWhole(Replaces):
        elementwise = False

    problem = make_setup(n=48).problems[0]
    for kind in (Replaces, ReplacesWhole):
        with pytest.raises(ValueError, match=r"array of its own into state\['velocity'\]"):
            run(kind(), problem, models())
