"""What to add where the winner lies on an edge."""

import sys

import pytest

from hpsoft.optimizers.protocol import Hyperparameter, Role
from hpsoft.study.records import TrialRecord
from hpsoft.tuning.edges import Edge, edges

EPOCHS = Hyperparameter("epochs", Role.HORIZON, int, 1)
BATCH = Hyperparameter("batch_size", Role.STRUCTURAL, int, 1, within_samples=True)
RATE = Hyperparameter("rate", Role.COLUMNAR, float, 0, above_low=True)
ALPHA = Hyperparameter("alpha", Role.COLUMNAR, float, 0)
MOMENTUM = Hyperparameter("momentum", Role.COLUMNAR, float, -1, 0.99)
COUNT = Hyperparameter("count", Role.STRUCTURAL, int, 0, above_low=True)


def edge(parameter, values, value, n_samples=1000):
    winner = TrialRecord({parameter.name: value}, 0, 0.1)
    return edges([winner], {parameter.name: values}, [parameter], n_samples)


@pytest.mark.parametrize(
    ("parameter", "values", "value", "side", "suggestion"),
    [
        (RATE, (1e-8, 1e-7, 1e-6), 1e-6, "largest", 1e-5),
        (RATE, (1e-8, 1e-7, 1e-6), 1e-8, "smallest", 1e-9),
        (RATE, (1e-8, 2e-8, 5e-8, 1e-7), 1e-7, "largest", 2e-7),
        (RATE, (1.0, 3.0), 3.0, "largest", 9.0),
        (EPOCHS, (5, 10, 15, 20), 20, "largest", 25),
        (EPOCHS, (5, 10), 10, "largest", 20),
        (EPOCHS, (10, 20, 30), 10, "smallest", 1),
        (EPOCHS, (1, 2, 3), 1, "smallest", None),
        (EPOCHS, (1, 2, 4), 1, "smallest", None),
        (EPOCHS, (20, 30, 40), 20, "smallest", 10),
        (BATCH, (8, 16, 32), 8, "smallest", 4),
        (BATCH, (8, 16, 32), 32, "largest", 64),
        (BATCH, (128, 256, 512), 512, "largest", 1000),
        (BATCH, (250, 500, 1000), 1000, "largest", None),
        (ALPHA, (0.0, 0.01, 0.1, 1.0), 1.0, "largest", 10.0),
        (ALPHA, (0.0, 0.01, 0.1, 1.0), 0.0, "smallest", None),
        (ALPHA, (0.0, 1.0), 1.0, "largest", 10.0),
        (ALPHA, (0.0, 0.001), 0.001, "largest", 0.01),
        (ALPHA, (0.0, 1e-300), 1e-300, "largest", 1e-299),
        (ALPHA, (1.0, 2.0, 3.0), 1.0, "smallest", 0.0),
        (RATE, (1.0, 2.0, 3.0), 1.0, "smallest", 0.5),
        (RATE, (0.1, 0.2, 0.3), 0.1, "smallest", 0.05),
        (RATE, (1e-300, 1e-299, 1e-298), 1e-300, "smallest", 1e-301),
        (RATE, (1.0, 1e308), 1e308, "largest", sys.float_info.max),
        (RATE, (1.2340, 1.2344), 1.2344, "largest", pytest.approx(1.2348, abs=1e-5)),
        (MOMENTUM, (-0.5, 0.0, 0.5), -0.5, "smallest", -1.0),
        (MOMENTUM, (-0.5, 0.0, 0.5), 0.5, "largest", 0.99),
        (MOMENTUM, (0.0, 0.5, 0.99), 0.99, "largest", None),
        (MOMENTUM, (0.0, 0.5, 0.9), 0.0, "smallest", -0.5),
        (EPOCHS, (5, 10, 15), 5, "smallest", 1),
        (BATCH, (2, 8), 2, "smallest", 1),
        (COUNT, (2, 4, 6), 2, "smallest", 1),
        (COUNT, (1, 2, 3), 1, "smallest", None),
    ],
)
def test_suggestions_go_on_as_the_values_do(parameter, values, value, side, suggestion):
    """By ratio or by difference; up to the bound of the domain, and no edge where that is
    reached.
    """
    expected = [] if suggestion is None else [Edge(parameter.name, value, side, suggestion)]
    assert edge(parameter, values, value) == expected


@pytest.mark.parametrize("values", [(1.0,), (0.5, 1.0, 2.0)])
def test_no_edge_in_the_middle_or_where_there_is_one_value(values):
    assert edge(RATE, values, 1.0) == []


def test_every_hyperparameter_is_looked_at():
    space = {"epochs": (1, 2, 3), "rate": (1.0, 2.0), "alpha": (0.0, 1.0, 2.0)}
    winner = TrialRecord({"epochs": 3, "rate": 1.0, "alpha": 1.0}, 0, 0.1)
    found = edges([winner], space, [EPOCHS, RATE, ALPHA, MOMENTUM], 10)  # momentum is left out
    assert [(e.name, e.side) for e in found] == [("epochs", "largest"), ("rate", "smallest")]


def ranked(*costs, folds=None):
    """Return trials of the rates 4, 2, 1, ... with these costs."""
    return [
        TrialRecord({"rate": 4.0 / 2**i}, i, cost, folds=folds[i] if folds else ())
        for i, cost in enumerate(costs)
    ]


@pytest.mark.parametrize(
    ("ranking", "is_edge"),
    [
        (ranked(0.5, 0.6), True),
        (ranked(0.5, 0.5001), False),  # the next value inwards does as well
        (ranked(0.5, 0.6, 0.5001), True),  # another one does not count
        (ranked(0.009, 0.6), False),  # next to nothing is left to gain
        (ranked(0.5, 0.51, folds=[(0.4, 0.6), (0.35, 0.67)]), False),  # within the error
        (ranked(0.5, 0.51, folds=[(0.4, 0.6), (0.411, 0.611)]), True),  # on each fold, by as much
    ],
)
def test_an_edge_that_cannot_matter_is_none(ranking, is_edge):
    found = edges(ranking, {"rate": (1.0, 2.0, 4.0)}, [RATE], 10)
    assert [edge.suggestion for edge in found] == [8.0] * is_edge
