"""Standard error cannot be written: commands do their work, and their exit codes are right."""

import json
import os
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import warm
from fake_plugins import NOISY, SOUND, environment_of, install

TINY = (
    "search", "--data", "digits", "--cv", "none", "--set", "epochs=1", "--set", "batch_size=256",
)  # fmt: skip
LONG = ("--set", "epochs=1,2,3,4,5,100", "--jobs", "2")


@contextmanager
def _closed():
    yield warm.CLOSED


@contextmanager
def _full():
    with Path("/dev/full").open("wb") as full:
        yield full


@contextmanager
def _no_reader():
    reading, writing = os.pipe()
    os.close(reading)
    try:
        yield writing
    finally:
        os.close(writing)


@contextmanager
def _read_only():
    with Path(os.devnull).open("rb") as file:
        yield file


# No stream, and one whose writes fail; those of the slow two fail by other numbers of errors.
SLOW_WAYS = [pytest.param(way, marks=pytest.mark.slow) for way in (_full, _read_only)]
WAYS = [_closed, _no_reader, *SLOW_WAYS]


@contextmanager
def _started(way, folder, *args):
    """Start a command, which has the plugins that are installed in the folder."""
    with (
        way() as end,
        warm.start(
            *args, stdout=subprocess.PIPE, stderr=end, text=True, env=environment_of(folder),
            start_new_session=True,
        ) as process,
    ):  # fmt: skip
        yield process


def _run(way, folder, *args):
    with _started(way, folder, *args) as process:
        out, _ = process.communicate(timeout=120)
    return process.returncode, out


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (TINY, 0, "64/64 grid points"),
        (("final", "--study", "digits-sgd-grid"), 0, "Confusion matrix"),
        (("confirm", "--study", "digits-sgd-grid", "--top", "2", "--seeds", "2"), 0, "mean"),
        (("optimizers",), 0, "noisy, from x-noisy"),
        (("--help",), 0, "Usage"),
        (("search", "--data", "nonsense"), 2, ""),
        (("serch",), 2, ""),
        (("trials", "--study", "nonsense"), 2, ""),
        (("optimizers", "check", "idle"), 1, "checks failed"),
    ],
)
def test_the_work_is_done(way, args, code, told, folder, study):
    install(folder, "x-noisy", "noisy", NOISY)
    install(folder, "x-idle", "idle", SOUND + "    def step(self, *given): pass\n")
    if args is TINY:
        (folder / "hpsoft.journal").unlink()
    found, out = _run(way, folder, *args)
    assert found == code
    assert told in out


@pytest.mark.parametrize("way", WAYS)
def test_workers_and_a_plugin_that_prints_go_on(way, folder):
    install(folder, "x-noisy", "noisy", NOISY)
    few = ("--set", "epochs=1,2", "--set", "batch_size=16,32", "--set", "momentum=0.5,0.9")
    code, out = _run(
        way,
        folder,
        "search",
        "--data",
        "digits",
        "--optimizer",
        "noisy",
        *few,
        "--jobs",
        "2",
        "--json",
    )
    assert code == 0
    assert json.loads(out)["certificate"]["complete"]


@pytest.mark.parametrize("way", WAYS)
def test_ctrl_c_has_its_code(way, folder):
    with _started(way, folder, "search", "--data", "digits", *LONG) as process:
        journal = folder / "hpsoft.journal"
        deadline = time.monotonic() + 30
        while not (journal.exists() and journal.stat().st_size > 20_000):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        assert process.communicate(timeout=30)[0] == ""
    assert process.returncode == 130
