"""Real processes: exit codes, pipes, terminals and signals, as a shell sees them."""

import fcntl
import json
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import sysconfig
import termios
from pathlib import Path

import pytest
from real_process import HPSOFT, LONG, environment, run_hpsoft

SCRIPT = Path(sysconfig.get_path("scripts"), "hpsoft")
TINY = (
    "search", "--data", "digits", "--cv", "none", "--set", "epochs=1", "--set", "batch_size=256",
)  # fmt: skip


def test_the_script_and_the_module_are_the_same_command():
    script = subprocess.run([SCRIPT, "--version"], capture_output=True, text=True, check=True)
    assert script.stdout == run_hpsoft("--version").stdout
    assert re.fullmatch(r"hpsoft \d+\.\d+\.\d+\S*\n", script.stdout)


def test_help_imports_no_numerics():
    code = (
        "import sys; from hpsoft.cli.app import app\n"
        "print({m.partition('.')[0] for m in sys.modules} & {'numpy', 'optuna', 'rich', 'scipy'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_json_passes_a_strict_reader(study):
    command = shlex.join([*HPSOFT, *TINY, "--study", "t", "--json"])
    reader = shlex.join([sys.executable, "-m", "json.tool"])
    done = subprocess.run(
        f"{command} 2>/dev/null | {reader}", shell=True, check=True, capture_output=True, text=True
    )
    assert json.loads(done.stdout)["n_grid"] == 64


def test_errors_have_code_2_and_no_traceback():
    done = run_hpsoft("search", "--data", "nonsense")
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
        [*HPSOFT, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
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
            env=environment(),
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
        env=environment(PYTHONIOENCODING="ascii", PYTHONUTF8="0"),
    )  # fmt: skip
    assert b"\\xe9" in done.stdout


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["optimizers show sgd", "presets"])
def test_closed_streams_are_no_error(command, closed):
    line = f"{shlex.join(HPSOFT)} {command} {closed}"
    done = subprocess.run(
        line, shell=True, check=False, capture_output=True, text=True, env=environment()
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(done.stdout) == (">&-" not in closed.split())


def _on_a_terminal(*args, **extra):
    """Run a command with standard error on a terminal of 80 columns; return code, out, shown."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        [*HPSOFT, *args], stdout=subprocess.PIPE, stderr=theirs, stdin=theirs, text=True,
        env=environment(**extra),
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
