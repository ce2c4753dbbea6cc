"""Ranking, and what to add where the winner lies on an edge."""

import pytest

from hpsoft.optimizers.protocol import Hyperparameter, Role
from hpsoft.search.leaderboard import Edge, best, edges, rank
from hpsoft.search.records import TrialRecord

EPOCHS = Hyperparameter("epochs", Role.HORIZON, int, 1)
BATCH = Hyperparameter("batch_size", Role.STRUCTURAL, int, 1, within_samples=True)
RATE = Hyperparameter("rate", Role.COLUMNAR, float, 0, above_low=True)
ALPHA = Hyperparameter("alpha", Role.COLUMNAR, float, 0)
MOMENTUM = Hyperparameter("momentum", Role.COLUMNAR, float, -1, 0.99)


def record(grid_id, value, **params):
    return TrialRecord(params, grid_id, value)


def test_lowest_cost_first_ties_by_values_diverged_left_out():
    records = [record(3, 0.5), record(0, None), record(2, 0.5), record(1, 0.7), record(4, 0.1)]
    assert [r.grid_id for r in rank(records)] == [4, 2, 3, 1]
    assert best(records).grid_id == 4


@pytest.mark.parametrize("records", [[], [record(0, None)]])
def test_no_best_where_nothing_has_a_value(records):
    assert best(records) is None


def edge(parameter, values, value, n_samples=1000):
    winner = record(0, 0.1, **{parameter.name: value})
    return edges(winner, {parameter.name: values}, [parameter], n_samples)


@pytest.mark.parametrize(
    ("parameter", "values", "value", "side", "suggestion"),
    [
        (RATE, (1e-8, 1e-7, 1e-6), 1e-6, "largest", 1e-5),
        (RATE, (1e-8, 1e-7, 1e-6), 1e-8, "smallest", 1e-9),
        (RATE, (1e-8, 2e-8, 5e-8, 1e-7), 1e-7, "largest", 2e-7),
        (RATE, (1.0, 3.0), 3.0, "largest", 9.0),
        (EPOCHS, (5, 10, 15, 20), 20, "largest", 25),
        (EPOCHS, (5, 10), 10, "largest", 20),
        (EPOCHS, (10, 20, 30), 10, "smallest", None),
        (EPOCHS, (1, 2, 3), 1, "smallest", None),
        (EPOCHS, (1, 2, 4), 1, "smallest", None),
        (EPOCHS, (20, 30, 40), 20, "smallest", 10),
        (BATCH, (8, 16, 32), 8, "smallest", 4),
        (BATCH, (8, 16, 32), 32, "largest", 64),
        (BATCH, (128, 256, 512), 512, "largest", None),
        (ALPHA, (0.0, 0.01, 0.1, 1.0), 1.0, "largest", 10.0),
        (ALPHA, (0.0, 0.01, 0.1, 1.0), 0.0, "smallest", None),
        (ALPHA, (0.0, 1.0), 1.0, "largest", 2.0),
        (ALPHA, (1.0, 2.0, 3.0), 1.0, "smallest", 0.0),
        (RATE, (1.0, 2.0, 3.0), 1.0, "smallest", None),
        (MOMENTUM, (-0.5, 0.0, 0.5), -0.5, "smallest", -1.0),
        (MOMENTUM, (-0.5, 0.0, 0.5), 0.5, "largest", None),
    ],
)
def test_suggestions_go_on_as_the_values_do(parameter, values, value, side, suggestion):
    """By ratio or by difference, and not beyond the domain or the samples."""
    assert edge(parameter, values, value) == [Edge(parameter.name, value, side, suggestion)]


@pytest.mark.parametrize("values", [(1.0,), (0.5, 1.0, 2.0)])
def test_no_edge_in_the_middle_or_where_there_is_one_value(values):
    assert edge(RATE, values, 1.0) == []


def test_every_hyperparameter_is_looked_at():
    space = {"epochs": (1, 2, 3), "rate": (1.0, 2.0), "alpha": (0.0, 1.0, 2.0)}
    winner = record(0, 0.1, epochs=3, rate=1.0, alpha=1.0)
    found = edges(winner, space, [EPOCHS, RATE, ALPHA], 10)
    assert [(e.name, e.side) for e in found] == [("epochs", "largest"), ("rate", "smallest")]


def test_of_a_converged_model_the_fewest_passes_go_first():
    """Its later trials have the same cost; the ids of a grid are in no order."""
    twins = [TrialRecord({"alpha": 1.0, "iterations": n}, 9 - n, 0.5) for n in (8, 2, 5)]
    assert [r.params["iterations"] for r in rank(twins)] == [2, 5, 8]
