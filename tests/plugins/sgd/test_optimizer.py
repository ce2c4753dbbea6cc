"""SGD as the engine calls it, its default space, and where it ends: at the regularised optimum."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from hpsoft_sgd import SGD
from sklearn.linear_model import LogisticRegression

from hpsoft.data.summaries import curvature
from hpsoft.model.files import full_weights
from hpsoft.optimizers.protocol import Models, Problem
from hpsoft.softmax import regularised_cost
from hpsoft.softmax.summary import DataSummary

SUMMARY = DataSummary("d", 48_000, 784, 10, 6.6e6)


def problem(n=50, d=3, n_classes=3, dtype=np.float64):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, d))
    labels = (X @ rng.normal(size=(d, n_classes)) + rng.gumbel(size=(n, n_classes))).argmax(1)
    return Problem(X, labels, n_classes, np.dtype(dtype), lambda e: np.arange(n))


def models(rates, alphas, batch_size):
    columns = {"learning_rate": np.array(rates, float), "alpha": np.array(alphas, float)}
    return Models(len(rates), columns, {"batch_size": batch_size})


def test_full_batch_converges_to_the_optimum_of_scikit_learn():
    """Same cost to 1e-6 and better: C = 1 / (n alpha) is the same problem, bias unregularised."""
    data, alpha = problem(n=80), 0.05
    block = models([0.5], [alpha], 80)
    state = SGD().init(data, block)
    for epoch in range(3000):
        state = SGD().epoch(data, block, state, epoch)
    weights, bias = full_weights(state, 3)
    theirs = LogisticRegression(C=1 / (80 * alpha), tol=1e-12, max_iter=10_000)
    theirs.fit(data.X, data.labels)
    costs = [
        regularised_cost(data.X, data.labels, W, b, alpha)
        for W, b in ((weights, bias), (theirs.coef_.T, theirs.intercept_))
    ]
    assert costs[0] == pytest.approx(costs[1], rel=1e-9)
    np.testing.assert_allclose(weights, theirs.coef_.T, atol=1e-5)


def test_a_batch_larger_than_the_data_is_the_data():
    data = problem()
    states = []
    for batch_size in (50, 64, 10_000):
        block = models([0.1], [0.1], batch_size)
        states.append(SGD().epoch(data, block, SGD().init(data, block), 0))
    for state in states[1:]:
        np.testing.assert_array_equal(state["weights"], states[0]["weights"])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("rate", [1e38, 1e300])
def test_diverged_model_is_nan_in_all_its_columns(dtype, rate):
    """No warning, no exception, and the neighbour trains on, pass after pass."""
    data = problem(dtype=dtype)
    block, alone = models([0.1, rate], [0.1, rate], 5), models([0.1], [0.1], 5)
    state, expected = SGD().init(data, block), SGD().init(data, alone)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for epoch in range(3):
            state = SGD().epoch(data, block, state, epoch)
            expected = SGD().epoch(data, alone, expected, epoch)
    for name in ("weights", "bias"):
        assert np.isnan(state[name][..., 1]).all()
        np.testing.assert_allclose(state[name][..., :1], expected[name], rtol=1e-4)


def test_state_has_the_dtype_and_shape_of_the_protocol():
    state = SGD().init(problem(dtype=np.float32), models([1, 1], [0, 0], 5))
    assert {name: array.shape for name, array in state.items()} == {
        "weights": (3, 2, 2),
        "bias": (2, 2),
    }
    assert all(array.dtype == np.float32 and not array.any() for array in state.values())


def test_default_space_fits_the_curvature():
    """4096 points; learning rates around 1 / L, below and above the edge of stability."""
    space = SGD().default_space(SUMMARY)
    assert [len(values) for values in space.values()] == [8, 8, 8, 8, 1]
    rates = np.array(space["learning_rate"]) * SUMMARY.curvature
    assert rates.min() < 0.2
    assert rates.max() > 2
    assert max(space["alpha"]) < SUMMARY.curvature


@pytest.mark.parametrize("n_samples", [1, 2, 3, 100, 1024, 10**6])
def test_default_values_lie_in_their_domains(n_samples):
    """Whatever the data: no repeated value, no batch beyond the samples."""
    space = SGD().default_space(replace(SUMMARY, n_samples=n_samples))
    assert "class_weight" not in space  # searched only where it is asked for
    for parameter in (h for h in SGD.hyperparameters if h.name in space):
        values = [parameter.check(value) for value in space[parameter.name]]
        assert values == sorted(set(values))
    assert 1 <= max(space["batch_size"]) <= n_samples


def facts(n, d, n_classes=2, hidden=None, seed=0):
    """Summarise features that are independent, or mixtures of a few hidden ones."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d if hidden is None else hidden))
    X = X if hidden is None else X @ rng.normal(size=(hidden, d)) / np.sqrt(hidden)
    return DataSummary("d", n, d, n_classes, curvature(X), float(np.square(X).mean()))


@pytest.mark.parametrize(("n", "d", "n_classes"), [(48, 2000, 2), (160, 4000, 5), (80, 1000, 3)])
def test_samples_that_are_nearly_orthogonal_have_one_batch_size(n, d, n_classes):
    """Wide data: as many passes more as batch sizes fewer, the other hyperparameters as ever."""
    wide, narrow = (
        SGD().default_space(one) for one in (facts(n, d, n_classes), facts(n, d, n_classes, 10))
    )
    assert wide["batch_size"] == (2 ** int(np.log2(n)),)
    assert len(narrow["batch_size"]) > 3
    assert max(wide["epochs"]) >= 2 * max(narrow["epochs"]) or max(wide["epochs"]) == 640
    assert wide["alpha"] == pytest.approx(narrow["alpha"], rel=0.3)
    assert len(wide["learning_rate"]) == 8


@pytest.mark.parametrize(
    ("n", "d", "said"),
    [(48, 2000, "nearly orthogonal (d >> n)"), (3, 4, "few"), (2, 3, "few"), (1, 1, "few")],
)
def test_many_features_are_told_from_few_samples(n, d, said):
    assert SGD().remark(facts(n, d)) == f"Samples are {said}: one batch size, and more passes."


@pytest.mark.parametrize(
    ("n", "d", "hidden"),
    [(80, 300, None), (80, 3000, 20), (1150, 64, None), (16_000, 512, None), (1, 5, None)],
    ids=["less wide", "hidden", "digits' shape", "embeddings' shape", "a sample"],
)
def test_all_other_data_have_eight_batch_sizes_or_as_many_as_there_are(n, d, hidden):
    largest = min(1024, 2 ** int(np.log2(n)))
    powers = tuple(sorted({max(min(4, largest), largest >> k) for k in range(8)}))
    assert SGD().default_space(facts(n, d, hidden=hidden))["batch_size"] == powers
