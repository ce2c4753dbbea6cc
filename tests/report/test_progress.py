"""The state of a search under way, and how it is shown."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from hpsoft.engine.plan import Plan
from hpsoft.report import live
from hpsoft.report.live import SECONDS_BETWEEN_LINES, Ticker
from hpsoft.report.search_live import drawing, first_line, line, show_search
from hpsoft.report.search_progress import SearchProgress
from hpsoft.search.run import Opened


@pytest.fixture
def progress(opened, clock):
    return SearchProgress(opened, 1e9, clock)


def test_nothing_is_known_at_first(progress):
    assert progress.eta() is None
    assert progress.fraction() == 0
    assert "ETA unknown yet" in line(progress)


def test_a_plan_without_work_is_done(clock):
    progress = SearchProgress(Opened("s", "x", 8, 8, Plan((), "epochs"), 1, None), 1e9, clock)
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
    progress = SearchProgress(replace(opened, n_workers=1), 1e9, clock)
    progress.take(events.stored(opened, 0, 0, 1, 4.0, 2))
    progress.take(events.started(opened, 0, 1, 2))
    before = progress.eta()
    clock.now += 2
    assert progress.eta() == pytest.approx(before - 2)
    clock.now += 100
    assert progress.eta() == pytest.approx(8)  # late: only the other block is left
    assert progress.fraction() == pytest.approx(8 / 16)


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


def test_the_first_line_says_what_is_to_be_done(opened):
    assert first_line(opened) == (
        "Study [s] in /x.journal: 8 to run = 4 models in 2 blocks on 2 cores."
    )


def test_the_first_line_says_why_there_is_one_core(opened):
    small = replace(opened, n_workers=1, n_cores=2)
    assert first_line(small).endswith("in 2 blocks on 1 core: too little work for more.")
    assert first_line(replace(opened, n_workers=1)).endswith("in 2 blocks on 1 core.")


def test_the_first_line_counts_what_is_there(opened):
    resumed = Opened("s", "/x", 16, 8, opened.plan, 1, None)
    assert "8 of 16 trials are there, 8 to run" in first_line(resumed)


@pytest.mark.parametrize(
    ("budget", "is_pruned", "text"),
    [
        (5, False, "5 to run of a grid of 8 on 2 cores. Inexact: not every point is tried."),
        (8, True, "8 to run of a grid of 8 on 2 cores. Inexact: points that look poor end early."),
        (5, True, "Inexact: not every point is tried, and points that look poor end early."),
        (8, False, "8 to run of a grid of 8 on 2 cores."),
    ],
)
def test_the_first_line_says_what_is_left_out(opened, budget, is_pruned, text):
    assert first_line(replace(opened, budget=budget, is_pruned=is_pruned)).endswith(text)


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
    with show_search(console, opened, 1e9) as show:
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
    with show_search(terminal, opened, 1e9) as show:
        show(events.started(opened, 0, 0, 1))
        show(events.stored(opened, 0, 0, 1, 4.0, 2))
    assert "2/8 trials" in terminal.text()
    assert terminal.text().endswith("\x1b[2K")  # the last drawing is erased


def test_a_quiet_console_shows_nothing(terminal, opened, events):
    terminal.quiet = True
    with show_search(terminal, opened, 1e9) as show:
        show(events.started(opened, 0, 0, 1))
    assert terminal.text() == ""
