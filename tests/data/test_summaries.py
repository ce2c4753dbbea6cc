"""The numbers that default spaces are made of."""

import numpy as np
import pytest

from hpsoft.data import Samples, summary
from hpsoft.data.summaries import MAX_ROWS, curvature, max_squared_norm

RNG = np.random.default_rng(0)


def exact(X):
    """Return the largest eigenvalue of the bound of the Hessian."""
    X = np.hstack([X.astype(float), np.ones((len(X), 1))])
    return np.linalg.eigvalsh(X.T @ X / (2 * len(X)))[-1]


@pytest.mark.parametrize(
    "X",
    [
        RNG.normal(size=(200, 5)),
        RNG.normal(size=(5, 200)),
        RNG.integers(0, 256, (100, 30), np.uint8),
        1e150 * RNG.normal(size=(20, 3)),
        np.zeros((4, 2)),
        np.eye(3),
    ],
    ids=["tall", "wide", "bytes", "huge", "zeros", "symmetric"],
)
def test_curvature_is_the_largest_eigenvalue(X):
    """Power iteration agrees with a dense eigensolver."""
    assert curvature(X) == pytest.approx(exact(X), rel=1e-2)
    assert curvature(X) == curvature(X)


def test_curvature_that_does_not_settle_is_a_lower_bound():
    """With too few iterations the value is below, never above."""
    X = RNG.normal(size=(200, 50))
    assert 0.3 * exact(X) < curvature(X, most_iterations=2) <= exact(X)


def test_curvature_of_many_rows_is_sampled():
    """More rows than MAX_ROWS change it by little."""
    X = RNG.normal(1, 1, (3 * MAX_ROWS, 4))
    assert curvature(X) == pytest.approx(exact(X), rel=0.05)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_largest_norm(dtype):
    """Of all rows, in a precision that holds it."""
    X = RNG.integers(0, 256, (50, 9)).astype(dtype)
    assert max_squared_norm(X) == (X.astype(float) ** 2).sum(axis=1).max()


def test_summary_counts():
    """Sizes are those of the part that is trained on."""
    X = np.ones((6, 3))
    found = summary(Samples(X, np.arange(6) % 2), "toy", 2)
    assert (found.name, found.n_samples, found.n_features, found.n_classes) == ("toy", 6, 3, 2)
    assert found.curvature == pytest.approx(2)
