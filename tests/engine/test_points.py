"""Points trained anew: scored on both parts, one model to the end, in any number of processes."""

import platform
import sys

import numpy as np
import pytest
from hpsoft_sgd import SGD
from small_problem import DIVERGING, in_folds, make_setup, make_trials, reference_cost

from hpsoft.engine.points import Training, retrain, train_one, validate
from hpsoft.errors import OptimizerError
from hpsoft.optimizers.implied import all_classes
from hpsoft.softmax import cross_entropy, linear_logits
from hpsoft.system.steps import to_the_end

POINTS = [params for _, params in make_trials()]


def by_index(work):
    return {found.index: found for found in to_the_end(work)}


def test_two_processes_find_the_same():
    setting = make_setup()
    one = by_index(retrain("x", setting, POINTS, 1))
    two = by_index(retrain("x", setting, POINTS, 2, least_seconds=0))
    assert one.keys() == two.keys() == set(range(len(POINTS)))
    for index, trained in one.items():
        assert two[index].training_cost == pytest.approx(trained.training_cost, rel=1e-10)
        assert two[index].scores["cross_entropy"] == pytest.approx(
            trained.scores["cross_entropy"], rel=1e-10
        )


@pytest.mark.parametrize("setting", [make_setup(), in_folds(make_setup())])
def test_validation_is_the_one_model_loop_on_every_fold(setting):
    found = by_index(validate("x", setting, POINTS, 1))
    for index, params in enumerate(POINTS):
        assert len(found[index].folds["cross_entropy"]) == len(setting.folds)
        expected = reference_cost(setting, params)
        assert np.mean(found[index].folds["cross_entropy"]) == pytest.approx(expected, rel=1e-9)


def train_to_the_end(setting, params):
    """Return the events, and the state that comes after them."""
    training, events = train_one(setting, params), []
    while True:
        try:
            events.append(next(training))
        except StopIteration as end:
            return events, end.value


def test_one_point_is_trained_to_its_horizon_pass_by_pass():
    setting = make_setup()
    params = POINTS[-1]
    events, state = train_to_the_end(setting, params)
    assert all(isinstance(event, Training) for event in events)
    epochs = params["epochs"]
    assert [(event.epoch, event.epochs) for event in events] == [
        (epoch, epochs) for epoch in range(1, epochs + 1)
    ]
    weights, bias = all_classes(state, setting.n_classes)
    (fold,) = setting.folds
    logits = linear_logits(fold.X_validation, weights[..., 0], bias[..., 0])
    expected = reference_cost(setting, params)
    assert cross_entropy(logits, fold.labels_validation) == pytest.approx(expected, rel=1e-9)


def test_one_point_that_diverges_is_trained_on_as_nan():
    events, state = train_to_the_end(make_setup(), {**POINTS[-1], "learning_rate": DIVERGING})
    assert len(events) == POINTS[-1]["epochs"]
    assert np.isnan(state["bias"]).all()


def test_a_plugin_that_fails_is_named():
    class Faulty(SGD):
        def epoch(self, problem, models, state, index):
            raise ValueError("no")

    with pytest.raises(OptimizerError, match=r"Faulty .* failed: ValueError: no"):
        train_to_the_end(make_setup(optimizer=Faulty()), POINTS[0])


def keeps_subnormals():
    return bool((np.full(9, 1.2e-38, np.float32) * np.float32(0.1)).any())


def test_subnormals_are_zero_while_one_point_is_trained_and_not_outside():
    """A generator hands the thread back at each yield: whoever asks for passes keeps them."""
    within = []

    class Noting(SGD):
        def epoch(self, problem, models, state, index):
            within.append(keeps_subnormals())
            return super().epoch(problem, models, state, index)

    setup = make_setup(optimizer=Noting())
    outside = [keeps_subnormals() for _ in train_one(setup, POINTS[-1])]
    assert len(outside) == POINTS[-1]["epochs"]
    assert all(outside)
    assert keeps_subnormals()
    assert len(within) == len(outside)
    assert any(within) != (sys.platform == "linux" and platform.machine() == "x86_64")
