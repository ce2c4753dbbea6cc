"""Steps of single samples: those of a model that is lost are none, at once."""

import numpy as np
from hpsoft_sgd.class_steps import steps_of
from hpsoft_sgd.row_steps import RowSteps

from hpsoft.optimizers import Weighting


def test_a_stopped_model_takes_no_step_any_more():
    """Neither with what is made already, and the others theirs as before."""
    rng = np.random.default_rng(0)
    labels = np.arange(8) % 2
    weighting = Weighting(labels=labels, samples=1 + rng.random(8), classes=None)
    steps = RowSteps(weighting, np.arange(8), np.flatnonzero(labels), np.empty((8, 3)), 4)
    steps.fill(0, -np.ones((2, 3)))
    rows, targets = steps.steps.copy(), steps.targets.copy()
    assert rows.all()
    steps.stop(np.array([False, True, False]))
    kept = [1.0, 0.0, 1.0]
    np.testing.assert_array_equal(steps.steps, rows * kept)
    np.testing.assert_array_equal(next(steps.of_targets([(0, 4)])), targets * kept)


def test_a_stopped_model_takes_no_step_with_a_table_of_classes():
    """Large mini-batches of models whose classes alone count: the table is made anew each time."""
    rng = np.random.default_rng(0)
    labels, order = np.arange(8) % 2, rng.permutation(8)
    weighting = Weighting(labels=labels, samples=None, classes=1 + rng.random((2, 3)))
    trained = np.flatnonzero(labels[order] == 0)
    steps = steps_of(weighting, labels[order], order, trained, np.empty((8, 3)), 4)
    steps.begin(-np.ones(3))
    expected = -weighting.classes[labels[order]]
    np.testing.assert_array_equal(steps.of(4, 8)[:, 0], expected[4:])
    np.testing.assert_array_equal(next(steps.of_targets([(0, 4)])), expected[trained])
    steps.stop(np.array([False, True, False]))
    np.testing.assert_array_equal(steps.of(0, 4)[:, 0], expected[:4] * [1.0, 0.0, 1.0])
