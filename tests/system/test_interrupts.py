"""Ctrl-C between two writes, never within one; not for children; told from a plugin's own."""

import signal
import subprocess
import sys
from threading import Thread

import pytest

from hpsoft.system.interrupts import blocked, noted, uninterrupted


def interrupted_write(log):
    with uninterrupted():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        log.append("written")
    log.append("after")


def test_an_interrupt_waits_for_the_end_of_the_write():
    log = []
    with pytest.raises(KeyboardInterrupt):
        interrupted_write(log)
    assert log == ["written"]


def test_afterwards_interrupts_are_as_before():
    before = signal.getsignal(signal.SIGINT)
    with uninterrupted():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_whoever_handles_interrupts_gets_it_once():
    """Also where that is not Python's KeyboardInterrupt."""
    caught, log = [], []
    before = signal.signal(signal.SIGINT, lambda *args: caught.append(args))
    try:
        interrupted_write(log)
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(caught) == 1
    assert log == ["written", "after"]


def test_errors_of_the_write_come_through():
    def write():
        with uninterrupted():
            raise OSError("disk full")

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(OSError, match="disk full"):
        write()
    assert signal.getsignal(signal.SIGINT) is before


def test_other_threads_have_no_signals_to_hold_back():
    log = []

    def write():
        with uninterrupted():
            log.append(signal.getsignal(signal.SIGINT))

    thread = Thread(target=write)
    thread.start()
    thread.join()
    assert log == [signal.getsignal(signal.SIGINT)]


def test_processes_started_while_it_is_blocked_have_it_blocked():
    """And this thread hears of it as before, of what came meanwhile as well."""
    code = "import signal; print(signal.pthread_sigmask(signal.SIG_BLOCK, []))"

    def start():
        with blocked():
            signal.raise_signal(signal.SIGINT)  # pending
            return subprocess.check_output([sys.executable, "-c", code], text=True)

    with pytest.raises(KeyboardInterrupt):
        start()
    with blocked():
        inherited = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert "SIGINT" in inherited
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_an_interrupt_is_noted_and_goes_on():
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def interrupted():
        with noted() as signals:
            seen.append(signals)
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert seen == [[signal.SIGINT]]
    assert signal.getsignal(signal.SIGINT) is before


def test_a_keyboard_interrupt_without_a_signal_is_not_noted():
    with noted() as signals, pytest.raises(KeyboardInterrupt):
        raise KeyboardInterrupt
    assert signals == []
