"""Standard error that cannot be written, and text that would drive a terminal."""

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hpsoft.system import streams
from hpsoft.system.streams import Drawing, Notes, harmless, send_nowhere


class Broken(io.RawIOBase):
    """A file that refuses, for a reason, and has a descriptor of its own."""

    def __init__(self, number, descriptor):
        self.error, self.descriptor = OSError(number, os.strerror(number)), descriptor

    def writable(self):
        return True

    def fileno(self):
        return self.descriptor

    def write(self, data):
        if self.error:
            raise self.error
        return len(data)


@pytest.fixture
def pipe():
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def _notes(raw):
    return Notes(io.BufferedWriter(raw), "utf-8", line_buffering=True, write_through=True)


@pytest.mark.parametrize("code", [*range(32), 127, *range(128, 160)])
def test_control_characters_become_codes_but_those_of_lines(code):
    text = f"a{chr(code)}b"
    assert harmless(text) == (text if chr(code) in "\t\n\r" else f"a\\x{code:02x}b")


def test_other_text_is_left_as_it_is():
    assert harmless("é 数字 [red] \\x1b \N{RIGHT-TO-LEFT MARK}") == (
        "é 数字 [red] \\x1b \N{RIGHT-TO-LEFT MARK}"
    )


def test_notes_are_harmless_and_drawings_are_not():
    kept = io.BytesIO()
    notes = Notes(kept, "utf-8", write_through=True)
    assert notes.write("\x1b[31mé\n") == len("\\x1b[31mé\n")
    drawing = Drawing(notes)
    drawing.write("\x1b[31mred\n")
    assert kept.getvalue().decode() == "\\x1b[31mé\n\x1b[31mred\n"
    assert (drawing.encoding, drawing.isatty()) == ("utf-8", False)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EPIPE, errno.EIO, errno.EBADF])
def test_what_cannot_be_written_is_dropped_for_good(number, pipe):
    """The descriptor goes nowhere from then on: for libraries in C and processes started later."""
    broken = Broken(number, pipe[1])
    notes = _notes(broken)
    notes.write("lost\n")
    notes.flush()
    os.write(pipe[1], b"lost as well")
    os.set_blocking(pipe[0], False)
    assert os.fstat(pipe[1]).st_rdev == Path(os.devnull).stat().st_rdev
    broken.error = None


def test_a_slow_reader_loses_one_text_only(pipe):
    broken = Broken(errno.EAGAIN, pipe[1])
    notes = _notes(broken)
    notes.write("lost\n")
    os.write(pipe[1], b"kept")
    assert os.read(pipe[0], 10) == b"kept"
    broken.error = None


def test_nowhere_takes_everything(pipe):
    send_nowhere(pipe[1])
    assert os.write(pipe[1], b"x" * 1_000_000) == 1_000_000


def test_what_is_lost_is_known_before_anything_is_written(pipe):
    assert streams._is_lost(pipe[0])  # for reading
    assert not streams._is_lost(pipe[1])
    with Path("/dev/full").open("wb") as full:
        assert streams._is_lost(full.fileno())
    reading, writing = os.pipe()
    os.close(reading)
    assert streams._is_lost(writing)
    os.close(writing)


INSTALL = """
import os, sys
from hpsoft.system import streams
streams.install()
streams.install()  # a second time changes nothing
assert all((sys.stdin, sys.stdout, sys.stderr))
assert [os.get_inheritable(n) for n in range(3)] == [True] * 3
print("\\x1b[31m", file=sys.stderr)
print(type(sys.stderr).__name__)
"""


@pytest.mark.parametrize("closed", ["", "2>&-", "0<&- 1>&- 2>&-"])
def test_install_opens_what_is_closed(closed):
    done = subprocess.run(
        f"{sys.executable} -c '{INSTALL}' {closed}",
        shell=True,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ("" if "1" in closed else "Notes\n")
    assert done.stderr == ("" if closed else "\\x1b[31m\n")


def test_a_replaced_standard_error_is_left_alone(monkeypatch):
    """A notebook, a test runner."""
    replaced = io.StringIO()
    monkeypatch.setattr(sys, "stderr", replaced)
    streams.install()
    assert sys.stderr is replaced
