"""From snapshots to trials."""

import numpy as np
import pytest
from hpsoft_sgd import SGD
from small_problem import GRID, make_setup, make_trials

from hpsoft.engine.evaluate import Scores
from hpsoft.engine.plan import make_plan
from hpsoft.engine.schedule import run
from hpsoft.engine.train import Snapshot
from hpsoft.engine.workers import Inline
from hpsoft.space.grid import Grid
from hpsoft.tuning.collect import Collector

SPACE = {**GRID, "batch_size": (5,), "learning_rate": (0.1,)}


@pytest.fixture
def grid():
    """Three horizons of two models, alpha 0.0 and 0.1."""
    return Grid(SPACE)


def plan(grid, without=()):
    return make_plan(SGD.hyperparameters, [t for t in grid if t[0] not in without])


def snapshot(block, horizon, costs, alive=(0, 1), seconds=6.0):
    scores = Scores(
        {"cross_entropy": np.array(costs, float), "accuracy": np.full(len(costs), 0.5)}
    )
    return Snapshot(block, alive, 0, horizon, scores, seconds, {})


def test_trials_end_with_their_horizon_and_remember_the_ones_before(grid):
    (block,) = plan(grid).blocks
    collector = Collector(grid, "epochs")
    first = collector.records(snapshot(block, 1, [0.9, 0.8]))
    second = collector.records(snapshot(block, 2, [0.7, 0.6]))
    assert [(r.params["epochs"], r.params["alpha"], r.value) for r in first + second] == [
        (1, 0.0, 0.9),
        (1, 0.1, 0.8),
        (2, 0.0, 0.7),
        (2, 0.1, 0.6),
    ]
    assert [r.intermediate for r in first + second] == [
        {1: 0.9},
        {1: 0.8},
        {1: 0.9, 2: 0.7},
        {1: 0.8, 2: 0.6},
    ]
    assert all(r.accuracy == 0.5 and r.seconds == 3.0 for r in first + second)
    assert all(grid.params(r.grid_id) == r.params for r in first + second)


def test_where_neighbours_stop_is_no_value_of_a_model(grid):
    """The first model lacks its trial of two passes, which its block is scored at all the same."""
    (block,) = plan(
        grid, without=[i for i, p in grid if (p["epochs"], p["alpha"]) == (2, 0)]
    ).blocks
    collector = Collector(grid, "epochs")
    steps = ((1, [0.9, 0.8]), (2, [0.7, 0.6]), (4, [0.5, 0.4]))
    *_, last = (collector.records(snapshot(block, *step)) for step in steps)
    assert [r.intermediate for r in last] == [{1: 0.9, 4: 0.5}, {1: 0.8, 2: 0.6, 4: 0.4}]


def test_a_diverged_model_ends_all_its_later_trials(grid):
    """Without value and accuracy, sharing the time; its neighbour goes on."""
    (block,) = plan(grid).blocks
    collector = Collector(grid, "epochs")
    collector.records(snapshot(block, 1, [0.9, 0.8]))
    ended = collector.records(snapshot(block, 2, [np.nan, 0.6]))
    lost = [r for r in ended if r.params["alpha"] == 0.0]
    assert sorted(r.params["epochs"] for r in lost) == [2, 4]
    for record in lost:
        assert record.diverged
        assert (record.value, record.accuracy, record.seconds) == (None, None, 1.5)
        assert record.intermediate == {1: 0.9}
    last = collector.records(snapshot(block, 4, [0.5], alive=(1,)))
    assert [(r.params["alpha"], r.value) for r in last] == [(0.1, 0.5)]


@pytest.mark.parametrize("kept", [0, 1, 2, 5])
def test_a_resumed_search_has_the_intermediate_values_of_an_undisturbed_one(grid, kept):
    """What a study holds of a model is not trained for again, and not forgotten."""

    def collected(collector, made):
        with Inline(make_setup()) as workers:
            snapshots = [e for e in run(made, workers) if isinstance(e, Snapshot)]
        return [record for s in snapshots for record in collector.records(s)]

    whole = collected(Collector(grid, "epochs"), plan(grid))
    before, after = whole[:kept], {r.grid_id: r for r in whole[kept:]}
    resumed = collected(Collector(grid, "epochs", before), plan(grid, {r.grid_id for r in before}))
    assert {r.grid_id for r in resumed} == set(after)
    for record in resumed:
        assert record.value == pytest.approx(after[record.grid_id].value, rel=1e-9)
        assert record.intermediate == pytest.approx(after[record.grid_id].intermediate, rel=1e-9)


def test_every_trial_of_a_grid_is_collected_once(grid):
    collector = Collector(Grid(GRID), "epochs")
    with Inline(make_setup()) as workers:
        events = list(run(plan(Grid(GRID)), workers))
    ids = [r.grid_id for e in events if isinstance(e, Snapshot) for r in collector.records(e)]
    assert sorted(ids) == list(range(len(make_trials())))
