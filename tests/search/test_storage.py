"""Where studies are kept: what an option means, and what goes wrong, in words."""

import errno
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import optuna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsoft.errors import StorageError
from hpsoft.search.faults import storage_errors
from hpsoft.search.listing import studies
from hpsoft.search.location import Backend, locate, redacted
from hpsoft.search.storage import connect


def test_the_default_is_a_journal_in_this_folder(tmp_path, monkeypatch):
    """Without an option and a variable it is ./hpsoft.journal."""
    monkeypatch.delenv("OPTUNA_STORAGE", raising=False)
    monkeypatch.chdir(tmp_path)
    assert locate().path == tmp_path / "hpsoft.journal"
    assert locate().backend is Backend.JOURNAL


def test_optuna_storage_is_the_default_and_the_option_wins(tmp_path, monkeypatch):
    """The variable is Optuna's own."""
    monkeypatch.setenv("OPTUNA_STORAGE", f"sqlite:///{tmp_path}/a.db")
    assert locate().path == tmp_path / "a.db"
    assert locate(tmp_path / "b.journal").path == tmp_path / "b.journal"


@pytest.mark.parametrize(
    ("text", "backend", "path"),
    [
        ("/x/a.journal", Backend.JOURNAL, "/x/a.journal"),
        ("/x/a.log", Backend.JOURNAL, "/x/a.log"),
        ("/x/a.sqlite3", Backend.DATABASE, "/x/a.sqlite3"),
        ("sqlite:////x/a.db?timeout=1", Backend.DATABASE, "/x/a.db"),
        ("sqlite://", Backend.DATABASE, None),
        ("sqlite:///:memory:", Backend.DATABASE, None),
        ("postgresql+psycopg://u@h/d", Backend.DATABASE, None),
        ("mysql://u@h/d", Backend.DATABASE, None),
        ("redis://h:6379/0", Backend.REDIS, None),
    ],
)
def test_paths_and_urls_are_told_apart(text, backend, path):
    """A suffix says what a path is, a scheme what a URL is."""
    location = locate(text)
    assert (location.backend, location.path) == (backend, path and Path(path))


@pytest.mark.parametrize("text", ["studies", "a.csv", "oracle://u:s3cret@h/d", "http://h"])
def test_unknown_kinds_of_storage_are_refused(text):
    """The message names what there is, and no password."""
    with pytest.raises(StorageError, match="journal") as caught:
        locate(text)
    assert "s3cret" not in str(caught.value)


WORD = st.text("abcXYZ019.-_%", min_size=1)


@given(WORD, st.text("pqr:@/?#[]!$&'()*+,;=", min_size=1), WORD)
def test_no_password_survives_redaction(user, password, host):
    """Not even one that should have been quoted; who and where stay readable."""
    shown = redacted(f"cannot reach postgresql://{user}:{password}@{host}/db now")
    assert shown == f"cannot reach postgresql://{user}:***@{host}/db now"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://:pw@h:6379/0", "redis://:***@h:6379/0"),
        ("mysql://me@corp:pw@h/d", "mysql://me@corp:***@h/d"),
        ("postgresql://h/d?user=me&password=pw&x=1", "postgresql://h/d?user=me&password=***&x=1"),
        ("sqlite:////x/a.db", "sqlite:////x/a.db"),
        ("redis://h:6379/0", "redis://h:6379/0"),
    ],
)
def test_redaction_hides_passwords_only(url, shown):
    """Wherever a URL may hold one."""
    assert redacted(url) == shown
    assert str(locate(url)) in {shown, "/x/a.db"}


@pytest.mark.parametrize("name", ["a.journal", "a.db"])
def test_looking_creates_nothing(tmp_path, name):
    """A storage that is not there is an error, and is still not there."""
    with pytest.raises(StorageError, match="hpsoft search"):
        studies(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_database_holds_no_studies(tmp_path):
    """Looking at it adds no tables to it."""
    path = tmp_path / "a.db"
    path.touch()
    with pytest.raises(StorageError, match="no studies"):
        studies(path)
    assert path.stat().st_size == 0


def test_a_folder_or_a_device_is_no_storage(tmp_path, monkeypatch):
    """Each is named as what it is."""
    (tmp_path / "a.journal").mkdir()
    (tmp_path / "b.journal").symlink_to("/dev/null")
    for name, message in [("a", "is a folder"), ("b", "not a regular file")]:
        with pytest.raises(StorageError, match=message):
            connect(locate(tmp_path / f"{name}.journal"), write=True)
    with pytest.raises(StorageError, match=r"folder .*absent does not exist"):
        connect(locate(tmp_path / "absent" / "c.db"), write=True)


@pytest.fixture
def unprivileged(tmp_path):
    """A folder of one's own, and no power of root over it."""
    connect(locate(tmp_path / "a.db"), write=True)  # load modules while their folder can be read
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o777)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            if root:
                os.seteuid(0)


