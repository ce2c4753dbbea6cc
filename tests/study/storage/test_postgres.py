"""Studies on a real PostgreSQL server: a private one, on a socket and loopback, for these
tests.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import optuna
import pytest
import sqlalchemy
import warm
from bulk_trials import check_like_optuna, check_race
from server_search import SEARCH, run, start
from small_search import SmallSearch, stream, write_data

from hpsoft.errors import StorageError, StudyError
from hpsoft.study.storage.location import locate
from hpsoft.study.storage.server_lock import ServerLock
from hpsoft.study.study import trials
from hpsoft.tuning.events import Stored

pytestmark = pytest.mark.slow  # a server of its own, made anew

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
USER = "postgres"


class Server:
    """A cluster in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder / "cluster"
        self.folder.mkdir()
        if os.getuid() == 0:  # the server refuses to run as root
            folder.chmod(0o755)
            shutil.chown(self.folder, USER)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._run("initdb", "-D", self.folder, "-A", "trust", "-U", "me", "--no-sync")
        self.start()
        self.url = f"postgresql://me:s3cr3t@127.0.0.1:{self.port}/postgres"

    def start(self):
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder} -c fsync=off"
        log = self.folder / "log"
        self._run("pg_ctl", "-D", self.folder, "-l", log, "-w", "-o", options, "start")

    def stop(self):
        self._run("pg_ctl", "-D", self.folder, "-m", "immediate", "stop")

    def _run(self, program, *args):
        command = [str(PROGRAMS[-1] / program), *map(str, args)]
        if os.getuid() == 0:
            command = ["runuser", "-u", USER, "--", *command]
        subprocess.run(
            command, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )


@pytest.fixture(scope="module")
def server():
    if not PROGRAMS and not os.environ.get("CI"):
        pytest.skip("no PostgreSQL on this machine: apt-get install postgresql")
    # Not below pytest's own folder, which every start of pytest closes to the server's user.
    with tempfile.TemporaryDirectory(prefix="hpsoft-postgres-", dir="/tmp") as folder:
        server = Server(Path(folder))
        yield server
        server.stop()


def states(url, study):
    storage = optuna.storages.RDBStorage(
        locate(url).engine_url, {"poolclass": sqlalchemy.NullPool}
    )
    found = optuna.load_study(study_name=study, storage=storage).get_trials(deepcopy=False)
    return [trial.state.name for trial in found]


def n_trials(url, study):
    """Count with a bare query: Optuna takes a second to open a storage."""
    engine = sqlalchemy.create_engine(locate(url).engine_url, poolclass=sqlalchemy.NullPool)
    query = (
        "SELECT count(*) FROM trials JOIN studies USING (study_id) "
        "WHERE study_name = :study AND state <> 'RUNNING'"
    )
    try:
        with engine.connect() as session:
            return session.execute(sqlalchemy.text(query), {"study": study}).scalar()
    except sqlalchemy.exc.ProgrammingError:  # it has not made its tables yet
        return 0


def test_a_search_and_its_final_model(server):
    where = ("--storage", server.url, "--study", "whole")
    run(*SEARCH, *where)
    assert states(server.url, "whole") == ["COMPLETE"] * 48
    assert "48/48" in run("studies", "--storage", server.url)
    assert "finished, nothing is left" in run(*(a for a in SEARCH if a != "--quiet"), *where)
    run("final", *where, "--quiet")
    records = trials(server.url, "whole")
    assert len({record.grid_id for record in records}) == 48


@pytest.mark.slow
@pytest.mark.parametrize(
    "mode",
    [(), ("--sampler", "tpe", "--pruner", "median", "--trials", "40", "--wave", "10")],
    ids=["grid", "tpe"],
)
def test_kill_9_loses_and_doubles_nothing(server, mode):
    study = f"killed-{len(mode)}"
    args = (*SEARCH, "--storage", server.url, "--study", study, *mode)
    before = {}
    for n_wanted in (1, 12):
        process = start(*args)
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            if n_trials(server.url, study) >= n_wanted:
                break
        process.send_signal(signal.SIGKILL)
        process.communicate()
        after = {record.number: record for record in trials(server.url, study)}
        assert before.items() <= after.items()
        before = after
        assert len(after) >= n_wanted
    run(*args)
    total = 40 if mode else 48
    found = trials(server.url, study)
    assert len(found) == len({record.grid_id for record in found}) == total
    assert "RUNNING" not in states(server.url, study)
    assert before.items() <= {record.number: record for record in found}.items()


def test_one_process_a_study(server):
    with ServerLock(locate(server.url), "mine"):
        err = run(*SEARCH, "--storage", server.url, "--study", "mine", code=2)
        assert f"is being written by process {os.getpid()} on" in err
        with ServerLock(locate(server.url), "other"):
            pass
    run(*SEARCH, "--storage", server.url, "--study", "mine")


