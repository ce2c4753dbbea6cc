"""Real processes: exit codes, pipes, terminals and signals, as a shell sees them."""

import fcntl
import json
import os
import pty
import re
import shlex
import signal
import struct
import subprocess
import sys
import sysconfig
import termios
import time
from pathlib import Path

import pytest

from hpsoft.study.study import trials

HPSOFT = (sys.executable, "-m", "hpsoft")
SCRIPT = Path(sysconfig.get_path("scripts"), "hpsoft")
TINY = ("search", "--data", "digits", "--set", "epochs=1", "--set", "batch_size=256")
# Half a second of work or more, in snapshots a few milliseconds apart.
LONG = ("search", "--data", "digits", "--set", "batch_size=8,16", "--jobs", "1")


def _environment(**extra):
    kept = {k: v for k, v in os.environ.items() if k not in {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}}
    return {**kept, "TERM": "xterm-256color", **extra}


def _run(*args, **options):
    return subprocess.run(
        [*HPSOFT, *args],
        check=False,
        capture_output=True,
        text=True,
        env=_environment(),
        timeout=60,
        **options,
    )


def test_the_script_and_the_module_are_the_same_command():
    script = subprocess.run([SCRIPT, "--version"], capture_output=True, text=True, check=True)
    assert script.stdout == _run("--version").stdout
    assert re.fullmatch(r"hpsoft \d+\.\d+\.\d+\S*\n", script.stdout)


def test_help_imports_no_numerics():
    code = (
        "import sys; from hpsoft.cli.app import app\n"
        "print({m.partition('.')[0] for m in sys.modules} & {'numpy', 'optuna', 'rich', 'scipy'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize("to", [os.kill, os.killpg], ids=["process", "group"])
def test_ctrl_c_ends_regret_and_its_queue(study, to):
    """Thousands of replays are waiting: none of them is run any more; those that ended count."""
    command = [*HPSOFT, "regret", "--study", study, "--trials", "4,2", "--seeds", "5000"]
    with subprocess.Popen(
        [*command, "--jobs", "2", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(),
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


def test_json_passes_a_strict_reader(study):
    command = shlex.join([*HPSOFT, *TINY, "--study", "t", "--json"])
    reader = shlex.join([sys.executable, "-m", "json.tool"])
    done = subprocess.run(
        f"{command} 2>/dev/null | {reader}", shell=True, check=True, capture_output=True, text=True
    )
    assert json.loads(done.stdout)["n_grid"] == 64


def test_errors_have_code_2_and_no_traceback():
    done = _run("search", "--data", "nonsense")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: No data set 'nonsense'")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "command",
    [
        ("trials",),
        ("export",),
        ("trials", "--json"),
        ("studies",),
        ("--help",),
        ("search", "--help"),
    ],
)
def test_a_reader_that_has_gone_is_no_error(command, study):
    process = subprocess.Popen(
        [*HPSOFT, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment()
    )
    process.stdout.close()
    err = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(30) == 141
    assert "Traceback" not in err
    assert "Broken" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_under_the_output(study):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*HPSOFT, "trials"],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=_environment(),
        )
    assert done.returncode == 2
    assert "Cannot write the output: no space left" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("option", ["--help", "--version"])
def test_a_full_disk_under_the_help(option):
    command = shlex.join([*HPSOFT, option])
    done = subprocess.run(
        f"{command} >/dev/full", shell=True, check=False, stderr=subprocess.PIPE, text=True
    )
    assert done.returncode == 2
    assert done.stderr == "Error: Cannot write the output: no space left on device.\n"


def test_a_terminal_that_lacks_letters_shows_codes(folder):
    rows = [f"{i % 7},{i % 5},{'aé'[i % 2]}" for i in range(60)]
    (folder / "d.csv").write_text("\n".join(["a,b,y", *rows]), encoding="utf-8")
    done = subprocess.run(
        [*HPSOFT, "data", "info", "d.csv"], check=True, capture_output=True,
        env=_environment(PYTHONIOENCODING="ascii", PYTHONUTF8="0"),
    )  # fmt: skip
    assert b"\\xe9" in done.stdout


def _start(*args, **options):
    return subprocess.Popen(
        [*HPSOFT, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=_environment(), start_new_session=True, **options,
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
    resumed = json.loads(_run(*LONG, "--json").stdout)
    assert resumed["certificate"]["complete"]
    assert resumed["n_run"] == 1024 - stored
    fresh = json.loads(_run(*LONG, "--json", "--storage", "fresh.journal").stdout)
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
    fifo = folder / "x.csv"
    os.mkfifo(fifo)
    process = _start("search", "--data", str(fifo))
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


@pytest.mark.parametrize("delay", [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0])
def test_an_interrupt_at_any_time_of_the_start(delay):
    """Whatever is being imported then."""
    horizon = "epochs=1,2,3,4,5,300"
    process = subprocess.Popen(
        [sys.executable, "-c", BEGUN, "search", "--data", "digits", "--set", horizon],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment(),
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
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_TRAINING, "final", "--study", study],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment(),
        start_new_session=True,
    )  # fmt: skip
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


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["optimizers show sgd", "presets"])
def test_closed_streams_are_no_error(command, closed):
    line = f"{shlex.join(HPSOFT)} {command} {closed}"
    done = subprocess.run(
        line, shell=True, check=False, capture_output=True, text=True, env=_environment()
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(done.stdout) == (">&-" not in closed.split())


def _on_a_terminal(*args, **extra):
    """Run a command with standard error on a terminal of 80 columns; return code, out, shown."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        [*HPSOFT, *args], stdout=subprocess.PIPE, stderr=theirs, stdin=theirs, text=True,
        env=_environment(**extra),
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:  # Linux says so when the other end has closed
        pass
    os.close(ours)
    out, _ = process.communicate(timeout=60)
    return process.returncode, out, shown.decode()


def test_the_live_display_of_a_search():
    code, out, shown = _on_a_terminal(*LONG, "--dtype", "float64")  # twice as long: some drawings
    assert code == 0
    assert "1024/1024 grid points" in out
    assert re.search(r"\d/1,024 trials", shown)
    assert "GFLOP/s" in shown
    assert "ETA" in shown
    assert "\x1b[?25h" in shown  # the cursor is back
    assert re.search(r"batch_size (8|16): epochs", shown)  # whichever ran when it was drawn


def test_no_color_is_respected():
    _, _, shown = _on_a_terminal(*TINY, NO_COLOR="1")
    assert "\x1b[33m" not in shown
    assert "\x1b[1;33m" not in shown
    assert "Warning: " in shown


def test_the_live_display_of_final(study):
    code, out, shown = _on_a_terminal("final", "--study", study)
    assert code == 0
    assert "Confusion matrix" in out
    assert "Training on training + validation data" in shown


def test_json_on_a_terminal_stays_one_document():
    code, out, shown = _on_a_terminal(*TINY, "--json")
    assert code == 0
    assert json.loads(out)["n_run"] == 64
    assert "Study digits-sgd-grid" in shown
