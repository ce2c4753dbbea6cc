"""One value that fits the data."""

import math

from hpsoft.optimizers.hyperparameters import (
    ALPHA,
    BATCH_SIZE,
    CLASS_WEIGHT,
    EPOCHS,
    LEARNING_RATE,
)
from hpsoft.softmax.summary import DataSummary
from hpsoft.space.usual import usual_value

USUAL = {"epochs": [5, 40], "learning_rate": [0.1, 1, 10, 100], "class_weight": [0, 0.5, 1]}


def facts(n_samples, n_classes):
    return DataSummary(
        name="", n_samples=n_samples, n_features=3, n_classes=n_classes, curvature=1.0,

    )  # fmt: skip


def test_of_each_kind():
    three, two = facts(1000, 3), facts(50, 2)
    assert math.isclose(usual_value(ALPHA, USUAL, three, 500), 1 / 500)
    assert math.isclose(usual_value(ALPHA, USUAL, two, 50), 2 / 50)
    assert usual_value(BATCH_SIZE, USUAL, three, 1) == 128
    assert usual_value(BATCH_SIZE, USUAL, two, 1) == 50
    assert usual_value(EPOCHS, USUAL, three, 1) == 40
    assert usual_value(LEARNING_RATE, USUAL, three, 1) == 1
    assert usual_value(LEARNING_RATE, {"learning_rate": [0.1, 1]}, three, 1) == 0.1
    assert usual_value(CLASS_WEIGHT, USUAL, three, 1) == 0.5
    assert usual_value(CLASS_WEIGHT, {}, three, 1) is None
