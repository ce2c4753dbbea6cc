"""What holds for every test, and a small study in real storages."""

import gc
import os

# Before NumPy is there, and for the processes of pytest-xdist as well: a process a core runs the
# tests, and threads of BLAS that wait for each other on the same cores took half of the time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# hpsoft is compiled once, not by each of the hundreds of processes that tests start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

import shutil
import signal
from collections.abc import Callable

import hypothesis
import pytest
import typer.testing
from optuna.storages._rdb.storage import _VersionManager

from hpsoft.space.grid import Grid
from hpsoft.study.identity import Identity
from hpsoft.study.records import TrialRecord
from hpsoft.study.resume import open_study
from hpsoft.study.storage.connect import connect
from hpsoft.study.storage.location import locate
from hpsoft.system.cores import n_cores


def pytest_configure():
    """Signals work in the tests and their processes, also where pytest runs in the background.

    A shell starts background jobs with SIGINT and SIGQUIT ignored, nohup with SIGHUP, and they
    hand that down.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in {"SIGQUIT", "SIGHUP"} & {known.name for known in signal.Signals}:
        if signal.getsignal(signal.Signals[name]) is signal.SIG_IGN:
            signal.signal(signal.Signals[name], signal.SIG_DFL)


@pytest.fixture(autouse=True)
def _no_width_of_a_terminal(monkeypatch):
    """Lines wrap where COLUMNS is set: by a shell, or by a library that looked at the terminal."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(scope="session", autouse=True)
def _libraries_answer_once():
    """What libraries find out anew at each use, though the answer stays the same, took a third
    of the time of tests on databases and of commands.

    Optuna runs ten migration scripts for each database that is opened, to know the newest schema;
    Typer makes all commands with all options for each that is run.
    """
    with pytest.MonkeyPatch.context() as patch:
        once(patch, _VersionManager, "get_head_version")
        once(patch, typer.testing, "_get_command", key=id)
        yield


def once(patch, owner, name, key=lambda given: None):
    """Have a function return its first result for ever, for each key of what it is given."""
    asked, answers = getattr(owner, name), {}

    def answer(given):
        if key(given) not in answers:
            answers[key(given)] = asked(given)
        return answers[key(given)]

    patch.setattr(owner, name, answer)


def pytest_xdist_auto_num_workers():
    """Return one more than there are cores: commands under test start, wait and sleep."""
    return n_cores() + 1


def pytest_collection_finish():
    """Six thousand tests and their libraries stay: looking through them for what may go, again and
    again, took an eighth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


# A test that imports SciPy takes longer than an example may, the first time, on a busy machine.
hypothesis.settings.register_profile("hpsoft", deadline=None)
hypothesis.settings.load_profile("hpsoft")

SPACE = {"epochs": (1, 2), "alpha": (0.5, 1.0, 10.0), "batch_size": (8, 16)}
VERSIONS = {"hpsoft": "0", "optuna": "5", "python": "3"}


@pytest.fixture
def identity() -> Identity:
    """What the small search depends on."""
    return Identity("digits", "f1n9e2", "raw", "sgd", "float32", 0.2, 0, SPACE)


def cost_of(params) -> float:
    """Return a cost that is different at every point, as the objective of these tests."""
    return params["alpha"] / 7 + params["epochs"] / 11 + params["batch_size"] / 1000


def record_of(grid_id, params, *, diverged=False) -> TrialRecord:
    """Return the finished trial of a point."""
    return TrialRecord(
        params,
        grid_id,
        None if diverged else cost_of(params),
        {step: cost_of(params) + 1 - step for step in range(1, params["epochs"] + 1)},
        None if diverged else 0.75,
        0.25,
    )


@pytest.fixture
def records() -> list[TrialRecord]:
    """Every finished trial of the small search, by grid id."""
    return [record_of(grid_id, params) for grid_id, params in Grid(SPACE)]


@pytest.fixture
def diverged() -> Callable[[int], TrialRecord]:
    """Make the diverged trial of a grid id."""
    return lambda grid_id: record_of(grid_id, Grid(SPACE).params(grid_id), diverged=True)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """A SQLite database with Optuna's tables and no study: they take a second to make."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    connect(locate(path), write=True)
    return path


@pytest.fixture(params=["journal", "db"])
def storage(request, tmp_path, empty_database):
    """The path of a storage without studies: a journal file still to be made, a database."""
    path = tmp_path / f"studies.{request.param}"
    if request.param == "db":
        shutil.copy(empty_database, path)
    return path


@pytest.fixture
def open_store(storage, identity):
    """Open the small search's study; closed at the end."""
    opened = []

    def open_store(name="s", *, at=storage, identity=identity, versions=VERSIONS):
        opened.append(open_study(at, name, identity, versions=versions))
        return opened[-1]

    yield open_store
    for store in opened:
        store.close()


@pytest.fixture
def objective():
    """The objective that a user of stock Optuna would write for the small search."""

    def objective(trial):
        params = {name: trial.suggest_categorical(name, values) for name, values in SPACE.items()}
        for step in range(1, params["epochs"] + 1):
            trial.report(cost_of(params) + 1 - step, step)
        return cost_of(params)

    return objective
