"""What keeps worker processes from starting, and what goes wrong in them, is said."""

import multiprocessing
import os
import tempfile
import warnings
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

import pytest
from hpsoft_sgd import SGD
from small_problem import make_setup

from hpsoft.engine import sharing as sharing_module
from hpsoft.engine.pool import Pool, result
from hpsoft.engine.workers import Inline, Processes, make_workers
from hpsoft.errors import HpsoftError, OneProcessWarning, OptimizerError

pytestmark = pytest.mark.usefixtures("temporary")


def run_out_of_memory(*args):
    raise MemoryError(*args)


class Deadly(SGD):
    """An optimizer that ends every other process as soon as it arrives there."""

    def __getstate__(self):
        return {"made by": os.getpid()}

    def __setstate__(self, state):
        if os.getpid() != state["made by"]:
            os._exit(1)


def test_processes_that_cannot_start_leave_nothing():
    """A worker that dies in its first line: an error, not a hang."""
    with pytest.raises(HpsoftError, match=r"or its start failed: what it printed is above"):
        Processes(make_setup(optimizer=Deadly()), 2).__enter__()


@pytest.mark.parametrize(
    ("where", "error", "told"),
    [
        ("multiprocessing.synchronize.SemLock.__init__", OSError(28, "No space left on device"),
         "No space left on device"),
        ("multiprocessing.util.spawnv_passfds", BlockingIOError(11, "Resource unavailable"),
         "Resource unavailable"),
        ("concurrent.futures.process._ExecutorManagerThread.start",
         RuntimeError("can't start new thread"), "can't start new thread"),
    ],
)  # fmt: skip
def test_what_keeps_processes_from_starting_is_told(monkeypatch, where, error, told):
    """It is no full disk under the output, and no bug."""

    def refuse(*_args, **_kwargs):
        raise error

    monkeypatch.setattr(where, refuse)
    with pytest.raises(HpsoftError, match=rf"cannot be started: {told}\..*--jobs 1"):
        Processes(make_setup(), 2).__enter__()


def refuse_files(*_args, **_kwargs):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ((multiprocessing.process._current_process, "daemon"), "a daemon"),
        ((tempfile, "mkdtemp"), "No space left on device"),
        ((sharing_module.np, "save"), "No space left on device"),
    ],
)
def test_where_none_can_be_had_this_process_goes_on_alone(monkeypatch, where, told):
    """It says so; where that warning is an error, as in the command line, it is one."""
    if where[1] == "daemon":
        monkeypatch.setitem(multiprocessing.current_process()._config, "daemon", True)
    else:
        monkeypatch.setattr(*where, refuse_files)
    with pytest.raises(HpsoftError, match=rf"{told}.*--jobs 1"), make_workers(make_setup(), 2):
        pass
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        with (
            pytest.warns(OneProcessWarning, match=rf"{told}.* jobs=1.* goes on alone"),
            make_workers(make_setup(), 2) as workers,
        ):
            assert isinstance(workers, Inline)


def test_what_fails_in_a_worker_at_its_start_is_told_here(temporary):
    """Not as a traceback of its own and a death that nobody explains."""
    with pytest.raises(MemoryError, match="of the worker"):
        Pool(2, run_out_of_memory, "of the worker").__enter__()


def test_a_full_disk_is_an_error_that_says_what_to_do(monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sharing_module.np, "save", full)
    with pytest.raises(HpsoftError, match=r"No space left on device.*--jobs 1"):
        Processes(make_setup(), 2).__enter__()


def test_other_errors_of_a_task_come_through():
    """A bug in a plugin is no worker's death."""
    future = Future()
    future.set_exception(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        result(future)
    future = Future()
    future.set_exception(BrokenProcessPool())
    with pytest.raises(HpsoftError):
        result(future)


class Unpicklable(SGD):
    def __init__(self):
        self.secret = lambda: None


class Unloadable(SGD):
    def __setstate__(self, _state):
        raise ValueError("from a pickle")

    def __getstate__(self):
        return {"not": "empty"}


@pytest.mark.parametrize("kind", [Unpicklable, Unloadable])
def test_an_optimizer_that_cannot_be_sent_to_processes_is_told(kind, monkeypatch):
    """Before the data is written for them."""
    monkeypatch.setattr(sharing_module.np, "save", lambda *_: pytest.fail("written"))
    with (
        pytest.raises(OptimizerError, match=rf"The optimizer {kind.__name__} .* failed: .*pickle"),
        Processes(replace(make_setup(), optimizer=kind()), 2),
    ):
        pass