def test_a_grid_grows_and_stock_optuna_sees_one_large_grid(server, tmp_path):
    small = SmallSearch(tmp_path, write_data(tmp_path))
    where = {"storage": server.url, "study": "grown"}
    small.run(
        settings=("epochs=1,4", "batch_size=7,32", "learning_rate=0.5", "alpha=0.01"), **where
    )
    before = {record.number: record.params for record in trials(server.url, "grown")}
    finished = small.run(**where)
    assert (finished.n_run, finished.certificate.complete) == (36 - 4, True)
    after = {record.number: record.params for record in trials(server.url, "grown")}
    assert before.items() <= after.items()
    storage = optuna.storages.RDBStorage(
        locate(server.url).engine_url, {"poolclass": sqlalchemy.NullPool}
    )
    study = optuna.load_study(study_name="grown", storage=storage)
    sampler = optuna.samplers.GridSampler(study.user_attrs["hpsoft"]["space"])
    assert sampler.is_exhausted(study)


def test_two_processes_on_one_study_run_no_point_twice(server):
    args = (*SEARCH, "--storage", server.url, "--study", "race")
    racers = [start(*args), start(*args)]
    told = [racer.communicate(timeout=120)[1] for racer in racers]
    codes = [racer.returncode for racer in racers]
    assert 0 in codes, told
    for code, err in zip(codes, told, strict=True):
        assert code == 0 or (code == 2 and "is being written by" in err)
    found = [record.grid_id for record in trials(server.url, "race")]
    assert sorted(found) == list(range(48))


def end_sessions(server, query):
    engine = sqlalchemy.create_engine(locate(server.url).engine_url)
    with engine.connect() as session:
        ended = session.execute(sqlalchemy.text(f"SELECT pg_terminate_backend(pid) {query}"))
        assert ended.all() == [(True,)]
    engine.dispose()


def test_a_search_that_lost_its_lock_writes_no_more(server, tmp_path):
    """Another one takes the lock and finishes; the first says so, and nothing is doubled."""
    small = SmallSearch(tmp_path, write_data(tmp_path))
    first = stream(small.prepare(storage=server.url))
    for event in first:
        if isinstance(event, Stored):
            break
    end_sessions(server, "FROM pg_locks WHERE locktype = 'advisory'")
    finished = small.run(storage=server.url)
    assert finished.certificate.complete
    with pytest.raises(StorageError, match="the same command continues") as told:
        list(first)
    assert "s3cr3t" not in str(told.value)
    found = [record.grid_id for record in trials(server.url, "s")]
    assert sorted(found) == list(range(36))


def test_a_session_opened_anew_does_not_pass_for_the_lock(server):
    with ServerLock(locate(server.url), "anew") as lock:
        lock.check()
        end_sessions(server, "FROM pg_locks WHERE locktype = 'advisory'")
        for _ in range(2):  # SQLAlchemy connects again by itself
            with pytest.raises(StorageError, match="the same command continues"):
                lock.check()


def test_locks_of_one_study_in_two_databases_are_two(server):
    engine = sqlalchemy.create_engine(
        locate(server.url).engine_url, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool
    )
    with engine.connect() as session:
        session.execute(sqlalchemy.text("CREATE DATABASE other"))
    urls = server.url, server.url.removesuffix("/postgres") + "/other"
    with ServerLock(locate(urls[0]), "twice") as one, ServerLock(locate(urls[1]), "twice") as two:
        one.check()
        two.check()


def test_the_lock_session_is_probed_from_both_ends(server):
    with ServerLock(locate(server.url), "probed") as lock:
        for name, expected in (("idle", "30"), ("interval", "10"), ("count", "3")):
            assert lock._ask(f"SHOW tcp_keepalives_{name}")[0] == expected


def test_the_lock_goes_with_its_process(server):
    code = (
        "import sys, time; from hpsoft.study.storage.server_lock import ServerLock;"
        "from hpsoft.study.storage.location import locate;"
        "lock = ServerLock(locate(sys.argv[1]), 'gone').__enter__(); print(1, flush=True);"
        "time.sleep(60)"
    )
    process = warm.start(server.url, code=code, stdout=subprocess.PIPE)
    assert process.stdout.readline()
    with pytest.raises(StudyError, match=f"by process {process.pid} on"):
        ServerLock(locate(server.url), "gone").__enter__()
    process.kill()
    process.communicate()
    for _ in range(100):  # until the server has noticed
        try:
            with ServerLock(locate(server.url), "gone"):
                return
        except StudyError:
            time.sleep(0.05)
    pytest.fail("the lock of a dead process stays")


def test_a_server_that_goes_away_is_an_error_and_the_search_goes_on_later(server):
    args = (*SEARCH, "--storage", server.url, "--study", "lost", "--set", "epochs=1,2")
    args = tuple(
        a
        for i, a in enumerate(args)
        if a != "epochs=1,2,3,4" and args[i + 1 : i + 2] != ("epochs=1,2,3,4",)
    )
    server.stop()
    assert "cannot be used" in run(*args, code=2)
    server.start()
    run(*args)
    assert len(trials(server.url, "lost")) == 24


def test_a_url_without_a_driver_means_psycopg():
    for scheme in ("postgres", "postgresql"):
        assert locate(f"{scheme}://me@host/db").engine_url == "postgresql+psycopg://me@host/db"
    assert (
        locate("postgresql+psycopg2://me@host/db").engine_url == "postgresql+psycopg2://me@host/db"
    )


def test_trials_in_one_transaction_are_those_of_optuna(server):
    check_like_optuna(server.url)
    check_race(server.url)
