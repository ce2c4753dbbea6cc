"""What optimizers say of themselves; third parties are asked in a process of their own.

An import may hang, end the process, or crash it. One process tries all plugins, one after the
other; after one that it does not survive another process goes on with the next.
"""

import contextlib
import json
import math
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from importlib.metadata import EntryPoint
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeAlias

from hpsoft.errors import OptimizerError
from hpsoft.optimizers import registry
from hpsoft.optimizers.protocol import Hyperparameter
from hpsoft.system import interrupts, streams
from hpsoft.system.spawning import SpawnWithoutMain

SECONDS = "HPSOFT_PLUGIN_SECONDS"  # environment variable: how long an import may take
USUAL_SECONDS = 20.0
START_S = 60.0  # for the process itself, on the slowest of machines
END_S = 1.0
_KINDS: Mapping[str, type[int] | type[float]] = {"int": int, "float": float}
_READY = b"ready"

Plugin: TypeAlias = tuple[str, str, str]  # name, what to import, distribution


@dataclass(frozen=True)
class Description:
    """An optimizer in its own words, or why it cannot be used."""

    summary: str = ""
    hyperparameters: tuple[Hyperparameter, ...] = ()
    error: str | None = None


def describe(point: EntryPoint, whose: str | None = None) -> Description:
    """Load an optimizer, of the distribution `whose`, in this process and ask it."""
    try:
        optimizer = registry.instance(point, whose or registry.origin(point))
        doc = type(optimizer).__doc__
        summary = doc.strip().partition("\n")[0] if isinstance(doc, str) else ""
        return Description(summary, optimizer.hyperparameters)
    except OptimizerError as error:
        return Description(error=str(error))
    except (Exception, SystemExit) as error:  # noqa: BLE001 -- of a plugin's own code, looked at
        return Description(error=f"It cannot be described: {type(error).__name__}.")


def check(name: str) -> None:
    """Import a third party's optimizer in a process of its own first: it may hang, or end that.

    Raises:
        OptimizerError: it does; what else is wrong with it, loading it here says.
    """
    points = registry.installed().get(name, [])
    if multiprocessing.current_process().daemon:  # it may start no process
        return
    if len(points) == 1 and not registry.is_builtin(points[0]):
        (found,) = describe_all({name: points})
        if found.error:
            raise OptimizerError(found.error)


def describe_all(installed: Mapping[str, Sequence[EntryPoint]]) -> list[Description]:
    """Ask all optimizers, given by name; third parties elsewhere, those of one name not at all.

    Raises:
        OptimizerError: HPSOFT_PLUGIN_SECONDS is no time.
    """
    seconds = _seconds()
    found: dict[str, Description] = {}
    elsewhere: list[EntryPoint] = []
    for name, points in installed.items():
        if len(points) > 1:
            found[name] = Description(error=registry.clash(points))
        elif registry.is_builtin(points[0]):
            found[name] = describe(points[0])
        else:
            elsewhere.append(points[0])
    while elsewhere:
        told = _ask_elsewhere(elsewhere, seconds)
        found |= {point.name: each for point, each in zip(elsewhere, told, strict=False)}
        elsewhere = elsewhere[len(told) :]
    return [found[name] for name, points in installed.items() for _ in points]


def _seconds() -> float:
    given = os.environ.get(SECONDS) or str(USUAL_SECONDS)
    with contextlib.suppress(ValueError):
        if 0 < float(given) < math.inf:
            return float(given)
    raise OptimizerError(f"{SECONDS} is a number of seconds, not {given!r}.")


def _ask_elsewhere(points: Sequence[EntryPoint], seconds: float) -> list[Description]:
    """Start one process and ask until one of the plugins ends it, or takes too long."""
    context = SpawnWithoutMain()
    reading, writing = context.Pipe(duplex=False)
    plugins = [(point.name, point.value, registry.origin(point)) for point in points]
    process = context.Process(target=_answer, args=(plugins, writing, seconds))
    with interrupts.blocked():  # until it is ready to end without a word
        process.start()
    writing.close()
    try:
        with reading:
            with contextlib.suppress(EOFError, OSError):  # `_listen` finds it ended
                if reading.poll(START_S):
                    reading.recv_bytes()
            return _listen(reading, plugins, process, seconds)
    finally:
        process.kill()
        process.join()


def _listen(
    reading: Connection, plugins: Sequence[Plugin], process: BaseProcess, seconds: float
) -> list[Description]:
    """Return the answers, the last of them where the process gives none."""
    found: list[Description] = []
    for name, _, whose in plugins:
        try:
            if reading.poll(seconds):
                found.append(_read(reading.recv_bytes()))
                continue
            why = f"its import did not end within {seconds:g} seconds (for more, set {SECONDS})"
        except (EOFError, OSError):
            process.join(END_S)
            why = f"its import ended the process, {_how(process.exitcode)}"
        return [*found, Description(error=registry.unusable(name, whose, why))]
    process.join(END_S)
    return found


def _how(exit_code: int | None) -> str:
    if exit_code is None or exit_code >= 0:
        return f"exit code {exit_code}"
    return f"signal {-exit_code} ({signal.strsignal(-exit_code)})"


def _read(message: bytes) -> Description:
    """Return what was written; no pickle, which would import the plugin here."""
    told = json.loads(message)
    declared = [Hyperparameter(**{**h, "kind": _KINDS[h["kind"]]}) for h in told["declared"]]
    return Description(told["summary"], tuple(declared), told["error"])


# --- in the other process --------------------------------------------------------------------


def _answer(plugins: Sequence[Plugin], writing: Connection, seconds: float) -> None:
    """Send a description of each plugin."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends a loop in C as well
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    streams.install()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    writing.send_bytes(_READY)
    with registry.output_to_stderr():
        for name, value, whose in plugins:
            if sys.platform != "win32":  # the last resort, where the parent was killed
                signal.alarm(math.ceil(seconds) + 1)
            described = describe(EntryPoint(name, value, registry.GROUP), whose)
            writing.send_bytes(_written(described))


def _written(described: Description) -> bytes:
    return json.dumps(
        {
            "summary": described.summary,
            "declared": [_plain(h) for h in described.hyperparameters],
            "error": described.error,
        }
    ).encode()


def _plain(declared: Hyperparameter) -> dict[str, Any]:
    """Return the fields of a hyperparameter; its numbers may be NumPy's."""
    values = {field.name: getattr(declared, field.name) for field in fields(Hyperparameter)}
    numbers = {name: float(values[name]) for name in ("low", "high")}
    return {**values, **numbers, "role": str(declared.role), "kind": declared.kind.__name__}


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
