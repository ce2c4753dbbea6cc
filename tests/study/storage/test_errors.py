"""What goes wrong with a storage, in words."""

import errno
import os
import resource
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import optuna
import pytest

from hpsoft.errors import StorageError
from hpsoft.study.find import studies
from hpsoft.study.storage.connect import connect
from hpsoft.study.storage.errors import storage_errors
from hpsoft.study.storage.location import locate


def test_a_file_that_is_no_database_is_said(tmp_path):
    """SQLite's finding is passed on in one line."""
    path = tmp_path / "a.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageError, match="file is not a database"):
        connect(locate(path), write=True)


def test_a_locked_database_is_said(tmp_path, monkeypatch):
    """Another process's transaction ends the wait, not the program."""
    monkeypatch.setattr("time.sleep", lambda _: None)  # Optuna's pauses between its attempts
    path = tmp_path / "a.db"
    connection = connect(locate(f"sqlite:///{path}?timeout=0.01"), write=True)
    other = sqlite3.connect(path)
    other.execute("begin exclusive")
    with pytest.raises(StorageError, match="locked by another process"), connection.errors():
        optuna.create_study(study_name="s", storage=connection.storage)
    other.close()


@pytest.mark.parametrize(
    ("url", "package"),
    [
        ("postgresql+psycopg2://u:s3cret@localhost/d", "psycopg2-binary"),
        ("postgresql+psycopg://u:s3cret@localhost/d", r"hpsoft\[postgres\]"),
        ("mysql://u:s3cret@localhost/d", r"hpsoft\[mysql\]"),
        ("mariadb://u:s3cret@localhost/d", r"hpsoft\[mysql\]"),
        ("mysql+mysqldb://u:s3cret@localhost/d", "mysqlclient"),
        ("mysql+pymysql://u:s3cret@localhost/d", r"hpsoft\[mysql\]"),
        ("redis://u:s3cret@localhost/0", r"hpsoft\[redis\]"),
    ],
)
def test_a_missing_driver_is_named(url, package, monkeypatch):
    """With what to install, and without the password."""
    for module in ("psycopg2", "psycopg", "MySQLdb", "pymysql", "redis"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(StorageError, match=f"pip install '?{package}") as caught:
        connect(locate(url), write=True)
    assert "s3cret" not in str(caught.value)


def test_a_redis_url_is_a_journal_in_redis(monkeypatch):
    """The experimental warning of Optuna's backend is not the user's business."""
    calls = []

    class Backend:
        def __init__(self, url):
            calls.append(url)

        def read_logs(self, _from):
            return []

        def load_snapshot(self):
            return None

    monkeypatch.setitem(sys.modules, "redis", sys)
    monkeypatch.setattr("optuna.storages.journal.JournalRedisBackend", Backend)
    connection = connect(locate("redis://localhost/0"), write=True)
    assert calls == ["redis://localhost/0"]
    assert optuna.get_all_study_names(connection.storage) == []
    with connection.batch():
        assert connection.journal is None


def test_an_impossible_url_is_said_without_its_password():
    """SQLAlchemy's refusal becomes ours."""
    with pytest.raises(StorageError, match="not a database URL") as caught:
        connect(locate("postgresql://u:s3cret@host:port/d"), write=True)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said(tmp_path, number):
    """Whichever of its names it has."""
    with (
        pytest.raises(StorageError, match="disk is full"),
        storage_errors(locate(tmp_path / "a.journal")),
    ):
        raise OSError(number, os.strerror(number))


@pytest.mark.parametrize("number", [errno.EFBIG, errno.EIO, errno.EROFS, errno.ENOMEM])
def test_no_other_cause_is_a_full_disk(tmp_path, number):
    """A limit on the size of files has a cure of its own."""
    with (
        pytest.raises(StorageError) as caught,
        storage_errors(locate(tmp_path / "full.journal")),
    ):
        raise OSError(number, os.strerror(number))
    assert "disk is full" not in str(caught.value)
    assert ("ulimit -f" in str(caught.value)) == (number == errno.EFBIG)


def test_the_word_alone_says_nothing_of_the_disk(tmp_path):
    """Neither a table called full nor a database called locked."""
    path = tmp_path / "full locked.db"
    connection = connect(locate(path), write=True)
    with (
        pytest.raises(StorageError, match="no such table: full_and_locked") as caught,
        connection.errors(),
        connection.storage.engine.connect() as database,
    ):
        database.exec_driver_sql("select * from full_and_locked")
    assert "disk is full" not in str(caught.value)
    assert "another process" not in str(caught.value)


def test_a_full_disk_under_a_server_is_said(tmp_path):
    """PostgreSQL's own code, in whatever language its message is."""
    import sqlalchemy

    refusal = Exception("Platte voll")
    refusal.sqlstate = "53100"
    with (
        pytest.raises(StorageError, match="disk is full"),
        storage_errors(locate("postgresql://u@localhost/d")),
    ):
        raise sqlalchemy.exc.OperationalError("insert", {}, refusal)


def test_a_full_database_is_said(tmp_path):
    """SQLite's page limit stands in for the end of the disk."""
    connection = connect(locate(tmp_path / "a.db"), write=True)
    storage = connection.storage
    study = optuna.create_study(study_name="s", storage=storage)
    with storage.engine.connect() as database:
        pages = database.exec_driver_sql("pragma page_count").scalar()

    import sqlalchemy

    @sqlalchemy.event.listens_for(storage.engine, "engine_connect")
    def limit(database):
        database.exec_driver_sql(f"pragma max_page_count = {pages}")

    def fill():
        with connection.errors():
            for number in range(100):
                study.set_user_attr(f"a{number}", "x" * 2000)

    with pytest.raises(StorageError, match="disk is full"):
        fill()


def test_braces_in_a_url_are_no_template(tmp_path):
    """Optuna formats its URLs; a name or a password may hold anything."""
    connection = connect(locate(tmp_path / "{a}{0}.db"), write=True)
    optuna.create_study(study_name="s", storage=connection.storage)
    assert [summary.name for summary in studies(tmp_path / "{a}{0}.db")] == ["s"]


def test_other_errors_pass_unchanged(tmp_path):
    """A bug is not dressed up as a storage that cannot be used."""
    with pytest.raises(ZeroDivisionError), storage_errors(locate(tmp_path / "a.journal")):
        _ = 1 / 0


FILL = """
    import resource, sys
    from pathlib import Path
    from hpsoft.errors import StorageError
    from hpsoft.space.grid import Grid
    from hpsoft.study.identity import Identity
    from hpsoft.study.records import TrialRecord
    from hpsoft.study.resume import open_study

    path, limit = Path(sys.argv[1]), int(sys.argv[2])
    space = {"a": tuple(range(40))}
    store = open_study(path, "s", Identity("d", "f", "raw", "o", "float32", 0.2, 0, space), versions={})
    records = [TrialRecord(params, grid_id, 0.5) for grid_id, params in store.grid]
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        for start in range(0, 40, 5):
            store.append(records[start : start + 5])
    except StorageError as error:
        print(error)
        try:
            store.append(records)
        except StorageError as error:
            print(error)
"""


@pytest.mark.parametrize("limit", [5000, 7777, 9999])
def test_a_write_that_stops_half_way_leaves_a_sound_journal(tmp_path, limit):
    """The kernel takes a part of a batch and then no more: none of that batch stays."""
    path = tmp_path / "a.journal"
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FILL), str(path), str(limit)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    said = done.stdout.splitlines()
    assert "ulimit -f" in said[0]
    assert "earlier write" in said[1]
    assert path.read_bytes().endswith(b"\n")
    assert studies(path)[0].n_finished % 5 == 0
    assert 0 < studies(path)[0].n_finished < 40
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != limit
