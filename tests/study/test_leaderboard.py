"""One ranking: which trials compete, and in which order."""

import pytest

from hpsoft.study.leaderboard import best, competitors, rank
from hpsoft.study.records import NOT_IN_GRID, TrialRecord


def record(grid_id, value, **params):
    return TrialRecord(params, grid_id, value)


def test_lowest_cost_first_ties_by_values_diverged_left_out():
    records = [record(3, 0.5), record(0, None), record(2, 0.5), record(1, 0.7), record(4, 0.1)]
    assert [r.grid_id for r in rank(records)] == [4, 2, 3, 1]
    assert best(records).grid_id == 4


@pytest.mark.parametrize("records", [[], [record(0, None)]])
def test_no_best_where_nothing_has_a_value(records):
    assert best(records) is None


def test_of_a_converged_model_the_fewest_passes_go_first():
    """Its later trials have the same cost; the ids of a grid are in no order."""
    twins = [TrialRecord({"alpha": 1.0, "iterations": n}, 9 - n, 0.5) for n in (8, 2, 5)]
    assert [r.params["iterations"] for r in rank(twins)] == [2, 5, 8]


def test_the_first_trial_of_every_point_competes():
    """Repetitions and trials that are not of the grid do not, however low their cost."""
    records = [
        TrialRecord({"a": 1.0}, 0, 0.1, number=3),
        TrialRecord({"a": 1.0}, 0, 0.5, number=1),
        TrialRecord({"a": 9.0}, NOT_IN_GRID, 0.0, number=0),
        TrialRecord({"a": 2.0}, 1, None, number=2),
    ]
    assert [record.number for record in competitors(records)] == [1, 2]


def test_trials_of_any_tool_can_be_ranked():
    """Equal costs of trials whose parameters do not compare: by number."""
    values = ["x", 1.0, None]
    records = [TrialRecord({"a": a}, NOT_IN_GRID, 0.5, number=2 - i) for i, a in enumerate(values)]
    assert [record.number for record in rank([*records, record(7, 0.5, a=1.0)])] == [None, 0, 1, 2]
