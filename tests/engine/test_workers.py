"""Worker processes: the results of this process, and nothing left behind, however they end."""

import os
import signal
import subprocess
import sys
import time
from multiprocessing import Pipe
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from hpsoft_sgd import SGD
from small_problem import make_setup, make_trials

from hpsoft.engine import pool as pool_module
from hpsoft.engine import workers as workers_module
from hpsoft.engine.plan import make_plan
from hpsoft.engine.schedule import run
from hpsoft.engine.train import Snapshot, Task, train
from hpsoft.engine.workers import Inline, Processes, make_workers, remove_leftovers
from hpsoft.errors import HpsoftError

pytestmark = pytest.mark.usefixtures("temporary")

PLAN = make_plan(SGD.hyperparameters, make_trials(), n_workers=2)


def scores(events):
    return {
        (event.block.index, event.horizon): event.scores.cross_entropy.tolist()
        for event in events
        if isinstance(event, Snapshot)
    }


def eventually(condition, seconds=20.0):
    """Wait until something is so; far longer than it takes."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def is_gone(pid):
    """Tell whether a process has ended, be it as a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_processes_equal_inline_exactly():
    setting = make_setup(dtype=np.float32)
    with Inline(setting) as inline:
        expected = scores(run(PLAN, inline))
    with Processes(setting, 2) as processes:
        assert scores(run(PLAN, processes)) == expected


def test_one_worker_needs_no_process():
    with make_workers(make_setup(), 1) as workers:
        assert isinstance(workers, Inline)


def test_killing_a_worker_is_an_error_and_leaves_nothing():
    """As the kernel does where memory runs out."""
    pids = []

    def search():
        with Processes(make_setup(), 2) as workers:
            pids.extend(workers._pool._executor._processes)
            os.kill(pids[0], signal.SIGKILL)
            for _ in range(1000):  # until it is noticed
                list(run(PLAN, workers))

    with pytest.raises(HpsoftError, match="ended from outside"):
        search()
    assert len(pids) == 2
    assert all(is_gone(pid) for pid in pids)


def test_an_error_ends_tasks_in_hand():
    """Ctrl-C does not wait for passes that take hours."""
    setting = make_setup(n=5000)
    grid = {"epochs": (10**6,), "batch_size": (1, 2), "learning_rate": (0.1,), "alpha": (0.1,)}
    plan = make_plan(SGD.hyperparameters, make_trials(grid))
    pids = []

    def search():
        with Processes(setting, 2) as workers:
            pids.extend(workers._pool._executor._processes)
            events = run(plan, workers)
            next(events), next(events)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search()
    assert len(pids) == 2
    eventually(lambda: all(is_gone(pid) for pid in pids))


def test_interrupts_reach_this_process_as_before():
    before = signal.getsignal(signal.SIGINT)
    with Processes(make_setup(), 2):
        assert signal.getsignal(signal.SIGINT) is before


def test_processes_start_from_another_thread():
    """Signal handlers belong to the main thread; without them it works as well."""
    found = []

    def work():
        with Processes(make_setup(), 2) as workers:
            found.append(scores(run(PLAN, workers)))

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert len(found) == 1


DRIVER = """
import sys, tempfile
sys.path.insert(0, {tests!r})
from small_problem import make_setup, make_trials
from hpsoft.engine.plan import make_plan
from hpsoft.engine.schedule import run
from hpsoft.engine.workers import Processes
from hpsoft_sgd import SGD

if __name__ == "__main__":
    grid = {{"epochs": (10**6,), "batch_size": (1, 2), "learning_rate": (0.1,), "alpha": (0.1,)}}
    with Processes(make_setup(n=5000), 2) as workers:
        events = run(make_plan(SGD.hyperparameters, make_trials(grid)), workers)
        next(events), next(events)
        print(*workers._pool._executor._processes, flush=True)
        next(events)
"""


