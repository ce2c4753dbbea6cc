"""Studies on a real MariaDB server: a private one, on loopback, for these tests."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pymysql
import pytest
import warm
from bulk_trials import check_like_optuna, check_race
from server_search import N_POINTS, PASSWORD, SEARCH, free_port, race, run, until
from small_search import SETTINGS, SmallSearch, stream, write_data

from hpsoft.errors import StorageError, StudyError
from hpsoft.study.storage.location import locate
from hpsoft.study.storage.mysql_lock import MySQLLock
from hpsoft.study.study import trials
from hpsoft.system.locks import folder_to_itself
from hpsoft.tuning.events import Stored

pytestmark = pytest.mark.slow  # a server of its own, made anew

USER = "mysql"


class Server:
    """A server with a data folder of its own, and in it the databases `hpsoft` and `other`."""

    def __init__(self, folder):
        self.socket = folder / "socket"
        data = folder / "data"
        data.mkdir()
        me = ()
        if os.getuid() == 0:  # the server refuses to run as root
            folder.chmod(0o755)
            shutil.chown(folder, USER)
            shutil.chown(data, USER)
            me = (f"--user={USER}",)
        made = subprocess.run(
            ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db",
             "--auth-root-authentication-method=normal", *me],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert made.returncode == 0, made.stdout + made.stderr
        self.port = free_port()
        self.process = subprocess.Popen(
            [shutil.which("mariadbd") or "mariadbd", "--no-defaults", f"--datadir={data}", *me,
             f"--port={self.port}", "--bind-address=127.0.0.1", f"--socket={self.socket}",
             f"--pid-file={folder / 'pid'}", "--innodb-flush-log-at-trx-commit=0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until(self.answers)
        for name in ("hpsoft", "other"):
            self.ask(f"CREATE DATABASE {name}")
        self.ask(f"CREATE USER me@'%' IDENTIFIED BY '{PASSWORD}'")
        self.ask("GRANT ALL ON *.* TO me@'%'")
        self.url = f"mysql://me:{PASSWORD}@127.0.0.1:{self.port}/hpsoft"

    def answers(self):
        """Tell by a program: PyMySQL leaves a socket open where it cannot connect."""
        ping = ["mariadb-admin", "--no-defaults", f"--socket={self.socket}", "-uroot", "ping"]
        return subprocess.run(ping, capture_output=True, check=False).returncode == 0

    def ask(self, query):
        session = pymysql.connect(unix_socket=str(self.socket), user="root")
        try:
            with session.cursor() as cursor:
                cursor.execute(query)
                return list(cursor.fetchall())
        finally:
            session.close()

    def end_lock_sessions(self):
        """Kill the sessions that only keep a lock: those that wait for the longest time."""
        held = self.ask(
            "SELECT id FROM information_schema.processlist WHERE user = 'me' "
            "AND command = 'Sleep' ORDER BY id"
        )
        assert held
        for (number,) in held:
            self.ask(f"KILL {number}")

    def stop(self):
        self.process.terminate()
        self.process.wait()


@pytest.fixture(scope="module")
def server():
    if shutil.which("mariadb-install-db") is None and not os.environ.get("CI"):
        pytest.skip("no MariaDB on this machine: apt-get install mariadb-server")
    # Not below pytest's own folder, which every start of pytest closes to the server's user.
    with tempfile.TemporaryDirectory(prefix="hpsoft-mysql-", dir="/tmp") as folder:
        with folder_to_itself(Path("/tmp")):  # two workers at once: one install failed, once
            server = Server(Path(folder))
        yield server
        server.stop()


def test_a_search_and_its_final_model(server):
    where = ("--storage", server.url, "--study", "whole")
    run(*SEARCH, *where)
    assert f"{N_POINTS}/{N_POINTS}" in run("studies", "--storage", server.url)
    assert "finished, nothing is left" in run(*(a for a in SEARCH if a != "--quiet"), *where)
    run("final", *where, "--quiet")
    assert len({record.grid_id for record in trials(server.url, "whole")}) == N_POINTS


def test_two_processes_on_one_study_run_no_point_twice(server):
    race(server.url, "race")
    found = [record.grid_id for record in trials(server.url, "race")]
    assert sorted(found) == list(range(N_POINTS))


def test_one_process_a_study(server):
    with MySQLLock(locate(server.url), "mine") as lock:
        lock.check()
        err = run(*SEARCH, "--storage", server.url, "--study", "mine", code=2)
        assert "is being written by a process on" in err
        with MySQLLock(locate(server.url), "other"):
            pass
        with MySQLLock(locate(server.url.removesuffix("hpsoft") + "other"), "mine"):
            lock.check()
    with MySQLLock(locate(server.url), "mine"):
        pass


def test_a_search_that_lost_its_lock_writes_no_more(server, tmp_path):
    """Another one takes the lock and finishes; the first says so, and nothing is doubled."""
    small = SmallSearch(tmp_path, write_data(tmp_path))
    first = stream(small.prepare(storage=server.url))
    for event in first:
        if isinstance(event, Stored):
            break
    server.end_lock_sessions()
    assert small.run(storage=server.url).certificate.complete
    with pytest.raises(StorageError, match="the same command continues") as told:
        list(first)
    assert PASSWORD not in str(told.value)
    found = [record.grid_id for record in trials(server.url, "s")]
    assert sorted(found) == list(range(36))


def test_a_session_opened_anew_does_not_pass_for_the_lock(server):
    with MySQLLock(locate(server.url), "anew") as lock:
        lock.check()
        server.end_lock_sessions()
        for _ in range(2):
            with pytest.raises(StorageError, match="the same command continues"):
                lock.check()


def test_the_lock_goes_with_its_process(server):
    code = (
        "import sys, time; from hpsoft.study.storage.mysql_lock import MySQLLock;"
        "from hpsoft.study.storage.location import locate;"
        "lock = MySQLLock(locate(sys.argv[1]), 'gone').__enter__(); print(1, flush=True);"
        "time.sleep(60)"
    )
    process = warm.start(server.url, code=code, stdout=subprocess.PIPE)
    assert process.stdout.readline()
    with pytest.raises(StudyError, match="is being written by"):
        MySQLLock(locate(server.url), "gone").__enter__()
    process.kill()
    process.communicate()

    def free():
        with MySQLLock(locate(server.url), "gone"):
            return True

    until(free, 10)


def test_the_session_may_wait_for_hours(server):
    with MySQLLock(locate(server.url), "idle") as lock:
        assert int(lock._ask("SELECT @@SESSION.wait_timeout")[0]) > 30 * 24 * 3600


def test_a_grid_does_not_grow_there(server, tmp_path):
    small = SmallSearch(tmp_path, write_data(tmp_path))
    where = {"storage": server.url, "study": "grows"}
    small.run(settings=("epochs=1", *SETTINGS[1:]), **where)
    with pytest.raises(StudyError, match="cannot let its grid grow"):
        small.run(**where)


def test_a_url_without_a_driver_means_pymysql(monkeypatch):
    monkeypatch.setitem(sys.modules, "MySQLdb", None)
    for scheme in ("mysql", "mariadb", "mysql+pymysql", "mariadb+pymysql"):
        assert locate(f"{scheme}://me@host/db").engine_url == "mysql+pymysql://me@host/db"


def test_trials_in_one_transaction_are_those_of_optuna(server):
    check_like_optuna(server.url)
    check_race(server.url)
