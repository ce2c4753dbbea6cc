"""The state of a search under way, and how it is shown."""

from dataclasses import replace

import numpy as np
import pytest

from hpsoft.engine.plan import Plan
from hpsoft.report.live.search_live import drawing, first_line, line
from hpsoft.report.live.search_progress import SearchProgress
from hpsoft.system.time_limit import TimeLimit
from hpsoft.tuning.events import Opened, Storing, Wave

EIGHT, SIXTEEN = (("batch_size", 8),), (("batch_size", 16),)


@pytest.fixture
def progress(opened, clock):
    return SearchProgress(opened, 1e9, clock=clock)


def test_nothing_is_known_at_first(progress):
    assert progress.eta() is None
    assert progress.fraction() == 0
    assert line(progress) == "0/8 trials, 0%, ETA unknown yet"


def test_a_plan_without_work_is_done(clock):
    progress = SearchProgress(
        Opened("s", "x", 8, 8, Plan((), "epochs"), 1, None), 1e9, clock=clock
    )
    assert progress.eta() == 0
    assert progress.fraction() == 1


def test_time_left_is_work_left(progress, opened, clock, events):
    progress.take(events.started(opened, 0, 0, 1))
    clock.now += 3
    progress.take(events.stored(opened, 0, 0, 1, 3.0, 2))  # 2 model-epochs: 1.5 s each
    assert progress.eta() == pytest.approx(6)  # of the other block, which is one chain
    assert progress.fraction() == pytest.approx(3 / 12)
    assert progress.trials_per_second == pytest.approx(2 / 3)
    assert progress.gflops_per_second == pytest.approx(2 / 3)


def test_each_structure_has_its_own_speed(progress, opened, clock, events):
    progress.take(events.stored(opened, 0, 0, 1, 2.0, 2))
    progress.take(events.stored(opened, 1, 0, 1, 8.0, 4))
    assert progress.eta() == pytest.approx(max((2 + 8) / 2, 8))  # one block is one chain


def test_time_passes_between_events(opened, clock, events):
    progress = SearchProgress(replace(opened, n_workers=1), 1e9, clock=clock)
    progress.take(events.stored(opened, 0, 0, 1, 4.0, 2))
    progress.take(events.started(opened, 0, 1, 2))
    before = progress.eta()
    clock.now += 2
    assert progress.eta() == pytest.approx(before - 2)
    clock.now += 2
    assert progress.eta() == pytest.approx(8)  # only the other block is left
    assert progress.fraction() == pytest.approx(8 / 16)


def test_a_task_that_takes_longer_tells_of_the_others(opened, clock, events):
    """Of its structure once that was measured, of all before."""
    progress = SearchProgress(opened, 1e9, lambda _: {EIGHT: 1.0, SIXTEEN: 2.0}, clock)
    assert progress.eta() == pytest.approx(8)  # 4 and 8 seconds on two cores; one block is a chain
    progress.take(events.started(opened, 0, 0, 1))
    clock.now += 4  # twice what it should have taken
    assert progress.eta() == pytest.approx(16)
    progress.take(events.stored(opened, 0, 0, 1, 4.0, 2))
    assert progress.eta() == pytest.approx(16)  # what was expected of the other is corrected
    progress.take(events.stored(opened, 1, 0, 1, 4.0, 4))
    progress.take(events.started(opened, 0, 1, 2))
    clock.now += 12  # three times of what was measured
    assert progress.eta() == pytest.approx(4)  # the other's speed is known


def test_a_block_that_went_on_before_its_trials_were_stored_stays(progress, opened, events):
    """No worker waits for that, so its next task starts first."""
    progress.take(events.started(opened, 0, 0, 1))
    progress.take(events.started(opened, 0, 1, 2))
    progress.take(events.stored(opened, 0, 0, 1, 4.0, 2))
    assert [running.started.stop for running in progress.running] == [2]
    progress.take(events.stored(opened, 0, 1, 2, 4.0, 4))
    assert progress.running == []


def test_after_a_resume_what_was_stored_counts(opened, clock, events):
    """Of 16 trials 8 were there; of the others half the work is done."""
    resumed = replace(opened, n_grid=16, n_finished=8)
    progress = SearchProgress(resumed, 1e9, clock=clock)
    assert progress.fraction() == 0.5
    progress.take(events.stored(opened, 0, 0, 1, 4.0, 10))
    progress.take(events.stored(opened, 1, 0, 1, 4.0, 12))
    assert progress.fraction() == pytest.approx(0.75)
    assert line(progress).startswith("12/16 trials, 75%, ETA 4.0 s")


def test_the_time_of_storing_is_part_of_it(opened, clock, events):
    """One worker trains and stores by turns: 2 s a snapshot of two trials."""
    progress = SearchProgress(replace(opened, n_workers=1), 1e9, clock=clock)
    progress.take(Storing(2))
    clock.now += 2
    progress.take(events.stored(opened, 0, 0, 1, 4.0, 2))
    assert progress.storing is None
    assert progress.eta() == pytest.approx(12 + 6)
    progress.take(Storing(2))
    clock.now += 1
    assert progress.storing == (2, 1.0)
    assert progress.eta() == pytest.approx(12 + 5)
    clock.now += 10
    assert progress.eta() == pytest.approx(12 + 4)  # late


