"""Commands of hpsoft in processes of their own that begin warm: a tenth of a second, not a whole.

`start` and `run` are `subprocess.Popen` and `subprocess.run` of `python -m hpsoft`, as far as
tests need them: children of a server (tests/warm_server.py) that has imported the libraries, but
not hpsoft. What is about the start of a process itself belongs to tests/real_process.py.
"""

import atexit
import contextlib
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

CLOSED = object()  # instead of a stream
SERVER = Path(__file__).with_name("warm_server.py")
PATIENCE_S = 120


@functools.cache
def _server():
    """Start the server of this process; it ends with it, by its closed socket."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with theirs:
        server = subprocess.Popen(
            [sys.executable, SERVER, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env=kept,
        )
    server.returncode = 0  # nobody waits for it
    atexit.register(ours.close)
    return ours


class Process:
    """A command that runs: what tests use of `subprocess.Popen`."""

    def __init__(
        self, arguments, *, stdin, stdout, stderr, text, cwd, env, start_new_session, ignored, code
    ):
        """Have the server fork for it."""
        self.args, self.returncode = arguments, None
        streams = (stdin, stdout, stderr)
        request = {
            "code": code,
            "arguments": [str(argument) for argument in arguments],
            "folder": str(cwd or Path.cwd()),
            "environment": dict(os.environ if env is None else env),
            "new_session": start_new_session,
            "closed": [number for number, stream in enumerate(streams) if stream is CLOSED],
            "ignored": [*ignored, *filter(_is_ignored, signal.valid_signals())],
        }
        self._told, theirs = socket.socketpair()
        with contextlib.ExitStack() as opened, theirs:
            self.stdout, out = _ends(stdout, 1, text, opened)
            self.stderr, err = _ends(stderr, 2, text, opened)
            self.stdin, into = _ends(stdin, 0, text, opened)
            ends = [into, out, err, theirs.fileno()]
            socket.send_fds(_server(), [json.dumps(request).encode()], ends)
        self.pid = int(self._told.recv(20))

    def poll(self):
        """Return the exit code, once it has ended."""
        return self._ended_within(0)

    def wait(self, timeout=None):
        """Return the exit code.

        Raises:
            subprocess.TimeoutExpired: it runs on.
        """
        if self._ended_within(timeout) is None:
            raise subprocess.TimeoutExpired(self.args, timeout)
        return self.returncode

    def _ended_within(self, timeout):
        if self.returncode is None and select.select([self._told], [], [], timeout)[0]:
            self.returncode = os.waitstatus_to_exitcode(int(self._told.recv(20)))
            self._told.close()
        return self.returncode

    def communicate(self, timeout=None):
        """Return what it writes from now on until it ends.

        Raises:
            subprocess.TimeoutExpired: it runs on.
        """
        if self.stdin is not None:
            self.stdin.close()
        streams = [stream for stream in (self.stdout, self.stderr) if stream is not None]
        with ThreadPoolExecutor(2) as readers:
            reading = {stream: readers.submit(stream.read) for stream in streams}
            if wait(reading.values(), timeout).not_done:
                self.kill()
                raise subprocess.TimeoutExpired(self.args, timeout)
        for stream in streams:
            stream.close()
        self.wait(timeout)
        return tuple(
            None if stream is None else reading[stream].result()
            for stream in (self.stdout, self.stderr)
        )

    def send_signal(self, number):
        """Send it a signal, where it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self):
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self):
        """End it."""
        self.send_signal(signal.SIGKILL)

    def __enter__(self):
        """Return it."""
        return self

    def __exit__(self, *_):
        """Close its streams, and wait for its end."""
        for stream in (self.stdin, self.stdout, self.stderr):
            if stream is not None:
                stream.close()
        self.wait()


def _is_ignored(number):
    return signal.getsignal(number) is signal.SIG_IGN


def _ends(stream, number, text, opened):
    """Return our end of a stream, if there is one, and the descriptor that the command gets."""
    if stream == subprocess.PIPE:
        reading, writing = os.pipe()
        ours, theirs = (writing, reading) if number == 0 else (reading, writing)
        opened.callback(os.close, theirs)
        mode = "w" if number == 0 else "r"
        return os.fdopen(ours, mode if text else f"{mode}b"), theirs
    if stream is None:
        return None, number
    if stream is CLOSED or stream == subprocess.DEVNULL:
        return None, opened.enter_context(Path(os.devnull).open("r+b")).fileno()
    return None, stream if isinstance(stream, int) else stream.fileno()


def start(*arguments, **how):
    """Start `hpsoft` with these arguments; streams and the rest as of `subprocess.Popen`.

    Signals that are `ignored`, or are in this process, are ignored in the new one as well.
    With `code` that is run instead of the command, as by `python -c`.
    """
    plain = dict.fromkeys(("stdin", "stdout", "stderr", "cwd", "env", "code"))
    return Process(
        arguments, **{**plain, "text": False, "start_new_session": False, "ignored": (), **how}
    )


def run(*arguments, timeout=PATIENCE_S, text=True, **how):
    """Run `hpsoft` to its end, and return what it wrote and its exit code."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with start(*arguments, text=text, **{**streams, **how}) as process:
        out, err = process.communicate(timeout)
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)
