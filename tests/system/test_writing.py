"""Ctrl-C between two writes, never within one."""

import signal
from threading import Thread

import pytest

from hpsoft.system.writing import uninterrupted


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
