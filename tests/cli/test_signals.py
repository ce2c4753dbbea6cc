"""Signals that end a search leave neither its worker processes nor their folder behind."""

import os
import signal
import subprocess
import time

import pytest
import warm

# Worth two processes for minutes; the first trials are stored within a second.
COMMAND = ("search", "--data", "digits", "--jobs", "2", "--set", "epochs=1,2,3,4,5,2000")


@pytest.fixture
def temporary(folder):
    path = folder / "tmp"
    path.mkdir()
    return path


def _start(temporary, **options):
    return warm.start(
        *COMMAND,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
        start_new_session=True,
        **options,
    )


def _until(condition, seconds=30.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def _is_empty(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def _at_work(folder, temporary):
    journal = folder / "hpsoft.journal"
    return lambda: journal.exists() and journal.stat().st_size > 20_000


def _starting(folder, temporary):
    """The folder is there, the workers perhaps; Python's own file that tries `TMPDIR` is none."""
    return lambda: any(temporary.glob("hpsoft-workers-*"))


@pytest.mark.parametrize("when", [_starting, _at_work])
@pytest.mark.parametrize(
    ("number", "to"),
    [
        (signal.SIGHUP, os.killpg),  # the terminal was closed
        (signal.SIGTERM, os.killpg),  # the machine is shut down
        (signal.SIGTERM, os.kill),
        # The same handler: three seconds each.
        pytest.param(signal.SIGHUP, os.kill, marks=pytest.mark.slow),
        pytest.param(signal.SIGQUIT, os.killpg, marks=pytest.mark.slow),  # Ctrl-\
        pytest.param(signal.SIGQUIT, os.kill, marks=pytest.mark.slow),
    ],
)
def test_a_signal_leaves_nothing_behind(folder, temporary, number, to, when):
    process = _start(temporary)
    _until(when(folder, temporary))
    to(process.pid, number)
    process.communicate(timeout=30)
    assert process.returncode == -number
    _until(lambda: _is_empty(process.pid))
    assert list(temporary.iterdir()) == []


def test_kill_leaves_nothing_behind(folder, temporary):
    """No handler runs: the workers see to it."""
    process = _start(temporary)
    _until(_at_work(folder, temporary))
    process.kill()
    process.communicate(timeout=30)
    _until(lambda: _is_empty(process.pid))
    assert list(temporary.iterdir()) == []


def test_a_second_interrupt_leaves_nothing_behind(folder, temporary):
    """It does not wait for the end of what the first one began."""
    process = _start(temporary)
    _until(_at_work(folder, temporary))
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    _until(lambda: _is_empty(process.pid))
    assert list(temporary.iterdir()) == []


def test_nohup_is_respected(folder, temporary):
    process = _start(temporary, ignored=[signal.SIGHUP])
    _until(_at_work(folder, temporary))
    os.killpg(process.pid, signal.SIGHUP)
    size = (folder / "hpsoft.journal").stat().st_size
    _until(lambda: (folder / "hpsoft.journal").stat().st_size > size)
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate(timeout=30)