@pytest.mark.parametrize(("seconds", "eta"), [(1, 4 + 1), (20, 60)])
def test_storing_beside_training_takes_time_where_it_takes_longer(
    opened, clock, events, seconds, eta
):
    """What is trained last is stored at the end in any case."""
    progress = SearchProgress(opened, 1e9, clock=clock)
    progress.take(Storing(2))
    clock.now += seconds
    progress.take(events.stored(opened, 0, 0, 1, 2.0, 2))
    assert progress.eta() == pytest.approx(eta)


def test_long_storing_is_shown(progress, opened, events, console, clock):
    progress.take(Storing(512))
    console.print(drawing(progress))
    assert "storing" not in console.text()
    clock.now += 3
    console.print(drawing(progress))
    assert "storing 512 trials, 3.0 s" in console.text()


@pytest.fixture
def limited(opened, clock):
    return lambda seconds, **changes: _limited(opened, clock, seconds, changes)


def _limited(opened, clock, seconds, changes):
    limit = TimeLimit(seconds, clock)
    limit.start()
    return SearchProgress(replace(opened, limit=limit, **changes), 1e9, clock=clock)


def test_the_time_of_the_user_may_be_up_first(limited, opened, clock, events):
    progress = limited(10.0)
    assert "ETA at most 10 s" in line(progress)
    progress.take(events.stored(opened, 0, 0, 1, 8.0, 2))  # 16 s are left
    assert "ETA 10 s: time will be up first" in line(progress)
    progress.take(events.started(opened, 0, 1, 2))
    clock.now += 4
    assert "ETA 6.0 s: time will be up first" in line(progress)
    clock.now += 3
    progress.take(events.started(opened, 1, 0, 1))
    assert "ETA 8.0 s: time will be up first" in line(progress)  # a task that begins is finished
    clock.now += 3
    # The other task takes 10 s instead of 8, so this one may.
    assert "time is up, what is begun goes on for about 7.0 s" in line(progress)


def test_time_that_is_enough_is_not_mentioned(limited, opened, events):
    progress = limited(100.0)
    progress.take(events.stored(opened, 0, 0, 1, 8.0, 2))
    assert "ETA 16 s, " in line(progress)


def test_a_search_that_only_time_ends_shows_that(limited, clock):
    endless = {"budget": 1_000_000, "n_grid": None, "is_endless": True}
    progress = limited(10.0, **endless)
    clock.now += 4
    assert progress.fraction() == pytest.approx(0.4)
    assert line(progress) == "0 trials, 40%, ETA at most 6.0 s"
    assert first_line(progress.opened) == (
        "Study [s] in /x.journal: as many more of ranges as 10 s allow on 2 cores. "
        "Compared by a validation part of 20 %. "
        "Inexact: not every point is tried."
    )


def sampled(opened, clock):
    """24 trials by waves of the 8 of the plan; a wave should take 8 s."""
    nothing = Plan((), "epochs")
    rates = {EIGHT: 1.0, SIXTEEN: 2.0}
    return SearchProgress(
        replace(opened, plan=nothing, budget=24, n_grid=100), 1e9,
        lambda plan: rates if plan.blocks else {}, clock,
    )  # fmt: skip


def test_waves_to_come_take_as_long_as_this_one(opened, clock, events):
    progress = sampled(opened, clock)
    assert progress.eta() is None
    progress.take(Wave(opened.plan))
    assert progress.eta() == pytest.approx(3 * 8)
    progress.take(events.started(opened, 0, 0, 2))
    progress.take(events.started(opened, 1, 0, 2))
    clock.now += 3
    assert progress.eta() == pytest.approx(3 * 8 - 3)  # it moves
    clock.now += 5
    progress.take(events.stored(opened, 0, 0, 2, 4.0, 4))
    progress.take(events.stored(opened, 1, 0, 2, 8.0, 8))
    assert progress.fraction() == pytest.approx(8 / 24)
    clock.now += 4  # of the sampler's
    progress.take(Wave(opened.plan))
    assert progress.eta() == pytest.approx(8 + (12 + 8) / 16 * 8)


def test_models_that_were_pruned_are_no_work(opened, clock, events):
    progress = sampled(opened, clock)
    progress.take(Wave(opened.plan))
    progress.take(events.stored(opened, 0, 0, 1, 2.0, 2))
    progress.take(events.stored(opened, 1, 0, 1, 4.0, 4))
    before = progress.eta()
    progress.take(replace(events.started(opened, 1, 1, 2), n_models=1))  # of two
    assert progress.eta() < before


def test_diverged_models_are_no_work(progress, opened, events):
    progress.take(events.stored(opened, 0, 0, 1, 4.0, 2, scores=(np.nan, np.nan)))
    progress.take(events.stored(opened, 1, 0, 2, 4.0, 6))
    assert progress.eta() == 0
    assert progress.fraction() == 1
