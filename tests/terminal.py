"""Commands on a real pseudo-terminal, and what its screen showed."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from dataclasses import dataclass, field

import pyte
import warm

HEIGHT = 70
PATIENCE_S = 120


@dataclass
class Shown:
    """The screens of a command, without repetitions, and how it ended."""

    screens: list[str] = field(default_factory=list)
    code: int | None = None

    @property
    def last(self) -> str:
        """What is left on the screen."""
        return self.screens[-1]


def on_a_terminal(*args, width=80, stop=lambda screen: False, number=signal.SIGINT, **extra):
    """Run `hpsoft` with all streams on a terminal; send a signal once `stop` says so of a
    screen.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, width, 0, 0))
    kept = {k: v for k, v in os.environ.items() if k not in {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}}
    process = warm.start(
        *args, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env={**kept, "TERM": "xterm-256color", **extra},
    )  # fmt: skip
    os.close(theirs)
    shown = Shown()
    try:
        for screen in _screens(ours, width):
            if screen not in shown.screens[-1:]:
                shown.screens.append(screen)
            if stop(screen) and process.poll() is None:
                os.killpg(process.pid, number)
                stop = lambda screen: False  # noqa: E731
    finally:
        os.close(ours)
        shown.code = process.wait(PATIENCE_S)
    return shown


def _screens(terminal, width):
    screen = pyte.Screen(width, HEIGHT)
    stream = pyte.ByteStream(screen)
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.05)[0]:
            continue
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # Linux says so when the other end has closed
            return
        stream.feed(chunk)
        yield "\n".join(line.rstrip() for line in screen.display).strip("\n")
    raise AssertionError("the command does not end")
