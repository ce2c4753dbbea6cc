"""What a signal ends is put away first, and the signal still ends it."""

import signal
import subprocess
import sys
from threading import Thread

import pytest

from hpsoft.system.endings import ENDING, put_away

DIES = """
import signal, sys
from hpsoft.system.endings import put_away
number = int(sys.argv[1])
with put_away(lambda: print("put away", flush=True)):
    signal.raise_signal(number)
print("goes on")
"""


@pytest.fixture(autouse=True)
def defaults():
    """Begin as a program does: some of these may be taken by what runs the tests."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in ENDING}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", ENDING)
def test_the_signal_ends_the_process_after_it_was_put_away(number):
    done = subprocess.run(
        [sys.executable, "-c", DIES, str(int(number))], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (-number, "put away\n", "")


def test_ignored_signals_stay_ignored():
    """So starts `nohup` a program."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with put_away(lambda: pytest.fail("put away")):
        signal.raise_signal(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_everything_is_as_before_afterwards():
    with put_away(lambda: None):
        assert all(callable(signal.getsignal(number)) for number in ENDING)
    assert all(signal.getsignal(number) is signal.SIG_DFL for number in ENDING)


def test_other_threads_have_no_signals():
    ran = []

    def work():
        with put_away(lambda: None):
            ran.append(signal.getsignal(signal.SIGTERM))

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert ran == [signal.SIG_DFL]