@pytest.mark.parametrize("suffix", ["journal", "db"])
def test_a_folder_that_may_not_be_written_is_said(unprivileged, suffix):
    """The reason is in the message, and the way out."""
    folder = unprivileged / "closed"
    folder.mkdir()
    folder.chmod(0o555)
    with pytest.raises(StorageError, match=r"denied|unable to open.*--storage"):
        connect(locate(folder / f"a.{suffix}"), write=True)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("suffix", ["journal", "db"])
def test_a_read_only_file_can_be_read_but_not_written(unprivileged, suffix):
    """Looking needs no right to write."""
    path = unprivileged / f"a.{suffix}"
    optuna.create_study(study_name="s", storage=connect(locate(path), write=True).storage)
    path.chmod(0o444)
    assert [summary.name for summary in studies(path)] == ["s"]
    with pytest.raises(StorageError, match="denied"):
        connect(locate(path), write=True)


def test_a_database_of_another_program_is_left_alone(tmp_path):
    """No table of Optuna's is added to it."""
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as database:
        database.execute("create table photos (id integer)")
    for write in (False, True):
        with pytest.raises(StorageError, match="another program"):
            connect(locate(path), write=write)
    with sqlite3.connect(path) as database:
        assert database.execute("select count(*) from sqlite_master").fetchone() == (1,)


def test_a_database_of_another_version_says_how_to_upgrade(tmp_path):
    """Optuna's own advice is passed on."""
    path = tmp_path / "a.db"
    connect(locate(path), write=True)
    with sqlite3.connect(path) as database:
        database.execute("update alembic_version set version_num = 'v1.3.0.a'")
    with pytest.raises(StorageError, match="optuna storage upgrade"):
        connect(locate(path), write=True)


def test_a_file_that_is_no_database_is_said(tmp_path):
    """SQLite's finding is passed on in one line."""
    path = tmp_path / "a.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageError, match="file is not a database"):
        connect(locate(path), write=True)


def test_a_locked_database_is_said(tmp_path, monkeypatch):
    """Another process's transaction ends the wait, not the program."""
    monkeypatch.setattr("hpsoft.search.storage.SQLITE_TIMEOUT_S", 0.01)
    monkeypatch.setattr("time.sleep", lambda _: None)  # Optuna's pauses between its attempts
    path = tmp_path / "a.db"
    connection = connect(locate(path), write=True)
    other = sqlite3.connect(path)
    other.execute("begin exclusive")
    with pytest.raises(StorageError, match="locked by another process"), connection.errors():
        optuna.create_study(study_name="s", storage=connection.storage)
    other.close()


@pytest.mark.parametrize(
    ("url", "package"),
    [
        ("postgresql+psycopg2://u:s3cret@localhost/d", "psycopg2-binary"),
        ("postgresql+psycopg://u:s3cret@localhost/d", r"psycopg\[binary\]"),
        ("mysql://u:s3cret@localhost/d", "mysqlclient"),
        ("mysql+pymysql://u:s3cret@localhost/d", "PyMySQL"),
        ("redis://u:s3cret@localhost/0", "redis"),
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


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_said(tmp_path, number):
    """Whichever of its names it has."""
    with (
        pytest.raises(StorageError, match="disk is full"),
        storage_errors(locate(tmp_path / "a.journal")),
    ):
        raise OSError(number, os.strerror(number))


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
    from hpsoft.search.grid import Grid
    from hpsoft.search.records import Identity, TrialRecord
    from hpsoft.search.study import open_study

    path, limit = Path(sys.argv[1]), int(sys.argv[2])
    space = {"a": tuple(range(40))}
    store = open_study(path, "s", Identity("d", "f", "raw", "o", "t", 0.2, 0, space), versions={})
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
    assert "disk is full" in said[0]
    assert "earlier write" in said[1]
    assert path.read_bytes().endswith(b"\n")
    assert studies(path)[0].n_finished % 5 == 0
    assert 0 < studies(path)[0].n_finished < 40
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != limit


def test_importing_the_search_does_not_import_optuna():
    """Half a second that a command without a study need not spend."""
    modules = [
        f"hpsoft.search.{file.stem}"
        for file in (Path(__file__).parents[2] / "hpsoft" / "search").glob("*.py")
        if file.stem
        in {"space", "grid", "storage", "study", "store", "listing", "export", "certificate"}
    ]
    assert len(modules) == 8
    code = f"import {', '.join(modules)}, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    loaded = set(done.stdout.split())
    assert not loaded & {"optuna", "sqlalchemy", "pyarrow", "pandas", "rich"}
