"""Processes that begin with nothing of this one: they do not run the caller's file again.

Python's `spawn` imports the main module in every process it starts, so a script without
`if __name__ == "__main__":` would search again in each of them. Workers need nothing of it.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any

_hiding = threading.Lock()


class _Process(SpawnProcess):
    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:  # noqa: N802 -- so it is called
        with _main_hidden():
            return SpawnProcess._Popen(process_obj)  # noqa: SLF001


class SpawnWithoutMain(SpawnContext):
    """As multiprocessing's `spawn`, but what it starts does not import the main module."""

    Process = _Process


@contextmanager
def _main_hidden() -> Iterator[None]:
    """Let the main module be an empty one, of no file, while a process is being started."""
    with _hiding:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main