def test_kill_of_the_parent_ends_its_workers(temporary, tmp_path_factory):
    """kill -9 leaves no cores burning, and the workers remove the shared arrays."""
    script = tmp_path_factory.mktemp("driver") / "driver.py"
    script.write_text(DRIVER.format(tests=str(Path(__file__).parents[1])))
    parent = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    with parent:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        assert not any(is_gone(pid) for pid in pids)
        parent.kill()
    eventually(lambda: all(is_gone(pid) for pid in pids))
    assert list(temporary.iterdir()) == []


def test_leftovers_of_dead_processes_only_are_removed(temporary):
    """Folders of living processes, and what only looks like ours, stay."""
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    here = workers_module._prefix()
    dead = [f"{here}{child.pid}-abc", f"{here}{10**30}-abc"]
    kept = [f"{here}{os.getpid()}-abc", f"{here}1-abc", f"{here}x-1"]
    kept += [f"hpsoft-{child.pid}-mine", f"other-{child.pid}-abc"]
    kept += [f"hpsoft-workers-0123456789ab-{child.pid}-abc"]  # of another machine or container
    for name in dead + kept:
        (temporary / name).mkdir()
        (temporary / name / "X.npy").touch()
    remove_leftovers()
    assert sorted(folder.name for folder in temporary.iterdir()) == sorted(kept)
    for name in kept:
        (temporary / name / "X.npy").unlink()
        (temporary / name).rmdir()


def test_folders_of_other_machines_and_containers_begin_otherwise(monkeypatch):
    here = workers_module._prefix()
    monkeypatch.setattr("socket.gethostname", lambda: "elsewhere")
    elsewhere = workers_module._prefix()
    monkeypatch.setattr(Path, "readlink", lambda _path: "pid:[1]")
    assert len({here, elsewhere, workers_module._prefix()}) == 3


def test_worker_functions_share_and_train(temporary, monkeypatch):
    """What runs in a worker process, run in this one, where coverage sees it."""
    setting, noted, shared = make_setup(), {}, []
    block = PLAN.blocks[0]
    task = Task(block, tuple(range(len(block.models))), None, 0, 2)
    with Inline(setting) as inline:
        expected = inline.submit(task).result()
    monkeypatch.setattr(pool_module, "_shared", shared)
    monkeypatch.setattr(pool_module, "_farewells", [])
    monkeypatch.setattr(pool_module.streams, "install", lambda: noted.update(streams=True))
    monkeypatch.setattr(pool_module, "threadpool_limits", lambda n: noted.update(threads=n))
    monkeypatch.setattr(pool_module.os, "_exit", lambda code: noted.update(exit=code))
    processes = Processes(setting, 2)
    folder = temporary / "shared"
    folder.mkdir()
    told = processes._share(folder)
    reading, lifeline = Pipe(duplex=False)
    before = signal.getsignal(signal.SIGINT)
    try:
        pool_module._begin(reading, workers_module._mapped_setup, (setting, told, folder))
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    assert isinstance(shared[0].folds[0].X, np.memmap)
    ours = pool_module._call(train, task)
    np.testing.assert_array_equal(ours.scores.cross_entropy, expected.scores.cross_entropy)
    assert (noted["threads"], noted["streams"]) == (1, True)
    assert "exit" not in noted
    lifeline.close()
    eventually(lambda: noted.get("exit") == 1)
    assert not folder.exists()


def test_workers_start_with_one_blas_thread_and_leave_the_environment_alone(monkeypatch):
    """Whatever BLAS a plugin imports later; a setting of the user's comes back."""
    from hpsoft.engine.pool import _one_blas_thread

    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    with _one_blas_thread():
        assert os.environ["OMP_NUM_THREADS"] == os.environ["MKL_NUM_THREADS"] == "1"
    assert os.environ["OMP_NUM_THREADS"] == "7"
    assert "MKL_NUM_THREADS" not in os.environ
