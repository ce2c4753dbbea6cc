"""Blocks that stop together at every rung, and models that leave there."""

import numpy as np
import pytest
from hpsoft_sgd import SGD
from small_problem import GRID, make_setup, make_trials, reference_cost

from hpsoft.engine.plan import make_plan
from hpsoft.engine.rungs import Rungs
from hpsoft.engine.schedule import Chain
from hpsoft.engine.train import Snapshot
from hpsoft.engine.workers import Inline

SETTING = make_setup(n=20)
LONGEST = [trial for trial in make_trials() if trial[1]["epochs"] == max(GRID["epochs"])]


class Logged(Inline):
    """Remember the tasks."""

    def __init__(self):
        super().__init__(SETTING)
        self.log = []

    def submit(self, task):
        self.log.append(task)
        return super().submit(task)


def make_rungs():
    """Return two blocks of six models of four passes, scored at the rungs 1, 2 and 4."""
    plan = make_plan(SGD.hyperparameters, LONGEST, rungs=(1, 2, 4))
    return plan, Rungs(plan)


def scores(events):
    """Return the costs by trial, horizon value after horizon value."""
    return {
        (next(iter(event.block.models[i].trials.values())), event.horizon): cost
        for event in events
        if isinstance(event, Snapshot)
        for i, cost in zip(event.alive, event.scores.cross_entropy, strict=True)
    }


def widths(task):
    """Return how many columns the arrays of a task's state have."""
    return {array.shape[-1] for state in task.states for array in state.values() if array.ndim}


def test_all_blocks_reach_a_rung_before_any_passes_it():
    plan, rungs = make_rungs()
    workers = Logged()
    passed = []
    while (rung := rungs.next) is not None:
        assert {horizon for _, horizon in scores(rungs.climb(workers))} == {rung}
        passed.append(rung)
    assert passed == [1, 2, 4]
    assert [task.stop for task in workers.log] == [1, 1, 2, 2, 4, 4]
    assert len(plan.blocks) == 2


def test_models_that_are_dropped_leave_the_state_of_their_block_alone():
    plan, rungs = make_rungs()
    workers = Logged()
    list(rungs.climb(workers))
    rungs.drop(plan.blocks[0], {0, 2, 5})
    del workers.log[:]
    list(rungs.climb(workers))
    tasks = {task.block.index: task for task in workers.log}
    assert tasks[0].alive == (1, 3, 4)
    assert widths(tasks[0]) == {3}
    assert widths(tasks[1]) == {6}


def test_models_that_stay_cost_what_they_had_cost():
    """Columns leave at two rungs, and keep to their models."""
    plan, rungs = make_rungs()
    workers = Logged()
    list(rungs.climb(workers))
    rungs.drop(plan.blocks[1], [1])
    list(rungs.climb(workers))
    rungs.drop(plan.blocks[1], [0, 4])
    found = scores(rungs.climb(workers))
    assert len(found) == 6 + 3
    params = dict(LONGEST)
    for (index, _), cost in found.items():
        assert cost == pytest.approx(reference_cost(SETTING, params[index]), rel=1e-9)


def test_what_is_dropped_before_the_first_rung_costs_nothing():
    plan, rungs = make_rungs()
    workers = Logged()
    rungs.drop(plan.blocks[0], range(6))
    rungs.drop(plan.blocks[1], [3])
    list(rungs.finish(workers))
    assert {(task.block.index, task.alive) for task in workers.log} == {(1, (0, 1, 2, 4, 5))}
    assert rungs.next is None


def test_a_rung_that_time_did_not_allow_stays_the_next():
    _, rungs = make_rungs()
    workers = Logged()
    list(rungs.climb(workers, lambda: len(workers.log) == 1))
    assert rungs.next == 1
    list(rungs.climb(workers))
    assert rungs.next == 2
    assert [task.block.index for task in workers.log] in ([0, 1], [1, 0])


def test_a_chain_drops_by_the_place_in_the_block():
    """Not by the column: model 1 has left before, so model 3 is column 2."""
    plan, _ = make_rungs()
    columns = np.array([0.0, 2.0, 3.0])
    state = {"bias": np.tile(columns, (3, 1)), "weights": np.tile(columns, (3, 4, 1))}
    chain = Chain(plan.blocks[0], (0, 2, 3), ({**state, "step": np.array(7)},))
    chain.drop({3, 1})
    assert chain.alive == (0, 2)
    (state,) = chain.states
    assert state["weights"][0, 0].tolist() == [0.0, 2.0]
    assert state["bias"][0].tolist() == [0.0, 2.0]
    assert state["step"] == 7
