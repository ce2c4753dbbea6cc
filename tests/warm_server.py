"""A process that has imported hpsoft and its libraries, and forks for each command.

`python warm_server.py SOCKET` reads requests of tests/warm.py. A child is a process of its own,
with its own streams, folder, environment and signals, in which `python -m hpsoft` runs as in a new
one, but for what is imported: most of the time of a command that does little.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import sys
import threading

import hpsoft

# What hpsoft imports late.
LIBRARIES = ("optuna.storages.journal", "sqlalchemy.dialects.sqlite", "sklearn.datasets")
LONGEST = 1 << 20  # bytes of a request


def serve(requests: socket.socket) -> dict | None:
    """Fork for each request; return it in the child, and nothing once the requests have ended.

    A request comes with the ends of three streams and of a socket that is told the exit status.
    """
    waiting = {}
    poller = select.poll()
    poller.register(requests, select.POLLIN)
    while True:
        for ready, _ in poller.poll():
            if ready != requests.fileno():
                poller.unregister(ready)
                pid, told = waiting.pop(ready)
                os.close(ready)
                with told, contextlib.suppress(BrokenPipeError):
                    told.sendall(b" %d" % os.waitpid(pid, 0)[1])
                continue
            text, ends, _, _ = socket.recv_fds(requests, LONGEST, 4)
            if not text:
                return None
            pid = os.fork()
            if pid == 0:
                for _, told in waiting.values():
                    told.close()
                requests.close()
                return {**json.loads(text), "ends": ends}
            told = socket.socket(fileno=ends.pop())
            told.sendall(b"%d" % pid)
            for end in ends:
                os.close(end)
            ended = os.pidfd_open(pid)
            waiting[ended] = pid, told
            poller.register(ended, select.POLLIN)


def become(request: dict) -> None:
    """Make of this child what a shell would have started."""
    *ends, told = request["ends"]
    os.close(told)
    if request["new_session"]:
        os.setsid()
    for end, stream in zip(ends, (0, 1, 2), strict=True):
        os.dup2(end, stream)
        os.close(end)
    for stream in request["closed"]:
        os.close(stream)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["-c" if request["code"] else "hpsoft", *request["arguments"]]
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    sys.path[:0] = [request["folder"], *paths]
    importlib.invalidate_caches()
    for name in request["ignored"]:
        signal.signal(name, signal.SIG_IGN)
    _open_streams()


def _open_streams() -> None:
    encoding, _, errors = os.environ.get("PYTHONIOENCODING", "utf-8").partition(":")
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        how = {"encoding": encoding, "errors": errors or None, "closefd": False}
        if name == "stderr":
            how |= {"errors": "backslashreplace", "buffering": 1}
        try:
            stream = open(number, mode, **how)  # noqa: PTH123, SIM115
        except OSError:  # closed, as in a new process
            stream = None
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _leave(code: object) -> None:
    """End as the interpreter does, but for taking apart the thousand modules of its parent."""
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    for library in LIBRARIES:
        importlib.import_module(library)
    for module in pkgutil.walk_packages(hpsoft.__path__, "hpsoft."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    del sys.path[0]
    gc.freeze()  # a collection in a child would copy all of these pages
    request = serve(socket.socket(fileno=int(sys.argv[1])))
    if request is not None:
        become(request)
        try:
            if request["code"] is None:
                runpy._run_module_as_main("hpsoft")
            else:
                del __file__  # `python -c` has none for worker processes to import
                exec(request["code"])
            _leave(0)
        except SystemExit as ended:
            _leave(ended.code)
