"""The state of a search under way, and how it is shown."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from small_problem import make_setting

from hpsoft.data.validation import Validation
from hpsoft.engine.plan import Plan
from hpsoft.engine.setup import TrainingSetup
from hpsoft.report.live import search_live
from hpsoft.report.live import ticker as live
from hpsoft.report.live.search_live import drawing, first_line, line, show_search
from hpsoft.report.live.search_progress import SearchProgress
from hpsoft.report.live.ticker import SECONDS_BETWEEN_LINES, Ticker
from hpsoft.system.time_limit import TimeLimit
from hpsoft.tuning.events import Opened, Storing, Wave

SETTING = make_setting()


class _Large(TrainingSetup):
    flops_per_model_epoch = 1e12


LARGE = _Large(**vars(SETTING))
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
def limited(opened, clock, monkeypatch):
    monkeypatch.setattr("hpsoft.system.time_limit.time.perf_counter", clock)
    return lambda seconds, **changes: _limited(opened, clock, seconds, changes)


def _limited(opened, clock, seconds, changes):
    limit = TimeLimit(seconds)
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


def test_a_large_search_is_estimated_before_it_runs(console, opened, monkeypatch):
    monkeypatch.setattr(live, "SECONDS_BEFORE_THE_FIRST", 0.0)
    monkeypatch.setattr(search_live, "rates", lambda *_: {EIGHT: 100.0, SIXTEEN: 100.0})
    for work, known in ((SETTING, False), (LARGE, True)):
        with show_search(console, opened, work) as show:
            show(Wave(opened.plan))
        assert ("ETA 6 min 40 s" in console.text()) == known


def test_an_estimate_that_fails_ends_nothing(console, opened, monkeypatch):
    """And it is made by another optimizer than the one that trains."""
    monkeypatch.setattr(live, "SECONDS_BEFORE_THE_FIRST", 0.0)
    used = []

    def fail(setting, plan):
        used.append(setting.optimizer)
        raise ValueError

    monkeypatch.setattr(search_live, "rates", fail)
    with show_search(console, opened, LARGE) as show:
        show(Wave(opened.plan))
    assert "ETA unknown yet" in console.text()
    assert used
    assert LARGE.optimizer not in used


def test_diverged_models_are_no_work(progress, opened, events):
    progress.take(events.stored(opened, 0, 0, 1, 4.0, 2, scores=(np.nan, np.nan)))
    progress.take(events.stored(opened, 1, 0, 2, 4.0, 6))
    assert progress.eta() == 0
    assert progress.fraction() == 1


def test_running_blocks_are_shown_until_they_end(progress, opened, events, console):
    progress.take(events.started(opened, 0, 0, 1))
    progress.take(events.started(opened, 1, 0, 1))
    console.print(drawing(progress))
    assert "batch_size 8: epochs 0 to 1, 2 models" in console.text()
    assert "batch_size 16: " in console.text()
    progress.take(events.stored(opened, 0, 0, 1, 4.0, 2))
    assert len(progress.running) == 1
    assert "best 0.25 (epochs 2, alpha 0.5, batch_size 8)" in line(progress)


def test_a_drawing_is_never_wider_than_the_terminal(progress, opened, events, console):
    progress.take(events.stored(opened, 0, 0, 1, 4.0, 2))
    console.print(drawing(progress))
    shown = console.text().splitlines()
    assert len(shown) == 3
    assert max(map(len, shown)) <= 80


def test_a_narrow_drawing_breaks_between_words(progress, opened, events, console):
    console.width = 40
    params = {f"hyperparameter_{i}": 1.23456e-05 for i in range(10)}
    stored = events.stored(opened, 0, 0, 1, 4.0, 2)
    progress.take(replace(stored, best=replace(stored.best, params=params)))
    console.print(drawing(progress))
    shown = console.text().splitlines()
    assert max(map(len, shown)) <= 40
    assert sum(line.count("1.23456e-05") for line in shown) == 10


def test_the_first_line_says_what_is_to_be_done(opened):
    assert first_line(opened) == (
        "Study [s] in /x.journal: 8 to run = 4 models in 2 blocks on 2 cores. "
        "Compared by a validation part of 20 %."
    )


def test_the_first_line_says_why_there_is_one_core(opened):
    small = replace(opened, n_workers=1, n_cores=2)
    assert "in 2 blocks on 1 core: too little work for more. Compared" in first_line(small)
    assert "in 2 blocks on 1 core. Compared" in first_line(replace(opened, n_workers=1))


def test_the_first_line_counts_what_is_there(opened):
    resumed = Opened("s", "/x", 16, 8, opened.plan, 1, None)
    assert "8 of 16 trials are there, 8 to run" in first_line(resumed)


@pytest.mark.parametrize(
    ("budget", "is_pruned", "text"),
    [
        (5, False, "20 %. Inexact: not every point is tried."),
        (8, True, "20 %. Inexact: points that look poor end early."),
        (5, True, "Inexact: not every point is tried, and points that look poor end early."),
        (8, False, "8 to run of a grid of 8 on 2 cores. Compared by a validation part of 20 %."),
    ],
)
def test_the_first_line_says_what_is_left_out(opened, budget, is_pruned, text):
    assert first_line(replace(opened, budget=budget, is_pruned=is_pruned)).endswith(text)


@pytest.mark.parametrize(
    ("validation", "text"),
    [
        (Validation(None), "the validation part of the data"),
        (Validation(0.125), "a validation part of 12.5 %"),
        (Validation(None, 5), "5-fold cross-validation"),
        (Validation(None, 5, 2), "5-fold cross-validation, repeated 2 times"),
    ],
)
def test_the_first_line_says_what_trials_are_compared_by(opened, validation, text):
    assert first_line(replace(opened, validation=validation)).endswith(f" Compared by {text}.")


def test_in_a_file_lines_are_rare(console, clock):
    ticker = Ticker(console, lambda: "drawing", lambda: f"at {clock.now:g}", clock)
    with ticker:
        for _ in range(40):
            clock.now += SECONDS_BETWEEN_LINES / 10
            ticker.tick()
    assert console.text().splitlines() == ["at 102", "at 107", "at 112", "at 117", "at 120"]


def test_in_a_file_lines_come_while_nothing_happens(console, monkeypatch):
    """A block may take minutes; the first line must not."""
    monkeypatch.setattr(live, "SECONDS_BEFORE_THE_FIRST", 0.01)
    monkeypatch.setattr(live, "_POLL_S", 0.01)
    printed = threading.Event()

    def line():
        printed.set()
        return "on the way"

    with Ticker(console, lambda: "drawing", line):
        assert printed.wait(10)
    assert console.text() == "on the way\n"


def test_short_work_prints_no_lines_in_a_file(console, clock):
    """The result is there at once, and says more."""
    with Ticker(console, lambda: "drawing", lambda: "line", clock) as ticker:
        clock.now += 1
        ticker.tick()
    assert console.text() == ""


def test_the_last_line_in_a_file_is_that_of_the_end(console, opened, clock, events, monkeypatch):
    monkeypatch.setattr(live, "SECONDS_BEFORE_THE_FIRST", 0.0)
    with show_search(console, opened, SETTING) as show:
        show(events.stored(opened, 0, 0, 1, 4.0, 2))
        show(events.stored(opened, 1, 0, 2, 4.0, 8))
    assert console.text().splitlines()[-1].startswith("8/8 trials")


def test_a_failure_has_no_last_line(console, clock):
    def fail():
        with Ticker(console, lambda: "drawing", lambda: f"at {clock.now:g}", clock) as ticker:
            clock.now += 2
            ticker.tick()
            clock.now += 1
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert console.text() == "at 102\n"


def test_a_terminal_is_redrawn_and_left_clean(terminal, opened, events):
    with show_search(terminal, opened, SETTING) as show:
        show(events.started(opened, 0, 0, 1))
        show(events.stored(opened, 0, 0, 1, 4.0, 2))
    assert "2/8 trials" in terminal.text()
    assert terminal.text().endswith("\x1b[2K")  # the last drawing is erased


def test_a_quiet_console_shows_nothing(terminal, opened, events):
    terminal.quiet = True
    with show_search(terminal, opened, SETTING) as show:
        show(events.started(opened, 0, 0, 1))
    assert terminal.text() == ""
