"""A limit on address space, in real processes: an error that says what to do, at any limit."""

import os
import resource
import subprocess
import sys
import threading

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from hpsoft.data.tables.arrow import csvarrow
from hpsoft.errors import HpsoftError, out_of_memory
from hpsoft.system import room

MB = 2**20
DIGITS = (
    "search", "--data", "digits", "--cv", "none", "--set", "epochs=1", "--set", "batch_size=64,256",
)  # fmt: skip


def _limited(megabytes, *args, which=resource.RLIMIT_AS, **options):
    def limit():
        resource.setrlimit(which, (megabytes * MB,) * 2)

    return subprocess.run(
        [sys.executable, *args],
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        **options,
    )


def _has_told(done):
    """Tell whether it ended with one error, which says what to do."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    return "ulimit -v" in line


@pytest.mark.parametrize("megabytes", [30, 60, 150, 250, 400, 511])
def test_too_little_room_is_told_at_once(megabytes, tmp_path):
    assert _has_told(_limited(megabytes, "-m", "hpsoft", *DIGITS, cwd=tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("which", [resource.RLIMIT_AS, resource.RLIMIT_DATA])
def test_what_is_asked_for_is_enough(jobs, which, tmp_path):
    """With workers as well."""
    done = _limited(512, "-m", "hpsoft", *DIGITS, "--jobs", jobs, which=which, cwd=tmp_path)
    assert (done.returncode, "128/128 grid points" in done.stdout) == (0, True), done.stderr


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A pair of arrays of 240 MB."""
    folder = tmp_path_factory.mktemp("large")
    np.save(folder / "X.npy", np.random.default_rng(0).normal(size=(300_000, 100)))
    np.save(folder / "y.npy", np.arange(300_000) % 3)
    yield f"{folder / 'X.npy'},{folder / 'y.npy'}"
    (folder / "X.npy").unlink()


@pytest.mark.slow  # half a minute of processes that read 240 MB
@pytest.mark.parametrize("megabytes", range(520, 1000, 80))
def test_data_beyond_the_limit_are_told_or_fit(megabytes, large, tmp_path):
    """Wherever it is that memory runs out: in reading, in preparing, in a worker."""
    few = ("--set", "epochs=1,2", "--set", "batch_size=256,512", "--set", "alpha=0,1")
    options = ("--set", "learning_rate=0.1,0.2", *few, "--jobs", "2", "--quiet")
    done = _limited(megabytes, "-m", "hpsoft", "search", "--data", large, *options, cwd=tmp_path)
    if done.returncode:
        assert _has_told(done)
    else:
        assert megabytes > 600


@pytest.mark.parametrize("megabytes", [512, pytest.param(560, marks=pytest.mark.slow), 600])
def test_a_large_table_is_read_without_arrow(megabytes, tmp_path):
    """Arrow's parser hangs where it gets no thread, and aborts where it gets no memory."""
    X = np.random.default_rng(0).normal(size=(30_000, 20))
    np.savetxt(tmp_path / "t.csv", np.c_[X, np.arange(30_000) % 3], "%.6f", ",")
    assert (tmp_path / "t.csv").stat().st_size > csvarrow.SMALL
    few = ("--set", "epochs=1", "--set", "batch_size=512", "--jobs", "1", "--target", "20")
    done = _limited(megabytes, "-m", "hpsoft", "search", "--data", "t.csv", *few, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("megabytes", range(512, 700, 40))
def test_parquet_is_read_or_too_large(megabytes, tmp_path):
    """Its data are sound, whatever Arrow cannot get."""
    X = np.random.default_rng(0).normal(size=(100_000, 30))
    columns = {f"f{i}": X[:, i] for i in range(30)} | {"y": np.arange(100_000) % 3}
    parquet.write_table(pa.table(columns), tmp_path / "t.parquet")
    done = _limited(megabytes, "-m", "hpsoft", "data", "info", "t.parquet", cwd=tmp_path)
    assert done.returncode == 0 or _has_told(done)


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_needs_little(option):
    assert _limited(60, "-m", "hpsoft", option).returncode == 0


THREAD = """
import threading
from hpsoft.system import room
room.check()
def fail():
    raise {error}
thread = threading.Thread(target=fail)
thread.start()
thread.join()
print("goes on")
"""


@pytest.mark.parametrize(
    ("error", "code"), [("MemoryError", 2), ("ValueError('a bug')", 0), ("SystemExit", 0)]
)
def test_a_thread_that_runs_out_of_memory_ends_the_process(error, code):
    """Those of the standard library do: whoever waits for them would wait for ever."""
    done = _limited(600, "-c", THREAD.format(error=error))
    assert done.returncode == code
    assert ("goes on" in done.stdout) == (code == 0)
    assert ("Error: There is not enough memory" in done.stderr) == (code == 2)
    assert ("ValueError: a bug" in done.stderr) == ("bug" in error)


def test_blas_has_one_thread_under_a_limit():
    code = (
        "from hpsoft.system import room; room.check(); import threadpoolctl\n"
        "print({i['num_threads'] for i in threadpoolctl.threadpool_info()})"
    )
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "2"}
    assert _limited(600, "-c", code, env=environment).stdout == "{1}\n"


def test_without_a_limit_nothing_is_changed(monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda which: (resource.RLIM_INFINITY, 0))
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    hook = threading.excepthook
    room.check()
    room.take_buffers()
    assert (os.environ["OMP_NUM_THREADS"], threading.excepthook) == ("7", hook)
    assert "ulimit" not in room.too_little()


def test_limits_are_read(monkeypatch):
    """In this process, where coverage sees it."""
    limits = {resource.RLIMIT_AS: 700 * MB, resource.RLIMIT_DATA: resource.RLIM_INFINITY}
    monkeypatch.setattr(resource, "getrlimit", lambda which: (limits[which], 0))
    for name in room.THREADS:
        monkeypatch.setenv(name, "7")
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    room.check()
    assert {os.environ[name] for name in room.THREADS} == {"1"}
    assert "700 MB (`ulimit -v`)" in room.too_little()
    limits[resource.RLIMIT_DATA] = 100 * MB
    with pytest.raises(HpsoftError, match=r"needs 512 MB .* allows its programs 100 MB"):
        room.check()


@pytest.mark.parametrize(
    ("error", "is_so"),
    [
        (MemoryError(), True),
        (OSError(12, "Cannot allocate memory"), True),
        (OSError(28, "No space left on device"), False),
        (RuntimeError("can't start new thread"), True),
        (RuntimeError("no"), False),
        (pa.ArrowException("Failed to launch worker thread: Resource unavailable"), True),
        (pa.ArrowMemoryError("malloc failed"), True),
        (pa.ArrowInvalid("no"), False),
        (ImportError("libx.so: failed to map segment from shared object"), True),
        (ImportError("No module named x"), False),
        (ValueError("can't start new thread"), False),
    ],
)
def test_errors_that_are_of_memory(error, is_so):
    assert out_of_memory(error) == is_so
