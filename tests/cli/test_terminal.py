"""What a person sees: the screens of a real terminal while a search runs."""

import re
import signal

import pytest
from terminal import on_a_terminal

from hpsoft.study.study import trials

# Two blocks of 64 models: tasks of half a second or more, worth two processes.
SEARCH = (
    "search", "--data", "digits", "--cv", "none", "--study", "s", "--set", "batch_size=8,16",
    "--set", "learning_rate=0.05,0.1,0.15,0.2,0.25,0.3,0.35,0.4",
    "--set", "alpha=1e-07,1e-06,1e-05,0.0001,0.001,0.01,0.1,1",
)  # fmt: skip
LONG = (*SEARCH, "--set", "epochs=200,400,600")
RUNNING = re.compile(r"^  batch_size (8|16): epochs \d+ to \d+, 64 models, ", re.MULTILINE)
STATE = re.compile(r"^(\d+)/(\d,)?\d+ trials \S+ +(\d+)%$", re.MULTILINE)
ETA = re.compile(r"ETA (?:(\d+) min )?([\d.]+) s")


def states(shown):
    """Trials, per cent and screen, of every screen that has them."""
    found = ((STATE.search(screen), screen) for screen in shown.screens)
    return [(int(state[1]), int(state[3]), screen) for state, screen in found if state]


def seconds(screen):
    found = ETA.search(screen)
    return 60 * int(found[1] or 0) + float(found[2])


@pytest.mark.parametrize(("jobs", "width"), [pytest.param(1, 80, marks=pytest.mark.slow), (2, 60)])
def test_blocks_that_run_stay_visible_and_the_time_left_passes(folder, jobs, width):
    shown = on_a_terminal(*LONG, "--jobs", jobs, width=width)
    assert shown.code == 0
    assert "384/384 grid points" in shown.last
    assert "ETA" not in shown.last  # the display has left
    later = [screen for n, _, screen in states(shown) if 0 < n < 384]
    assert len(later) > 3
    visible = [len(RUNNING.findall(screen)) for screen in later]
    assert sum(n > 0 for n in visible) > 0.6 * len(later)
    assert max(visible) == jobs
    left = [seconds(screen) for screen in later]
    assert len(set(left)) > 3
    assert left[-1] < left[0]
    # Numbers are whole, wherever the line was broken.
    best = r"best 0\.\d+ \(alpha \S+, [^()]*batch_size \d+, epochs \d00, learning_rate 0\.\d+\)"
    assert all(re.search(best, " ".join(screen.split())) for screen in later)


def test_after_a_kill_the_percentage_counts_what_was_stored(folder):
    killed = on_a_terminal(
        *LONG, stop=lambda screen: re.search(r"^\d\d+/384", screen, re.MULTILINE),
        number=signal.SIGKILL,
    )  # fmt: skip
    assert killed.code == -signal.SIGKILL
    stored = len(trials(folder / "hpsoft.journal", "s"))
    assert 10 <= stored < 384
    resumed = on_a_terminal(*LONG)
    assert resumed.code == 0
    first, *_ = states(resumed)
    assert first[0] == stored
    assert first[1] >= round(100 * stored / 384)
    percents = [percent for _, percent, _ in states(resumed)]
    assert percents[-1] > percents[0]


def test_time_that_will_be_up_first_is_said(folder):
    horizons = ",".join(["1", *(str(100 * i) for i in range(1, 20))])
    shown = on_a_terminal(*SEARCH, "--set", f"epochs={horizons}", "--timeout", "4s", "--jobs", 1)
    assert shown.code == 0
    later = [screen for n, _, screen in states(shown) if n]
    assert any("time will be up first" in screen or "time is up" in screen for screen in later)
    assert "the time was up. The same command goes on." in " ".join(shown.last.split())


@pytest.mark.parametrize("width", [60, 80])
def test_the_result_breaks_no_number(folder, width):
    shown = on_a_terminal(*SEARCH, "--set", "epochs=1", width=width)
    assert shown.code == 0
    # The leaderboard's, which end in zeros too, and the winner's.
    assert len(re.findall(r"\b0\.\d{6}\b", shown.last)) == 11
