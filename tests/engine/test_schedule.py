"""Every trial gets its snapshot, once, however many workers and whatever is left of the models."""

from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pytest
from hpsoft_sgd import SGD
from hypothesis import given, settings
from hypothesis import strategies as st
from small_problem import DIVERGING, GRID, make_setup, make_trials, reference_cost

from hpsoft.engine.plan import make_plan
from hpsoft.engine.schedule import Started, run
from hpsoft.engine.train import Snapshot, train
from hpsoft.engine.workers import Inline
from hpsoft.errors import HpsoftError


class Pretend:
    """n workers, in this process; tasks end in any order the scheduler may meet."""

    def __init__(self, setting, n, *, in_background=None):
        self.setting, self.n, self.log = setting, n, []
        self.in_background = n > 1 if in_background is None else in_background

    def submit(self, task):
        self.log.append(task)
        future = Future()
        future.set_result(train(self.setting, task))
        return future


def answers(events):
    """Return the cost of every trial, failing where one is answered twice."""
    found = {}
    for event in events:
        if isinstance(event, Snapshot):
            for column, i in enumerate(event.alive):
                index = event.block.models[i].trials.get(event.horizon)
                if index is not None:
                    assert index not in found
                    found[index] = float(event.scores.cross_entropy[column])
    return found


def make(trials, **options):
    return make_plan(SGD.hyperparameters, trials, **options)


@pytest.mark.parametrize("n", [1, 2, 3, 20])
def test_every_trial_once_with_any_number_of_workers(n):
    setting, trials = make_setup(), make_trials()
    found = answers(run(make(trials, n_workers=n), Pretend(setting, n)))
    assert sorted(found) == [index for index, _ in trials]
    for index, params in trials:
        assert found[index] == pytest.approx(reference_cost(setting, params), rel=1e-9)


SETTING = make_setup(n=20)
ALL = answers(run(make(make_trials()), Pretend(SETTING, 1)))


@given(st.sets(st.integers(0, 35)), st.integers(1, 4), st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_what_is_left_of_a_search_has_the_results_of_the_whole(left, n, largest):
    """Any subset of trials: models of one block then end at different horizons."""
    trials = [trial for trial in make_trials() if trial[0] in left]
    plan = make(trials, n_workers=n, models_per_block=largest)
    found = answers(run(plan, Pretend(SETTING, n)))
    assert found == pytest.approx({index: ALL[index] for index in left}, rel=1e-9)


def test_no_pass_is_trained_that_no_trial_needs():
    """A model leaves when its last trial has ended; snapshots come only where a trial ends."""
    trials = [t for t in make_trials() if t[1]["alpha"] == 0.0 or t[1]["epochs"] == 2]
    workers = Pretend(SETTING, 1)
    list(run(make(trials), workers))
    work = sum(len(task.alive) * (task.stop - task.start) for task in workers.log)
    assert work == make(trials).model_epochs
    assert {task.stop for task in workers.log} == {1, 2, 4}


def test_diverged_models_are_not_trained_on():
    trials = make_trials({**GRID, "learning_rate": (0.1, DIVERGING)})
    workers = Pretend(SETTING, 1)
    found = answers(run(make(trials), workers))
    assert all(len(task.alive) == (4 if task.start == 0 else 2) for task in workers.log)
    sound = {i for i, params in trials if params["learning_rate"] == 0.1}
    assert {i for i, cost in found.items() if np.isfinite(cost)} == sound


def test_a_block_that_diverges_whole_is_done():
    trials = make_trials({**GRID, "learning_rate": (DIVERGING,)})
    snapshots = [e for e in run(make(trials), Pretend(SETTING, 2)) if isinstance(e, Snapshot)]
    assert [s.horizon for s in snapshots] == [1, 1]


def test_every_task_is_announced_before_its_snapshot():
    events = list(run(make(make_trials()), Pretend(SETTING, 1, in_background=False)))
    assert len(events) == 12
    for started, snapshot in zip(events[::2], events[1::2], strict=True):
        assert isinstance(started, Started)
        assert started.block is snapshot.block
        assert (started.start, started.stop) == (snapshot.start, snapshot.horizon)
        assert started.n_models == len(snapshot.alive)


def test_begun_blocks_are_carried_through_first():
    """While there are many: a kill then loses at most the blocks in hand."""
    plan = make(make_trials(), models_per_block=1)
    order = [e.block.index for e in run(plan, Pretend(SETTING, 1)) if isinstance(e, Started)]
    first = order[:-6]  # the last two blocks are balanced against each other
    assert [first[i : i + 3] for i in range(0, len(first), 3)] == [
        [index] * 3 for index in first[::3]
    ]


def test_an_empty_plan_has_no_events():
    assert list(run(make([]), Pretend(SETTING, 2))) == []


def test_inline_runs_at_once():
    with Inline(SETTING) as workers:
        assert answers(run(make(make_trials()), workers)) == ALL


class Dying(Pretend):
    """The second task finds its process dead."""

    def submit(self, task):
        future = super().submit(task)
        if len(self.log) < 2:
            return future
        future = Future()
        future.set_exception(BrokenProcessPool("gone"))
        return future


@pytest.mark.parametrize("in_background", [True, False])
def test_death_of_a_worker_is_an_error_after_what_was_finished(in_background):
    events = run(make(make_trials()), Dying(SETTING, 1, in_background=in_background))
    seen = []

    def listen():
        seen.extend(type(event) for event in events)

    with pytest.raises(HpsoftError, match=r"ended from outside.*stored: run the same command"):
        listen()
    assert sorted(seen, key=str) == [Started, Started, Snapshot]


def test_workers_in_the_background_go_on_before_snapshots_are_told_of():
    """While trials are being stored, no worker waits; in this process there is nothing to gain."""
    for in_background in (True, False):
        workers = Pretend(SETTING, 1, in_background=in_background)
        events = run(make(make_trials()), workers)
        while not isinstance(next(events), Snapshot):
            pass
        assert len(workers.log) == (2 if in_background else 1)
