"""Values that "auto" stands for."""

import numpy as np
import pytest
from hpsoft_sgd import SGD

from hpsoft.api.estimator.classifier import SoftmaxRegression
from hpsoft.api.estimator.parameters import point
from hpsoft.errors import SpaceError
from hpsoft.optimizers.hyperparameters import BATCH_SIZE, EPOCHS, LEARNING_RATE
from hpsoft.optimizers.protocol import Hyperparameter, Role
from hpsoft.softmax.summary import DataSummary

FACTS = DataSummary("", 1000, 20, 4, curvature=2.0)


class Other:
    """An optimizer with hyperparameters of its own, and few usual values."""

    hyperparameters = (
        EPOCHS,
        LEARNING_RATE,
        Hyperparameter("beta", Role.COLUMNAR, float, 0),
        Hyperparameter("gamma", Role.COLUMNAR, float, 0, default=0.5),
    )

    def default_space(self, _summary):
        return {"epochs": (1, 9, 3), "learning_rate": (0.2, 0.1), "beta": (3, 1, 2)}


class Silent(Other):
    def default_space(self, _summary):
        return {"epochs": (1,), "learning_rate": (1,)}


def test_those_of_sgd_fit_the_data():
    """The rate is a quarter of K / L; alpha that of C = 1 for the weights' sum."""
    found = point(SGD(), {"alpha": "auto"}, FACTS, total=500)
    assert found == {
        "epochs": max(SGD().default_space(FACTS)["epochs"]),
        "batch_size": 128,
        "learning_rate": 0.5,
        "alpha": 1 / 500,
        "averaging": 1,
    }


def test_few_samples_are_one_step():
    few = DataSummary("", 30, 20, 4, curvature=2.0)
    assert point(SGD(), {}, few, total=30)["batch_size"] == 30
    assert point(SGD(), {"batch_size": np.int64(64)}, few, total=30)["batch_size"] == 30
    assert BATCH_SIZE.within_samples


def test_others_are_the_optimizers_own():
    """The largest horizon, the third rate from above or the lowest, else the middle."""
    found = point(Other(), {"alpha": "auto", "batch_size": "auto"}, FACTS, total=1000)
    assert found == {"epochs": 9, "learning_rate": 0.1, "beta": 2}
    assert point(Other(), {"gamma": 2}, FACTS, total=1)["gamma"] == 2


def test_what_nobody_chooses_is_told():
    with pytest.raises(SpaceError, match="no default for beta: give beta="):
        point(Silent(), {}, FACTS, total=1000)
    with pytest.raises(
        SpaceError, match=r"^No hyperparameter 'betta'\. Known: beta, .*Did you mean 'beta'\?$"
    ):
        point(Other(), {"betta": 1}, FACTS, total=1000)


def test_the_c_of_others_is_told_as_alpha():
    with pytest.raises(SpaceError, match=r"No hyperparameter 'C'\. .* alpha = 1 / \(C n\) here"):
        point(SGD(), {"C": 1}, FACTS, total=1000)
    with pytest.raises(SpaceError, match=r"No parameter 'C'\. .* alpha = 1 / \(C n\) here"):
        SoftmaxRegression().set_params(C=1)
