"""The kernel on the real Fashion-MNIST: raw pixels, real learning rates, float32."""

import os

import numpy as np
import pytest
from hpsoft_sgd import SGD
from reference_sgd import sgd
from threadpoolctl import threadpool_limits

from hpsoft.data import load, split
from hpsoft.engine.evaluate import evaluate
from hpsoft.engine.plan import make_plan
from hpsoft.engine.setup import Fold, TrainingSetup, sample_order
from hpsoft.engine.train import Task, select_models, train
from hpsoft.errors import DataError
from hpsoft.model.files import full_weights
from hpsoft.softmax import accuracy, cross_entropy

pytestmark = [pytest.mark.fashion, pytest.mark.slow]
FOLDER = "/usr/share/datasets/fashion-mnist"


@pytest.fixture(scope="module")
def parts():
    """The split of seed 0; missing data is a failure where it was promised."""
    try:
        return split(load(FOLDER, scale="raw").training, 0.2, 0)
    except DataError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


def reference(train_part, batch_size, rate, alpha):
    """One pass of the one-model loop."""
    with threadpool_limits(1):
        return sgd(
            train_part.X,
            train_part.labels,
            10,
            order=lambda epoch: sample_order(0, epoch, len(train_part)),
            epochs=1,
            batch_size=batch_size,
            learning_rate=rate,
            alpha=alpha,
        )


@pytest.mark.parametrize(("batch_size", "n"), [(8, 3_000), (64, 12_000), (1000, 24_000)])
def test_one_pass_equals_the_one_model_loop(parts, batch_size, n):
    """To 1e-5 in float32, beside other models, some of which are far past stability."""
    rates, alphas = (1e-8, 2e-7, 2e-6), (1e-3, 1.0, 1e4)
    trials = [
        (i, {"epochs": 1, "batch_size": batch_size, "learning_rate": rate, "alpha": alpha})
        for i, (rate, alpha) in enumerate((r, a) for r in rates for a in alphas)
    ]
    part = type(parts.train)(parts.train.X[:n], parts.train.labels[:n])
    validation = parts.validation
    dtype = np.dtype(np.float32)
    fold = Fold(part.X, part.labels, np.asarray(validation.X), validation.labels)
    setting = TrainingSetup(SGD(), (fold,), 10, dtype, seed=0)
    block = make_plan(SGD.hyperparameters, trials).blocks[0]
    assert part.X.dtype == np.uint8
    snapshot = train(setting, Task(block, tuple(range(9)), None, 0, 1))
    for i, model in enumerate(block.models):
        rate, alpha, *_ = model.columns
        if (rate, alpha) not in {(1e-8, 1e-3), (1e-8, 1e4), (2e-7, 1.0)}:
            continue  # the loop is slow; past the edge of stability no two orders of sums agree
        expected = reference(part, batch_size, rate, alpha)
        weights, bias = full_weights(select_models(snapshot.states[0], np.array([i])), 10)
        largest = np.abs(expected[0]).max()
        assert np.abs(weights - expected[0]).max() <= 1e-5 * largest
        assert np.abs(bias - expected[1]).max() <= 1e-5 * np.abs(expected[1]).max()
        logits = np.asarray(validation.X, np.float64) @ expected[0] + expected[1]
        cost = cross_entropy(logits, validation.labels)
        assert snapshot.scores.cross_entropy[i] == pytest.approx(cost, rel=1e-5)
        assert snapshot.scores.accuracy[i] == pytest.approx(
            accuracy(logits, validation.labels), abs=2 / len(validation)
        )


def test_zero_weights_know_nothing(parts):
    """Cost log 10 and the accuracy of always the first class."""
    state = {"weights": np.zeros((784, 9, 1), np.float32), "bias": np.zeros((9, 1), np.float32)}
    scores = evaluate(np.asarray(parts.validation.X), parts.validation.labels, 10, state)
    assert scores.cross_entropy[0] == pytest.approx(np.log(10), rel=1e-6)
    assert scores.accuracy[0] == pytest.approx(0.1, abs=1e-9)
