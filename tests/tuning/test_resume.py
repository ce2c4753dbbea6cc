"""kill -9 at any moment, then the same command: the same trials, none twice, none lost."""

import random
import sqlite3
import time
import warnings
from collections import Counter
from contextlib import closing
from pathlib import Path

import optuna
import pytest
import warm
from optuna.storages import JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend
from small_search import write_data

from hpsoft.study.study import trials

SETTINGS = (
    "epochs=1,2,3,4",
    "batch_size=4,8,16",
    "learning_rate=0.01,0.1,1e308",
    "alpha=0,0.001",
)
N_POINTS = 72


# Two worker processes on any machine, and however little the work is.
TWO_PROCESSES = """
from dataclasses import replace
from hpsoft.api import running
usual = running.prepare
running.prepare = lambda *given: replace(usual(*given), jobs=2, least_seconds=0)
from hpsoft.__main__ import main
main()
"""


class Search:
    """The command line in a real process."""

    def __init__(self, folder, data, storage, mode=(), jobs=1):
        self.folder, self.data, self.storage = folder, data, folder / storage
        self.mode, self.jobs = mode, jobs
        self.workers = set()  # process ids seen when it was killed

    def start(self):
        sets = [argument for setting in SETTINGS for argument in ("--set", setting)]
        options = ["--storage", self.storage, "--study", "s", "--dtype", "float64"]
        options += ["--jobs", str(self.jobs), "--cv", "2"]
        search = ("search", "--data", self.data, "--quiet", *options, *sets, *self.mode)
        code = None if self.jobs == 1 else TWO_PROCESSES
        return warm.start(*search, cwd=self.folder, code=code)

    def finish(self):
        with self.start() as process:
            assert process.wait() == 0

    def kill_at(self, size):
        """Kill the process as soon as its storage has that many bytes; tell whether it lived."""
        with self.start() as process:
            while process.poll() is None and self.size() < size:
                time.sleep(0.001)
            self.workers |= _workers_of(process.pid)
            process.kill()
        return process.returncode == -9

    def size(self):
        return self.storage.stat().st_size if self.storage.exists() else 0

    def size_at(self, share):
        """Return how large the storage was when about that share of the trials was in it."""
        empty = 0
        if self.storage.suffix == ".db":
            RDBStorage(f"sqlite:///{self.folder / 'empty.db'}")
            empty = (self.folder / "empty.db").stat().st_size
        return empty + share * (self.size() - empty)

    def trials(self):
        return trials(str(self.storage), "s")


def _ended(workers, seconds=20):
    """Wait for the end of processes; one that nobody has buried yet has no command line left."""
    until = time.monotonic() + seconds
    while any(_trains(pid) for pid in workers):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _trains(pid):
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _workers_of(pid):
    """Return the ids of a process's children that train: spawned, and not the resource tracker."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:  # it has ended
        return set()
    return {int(child) for child in children if _trains(child)}


def check_kills(tmp_path, suffix, n_kills, seed, jobs=1):
    data = write_data(tmp_path, n=400)
    undisturbed = Search(tmp_path, data, f"undisturbed.{suffix}")
    undisturbed.finish()
    search, rng = Search(tmp_path, data, f"killed.{suffix}", jobs=jobs), random.Random(seed)
    sizes = sorted(undisturbed.size_at(rng.random()) for _ in range(n_kills))
    killed = [search.kill_at(size) for size in sizes]
    assert any(killed)
    assert len(search.workers) >= (2 if jobs == 2 else 0)
    search.finish()
    assert _ended(search.workers)
    assert not list(tmp_path.glob("*.blocks"))
    expected = {record.grid_id: record for record in undisturbed.trials()}
    found = search.trials()
    assert Counter(record.grid_id for record in found) == dict.fromkeys(range(N_POINTS), 1)
    for record in found:
        other = expected[record.grid_id]
        assert record.params == other.params
        assert record.diverged == other.diverged
        if not record.diverged:
            assert record.value == pytest.approx(other.value, rel=1e-9)
            assert record.accuracy == other.accuracy
        assert record.intermediate == pytest.approx(other.intermediate, rel=1e-9)


@pytest.mark.parametrize(("suffix", "n_kills"), [("journal", 3), ("db", 2)])
def test_killed_searches_go_on_to_the_trials_of_an_undisturbed_one(tmp_path, suffix, n_kills):
    check_kills(tmp_path, suffix, n_kills, seed=1)


def test_a_search_by_two_processes_is_killed_and_goes_on(tmp_path):
    """The workers end with it; the one process alone is the measure of what is found."""
    check_kills(tmp_path, "journal", 2, seed=3, jobs=2)


@pytest.mark.parametrize("suffix", ["journal", "db"])
def test_a_killed_sampler_loses_and_doubles_nothing(tmp_path, suffix):
    """TPE with pruning: what was stored before each kill is there at the end, as it was."""
    data = write_data(tmp_path, n=400)
    mode = ("--sampler", "tpe", "--pruner", "median", "--trials", "40", "--wave", "10")
    search = Search(tmp_path, data, f"s.{suffix}", mode)
    undisturbed = Search(tmp_path, data, f"whole.{suffix}", mode)
    undisturbed.finish()
    stored = {}
    for share in (0.4, 0.8):
        assert search.kill_at(undisturbed.size_at(share))
        found = {record.number: record for record in search.trials()}
        assert stored.items() <= found.items()
        stored = found
    search.finish()
    found = search.trials()
    assert len(found) == len({record.grid_id for record in found}) == 40
    assert stored.items() <= {record.number: record for record in found}.items()
    url = str(search.storage) if suffix == "journal" else f"sqlite:///{search.storage}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        study = optuna.load_study(study_name="s", storage=_optuna_storage(url))
        assert "RUNNING" not in {trial.state.name for trial in study.get_trials(deepcopy=False)}


def _optuna_storage(url):
    if url.startswith("sqlite"):
        return url
    return JournalStorage(JournalFileBackend(url))


def test_a_kill_while_the_tables_are_made_goes_on(tmp_path):
    """SQLite makes Optuna's tables one by one: a kill in between leaves the first few."""
    search = Search(tmp_path, write_data(tmp_path), "killed.db")
    RDBStorage(f"sqlite:///{search.storage}")
    with closing(sqlite3.connect(search.storage)) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            if name != "studies":
                database.execute(f"DROP TABLE {name}")
        database.commit()
    search.finish()
    assert len(search.trials()) == N_POINTS


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["journal", "db"])
def test_many_kills(tmp_path, suffix):
    check_kills(tmp_path, suffix, 20, seed=2)


def test_a_journal_cut_in_the_middle_of_a_trial_goes_on(tmp_path):
    """What a power cut leaves: the last record is half written."""
    data = write_data(tmp_path, n=100)
    search = Search(tmp_path, data, "cut.journal")
    search.finish()
    whole = {record.grid_id: record for record in search.trials()}
    content = search.storage.read_bytes()
    search.storage.write_bytes(content[: int(len(content) * 0.6)])
    assert 0 < len(search.trials()) < N_POINTS
    search.finish()
    found = search.trials()
    assert Counter(record.grid_id for record in found) == dict.fromkeys(range(N_POINTS), 1)
    for record in found:
        assert record.diverged == whole[record.grid_id].diverged
        if not record.diverged:
            assert record.value == pytest.approx(whole[record.grid_id].value, rel=1e-9)
