"""Ctrl-C at any time of a command, in real processes."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest
import warm
from real_process import HPSOFT, LONG, environment, run_hpsoft

from hpsoft.study.study import trials


@pytest.mark.parametrize("to", [os.kill, os.killpg], ids=["process", "group"])
def test_ctrl_c_ends_regret_and_its_queue(study, to):
    """Thousands of replays are waiting: none of them is run any more; those that ended count."""
    command = [*HPSOFT, "regret", "--study", study, "--trials", "4,2", "--seeds", "5000"]
    with subprocess.Popen(
        [*command, "--jobs", "2", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    ) as process:
        told = process.stderr.readline()
        assert re.match(r"10,000 replays on 2 cores: about [\d.]+ \w+", told)
        assert "Ctrl-C ends them and reports those that have ended." in told
        assert re.match(r"[\d,]+/10,000 replays, ETA \d", process.stderr.readline())
        began = time.monotonic()
        to(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert time.monotonic() - began < 5
    assert process.returncode == 130
    document = json.loads(out)
    assert document["interrupted"]
    seeds = [method["seeds"] for method in document["methods"]]
    assert 0 < min(seeds) <= max(seeds) < document["seeds_wanted"] == 5000
    assert max(seeds) - min(seeds) <= 2  # seed by seed, so both methods have their share
    assert re.match(
        rf"Error: Interrupted: {sum(seeds):,} of 10,000 replays ", err.splitlines()[-1]
    )


def _start(*args, **options):
    return warm.start(
        *args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment(), start_new_session=True, **options,
    )  # fmt: skip


def _interrupt_when(process, ready):
    """Press Ctrl-C as a terminal does: the whole group of processes gets it."""
    deadline = time.monotonic() + 30
    while not ready() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


def _has_trials(path):
    return lambda: path.exists() and path.stat().st_size > 20_000


def test_an_interrupted_search_is_continued_to_the_same_trials(folder):
    code, out, err = _interrupt_when(_start(*LONG), _has_trials(folder / "hpsoft.journal"))
    assert (code, out) == (130, "")
    told = int(re.search(r"Interrupted\. At least ([\d,]+) of 1,024 trials are stored", err)[1])
    assert "the same command again continues the search" in err
    assert "Traceback" not in err
    stored = len(trials(folder / "hpsoft.journal", "digits-sgd-grid"))
    assert told <= stored
    assert 0 < stored < 1024
    resumed = json.loads(run_hpsoft(*LONG, "--json").stdout)
    assert resumed["certificate"]["complete"]
    assert resumed["n_run"] == 1024 - stored
    fresh = json.loads(run_hpsoft(*LONG, "--json", "--storage", "fresh.journal").stdout)
    found = {_key(trial): trial["value"] for trial in resumed["leaderboard"]}
    wanted = {_key(trial): trial["value"] for trial in fresh["leaderboard"]}
    assert found == pytest.approx(wanted, rel=1e-4)


def _key(trial):
    return tuple(sorted(trial["params"].items()))


def test_an_interrupt_ends_worker_processes(folder):
    horizon = "epochs=1,2,3,4,5,100"  # worth two processes
    process = _start("search", "--data", "digits", "--set", horizon, "--jobs", "2")
    code, _, err = _interrupt_when(process, _has_trials(folder / "hpsoft.journal"))
    assert code == 130
    assert "trials are stored" in err
    assert "Traceback" not in err
    assert _has_ended(process.pid)


def _has_ended(group):
    """Wait for a group of processes: a helper of multiprocessing ends just after the command."""
    for _ in range(1000):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


def test_an_interrupt_before_the_search(folder):
    fifo = folder / "space.toml"
    os.mkfifo(fifo)
    process = _start("search", "--data", "digits", "--space", str(fifo))
    end = os.open(fifo, os.O_WRONLY)  # returns when the command reads
    code, out, err = _interrupt_when(process, lambda: True)
    os.close(end)
    assert (code, out) == (130, "")
    assert "Interrupted." in err
    assert "Traceback" not in err


BEGUN = """
import os, sys
from hpsoft.system import interrupts
begin = interrupts.install
interrupts.install = lambda: (begin(), os.write(1, b"begun\\n"))
from hpsoft.__main__ import main
main()
"""


@pytest.mark.parametrize("delay", [0, 0.05, 0.2, 0.4, 0.7])
def test_an_interrupt_at_any_time_of_the_start(delay):
    """Whatever is being imported then."""
    horizon = "epochs=1,2,3,4,5,300"
    process = subprocess.Popen(
        [sys.executable, "-c", BEGUN, "search", "--data", "digits", "--set", horizon],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout.readline() == "begun\n"
    time.sleep(delay)
    code, out, err = _interrupt_when(process, lambda: True)
    assert (code, out) == (130, "")
    assert "Interrupted." in err.splitlines()[-1]
    assert "Traceback" not in err
    assert "ignored" not in err


SLOW_TRAINING = """
import os, time
from hpsoft.__main__ import main
from hpsoft.engine import train

class Slow:
    def __init__(self, training):
        self.init, self.train = training.init, training.epoch
    def epoch(self, problem, models, state, index):
        if index == 1:
            os.write(1, b"training\\n")
            time.sleep(30)
        return self.train(problem, models, state, index)

adapter = train.as_epoch_optimizer
train.as_epoch_optimizer = lambda *given: Slow(adapter(*given))
main()
"""


def test_an_interrupt_of_the_final_training(study):
    process = _start("final", "--study", study, code=SLOW_TRAINING)
    assert process.stdout.readline() == "training\n"
    code, out, err = _interrupt_when(process, lambda: True)
    assert (code, out) == (130, "")
    assert err.splitlines()[-1] == "Error: Interrupted."
    assert "Traceback" not in err


def test_an_ignored_interrupt_stays_ignored():
    """So starts a shell what a script puts into the background."""
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from hpsoft.system import interrupts; interrupts.install()\n"
        "signal.raise_signal(signal.SIGINT); print('goes on')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "goes on\n"
