"""Averages of SGD's passes, against the definition."""

import numpy as np
import pytest
from hpsoft_sgd import SGD
from reference_sgd import sgd
from small_problem import make_setup, make_trials

from hpsoft.engine.plan import make_plan
from hpsoft.engine.train import Task, models_of, train
from hpsoft.optimizers import all_classes

GRID = {
    "epochs": (1, 3, 6),
    "batch_size": (5,),
    "learning_rate": (0.05, 0.4),
    "alpha": (0.0, 0.1),
    "averaging": (0, 1),
}


def block_of(**changes):
    (block,) = make_plan(SGD.hyperparameters, make_trials({**GRID, **changes})).blocks
    return block


def state_after(setting, block, passes):
    task = Task(block, tuple(range(len(block.models))), None, 0, passes)
    return train(setting, task).states[0]


@pytest.mark.parametrize("passes", [1, 2, 6])
def test_averages_are_those_of_the_definition(passes):
    """Weights k (k + 1) ... (k + 7) for pass k, computed from all iterates of a one-model loop."""
    setting, block = make_setup(), block_of()
    weights, bias = all_classes(state_after(setting, block, passes), 3)
    (problem,) = setting.problems
    for m, model in enumerate(block.models):
        params = dict(zip(block.column_names, model.columns, strict=True))
        expected, expected_bias = sgd(
            problem.X, problem.labels, 3,
            order=problem.order, epochs=passes, batch_size=5, **params,
        )  # fmt: skip
        np.testing.assert_allclose(weights[..., m], expected, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(bias[:, m], expected_bias, rtol=1e-9, atol=1e-12)


def test_a_model_without_average_is_the_last_iterate_to_the_last_digit():
    """Whether its neighbours average or not."""
    setting = make_setup()
    alone = state_after(setting, block_of(averaging=(0,)), 6)
    assert set(alone) == {"weights", "bias"}
    block = block_of()
    beside = state_after(setting, block, 6)
    last = [model.columns[-1] == 0 for model in block.models]
    np.testing.assert_array_equal(beside["weights"][..., last], alone["weights"])
    np.testing.assert_array_equal(beside["bias"][..., last], alone["bias"])


def test_an_average_jumps_less_than_the_last_iterate():
    """At a rate where the last iterate does not settle, over many orders of the samples."""
    block = block_of(learning_rate=(0.4,), alpha=(0.3,), epochs=(30,))
    found = np.array(
        [state_after(make_setup(seed=seed), block, 30)["weights"] for seed in range(10)]
    )
    spread = found.std(axis=0).mean(axis=(0, 1))
    averaging = models_of(block, range(2)).columns["averaging"]
    assert spread[averaging == 1] < spread[averaging == 0] / 2
