"""The standard streams as they may be: closed, full, without a reader; and what goes to terminals.

Imports nothing heavy: it is the first thing that a process does, workers as well.
"""

import io
import os
import select
import sys
from pathlib import Path
from typing import Any

STDERR = 2
_ALLOWED = "\t\n\r"  # of control characters; a progress bar goes back to the start of its line
_CODES = {
    code: f"\\x{code:02x}"
    for code in (*range(0x20), *range(0x7F, 0xA0))
    if chr(code) not in _ALLOWED
}


def harmless(text: str) -> str:
    """Return a text with codes for control characters: no file's content drives a terminal."""
    return text.translate(_CODES)


class Notes(io.TextIOWrapper):
    """Standard error: what is written is made harmless, and what cannot be written is dropped.

    No work ends, and no exit code changes, because nobody can be told of it.
    """

    def write(self, text: str) -> int:
        """Write a text of any origin."""
        return self.write_as_it_is(harmless(text))

    def write_as_it_is(self, text: str) -> int:
        """Write a text with colours."""
        try:
            return super().write(text)
        except OSError as error:
            self._drop(error)
            return len(text)

    def flush(self) -> None:
        """Send what is buffered."""
        try:
            super().flush()
        except OSError as error:
            self._drop(error)

    def _drop(self, error: OSError) -> None:
        if not isinstance(error, BlockingIOError):  # a slow reader takes the next text
            send_nowhere(self.fileno())


class Drawing:
    """The same stream, for what makes colours and moves the cursor."""

    def __init__(self, notes: Notes) -> None:
        """Take the stream."""
        self._notes = notes
        self.write = notes.write_as_it_is

    def __getattr__(self, name: str) -> Any:
        """Be like the stream in all else."""
        return getattr(self._notes, name)


def install() -> None:
    """Open what `>&-` closed, and make standard error one of the above."""
    _open_closed()
    if _is_lost(STDERR):  # libraries in C would fail where nothing of ours writes before them
        send_nowhere(STDERR)
    old = sys.stderr
    if isinstance(old, io.TextIOWrapper) and not isinstance(old, Notes):
        sys.stderr = Notes(
            old.buffer, old.encoding, "backslashreplace", line_buffering=True, write_through=True
        )


def _open_closed() -> None:
    """Open to nowhere what is closed: the next file to be opened would take its place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):  # descriptors 0, 1, 2
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open(mode)  # noqa: SIM115 -- until the process ends
            os.set_inheritable(nowhere.fileno(), True)
            setattr(sys, name, nowhere)
            setattr(sys, f"__{name}__", nowhere)  # keeps it open when `install` puts another above


def _is_lost(descriptor: int) -> bool:
    """Tell what can be told without writing: no reader, not open for writing, /dev/full."""
    try:
        os.write(descriptor, b"")
    except OSError:
        return True
    if not hasattr(select, "poll"):  # Windows
        return False
    poll = select.poll()
    poll.register(descriptor, 0)  # errors are always told
    return bool(poll.poll(0))


def send_nowhere(descriptor: int) -> None:
    """Let go of what is at the other end of a descriptor; all that follows is dropped."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
