"""Averaged SGD passes the contract of optimizers and is the mean of the plain loop's iterates."""

import numpy as np
import pytest
from hpsoft_averaged_sgd import AveragedSGD
from hpsoft_averaged_sgd.kernel import geometric

from hpsoft.optimizers import Models, Problem
from hpsoft.softmax import gradient
from hpsoft.testing import OptimizerContract
from hpsoft.testing.compare import full, train

RATE = 0.1
# 1 - RATE * alpha: 1, 1 - 1e-12, 0.99, 0.5, 0 and -0.5: no decay up to overshooting
ALPHAS = np.array([0.0, 1e-11, 0.1, 5.0, 10.0, 15.0])
FROM = np.array([0, 1, 2, 0, 1, 7])
PASSES = 4


class TestAveragedSGD(OptimizerContract):
    """Passes the contract of optimizers."""

    optimizer = AveragedSGD


def make_problem(n_features, dtype="float64"):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, n_features)) / np.sqrt(n_features)
    orders = [rng.permutation(50) for _ in range(PASSES)]
    return Problem(X, rng.integers(0, 3, 50), 3, np.dtype(dtype), orders.__getitem__)


def make_models(batch_size):
    n = len(ALPHAS)
    columns = {"learning_rate": np.full(n, RATE), "alpha": ALPHAS, "average_from": FROM * 1.0}
    return Models(n, columns, {"batch_size": batch_size})


def loop(problem, batch_size, alpha, first):
    """Return the mean of the textbook's iterates after pass `first`, or the last one before."""
    W, b, seen = np.zeros((problem.X.shape[1], 3)), np.zeros(3), []
    for index in range(PASSES):
        order = problem.order(index)
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            slope, bias_slope = gradient(problem.X[rows], problem.labels[rows], W, b, alpha)
            W, b = W - RATE * slope, b - RATE * bias_slope
            seen += [np.vstack([W, b])] if index >= first else []
    return np.mean(seen, axis=0) if seen else np.vstack([W, b])


@pytest.mark.parametrize("n_features", [4, 300])  # 300: several small mini-batches to a slab
@pytest.mark.parametrize("batch_size", [1, 4, 20, 50])
def test_the_model_is_the_mean_of_all_iterates(n_features, batch_size):
    """Whatever the decay, the first pass of the average, and the blocking of mini-batches."""
    problem = make_problem(n_features)
    got = full(train(AveragedSGD(), problem, make_models(batch_size), 0, PASSES), problem)
    for m, (alpha, first) in enumerate(zip(ALPHAS, FROM, strict=True)):
        expected = loop(problem, batch_size, alpha, first)
        np.testing.assert_allclose(got[..., m], expected, rtol=1e-9, atol=1e-12)


def test_float32_is_the_same_to_its_precision():
    """The sum of a pass loses no more digits than the iterates have."""
    single, double = make_problem(300, "float32"), make_problem(300)
    got = full(train(AveragedSGD(), single, make_models(4), 0, PASSES), single)
    expected = full(train(AveragedSGD(), double, make_models(4), 0, PASSES), double)
    assert np.abs(got - expected).max() < 3e-6 * np.abs(expected).max()


def test_geometric_sums():
    """1 + rho + ... of 5 terms and of none, also where the closed form would be 0 / 0."""
    rho = np.array([1.0, 1 - 1e-12, 0.5, 0.0, -1.0])
    sums = geometric(rho, np.array([5, 0]))
    np.testing.assert_allclose(sums[0], [5, 5 - 1e-11, 1.9375, 1, 1], rtol=1e-13)
    np.testing.assert_array_equal(sums[1], 0)
