"""When a display is drawn anew: in a file, on a terminal, and not at all."""

import threading

import pytest
from small_problem import make_setup

from hpsoft.report.live.search_live import show_search
from hpsoft.report.live.ticker import SECONDS_BETWEEN_LINES, Ticker

SETTING = make_setup()


def test_in_a_file_lines_are_rare(console, clock):
    ticker = Ticker(console, lambda: "drawing", lambda: f"at {clock.now:g}", clock)
    with ticker:
        for _ in range(40):
            clock.now += SECONDS_BETWEEN_LINES / 10
            ticker.tick()
    assert console.text().splitlines() == ["at 102", "at 107", "at 112", "at 117", "at 120"]


def test_in_a_file_lines_come_while_nothing_happens(console):
    """A block may take minutes; the first line must not."""
    printed = threading.Event()

    def line():
        printed.set()
        return "on the way"

    with Ticker(console, lambda: "drawing", line, delay=0.01, poll=0.01):
        assert printed.wait(10)
    assert console.text() == "on the way\n"


def test_short_work_prints_no_lines_in_a_file(console, clock):
    """The result is there at once, and says more."""
    with Ticker(console, lambda: "drawing", lambda: "line", clock) as ticker:
        clock.now += 1
        ticker.tick()
    assert console.text() == ""


def test_the_last_line_in_a_file_is_that_of_the_end(console, opened, events):
    with show_search(console, opened, SETTING, delay=0.0) as show:
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
