"""Where studies are kept: what an option means, and what goes wrong, in words."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import optuna
import pytest
import warm

from hpsoft.errors import StorageError
from hpsoft.study.find import studies
from hpsoft.study.storage.connect import OPTUNA_TABLES, connect
from hpsoft.study.storage.location import locate


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}"])
@pytest.mark.parametrize("name", ["what now?", "p%20q #1 ü", "a?b=1&c {0}"])
def test_a_file_has_the_very_name_that_was_given(tmp_path, empty_database, form, name):
    """In SQLite and in a journal; found again, and nothing beside it."""
    place = tmp_path / name
    place.mkdir()
    path, journal = place / f"{name}.db", place / f"{name}.journal"
    shutil.copy(empty_database, path)
    for text in (form.replace("{}", str(path)), str(journal)):
        connection = connect(locate(text), write=True)
        optuna.create_study(study_name="s", storage=connection.storage)
        connection.close()
        assert [summary.name for summary in studies(text)] == ["s"]
    assert {file.name for file in place.iterdir()} == {path.name, journal.name}


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
            if not os.access(optuna.__file__, os.R_OK, effective_ids=True):
                pytest.skip("Optuna lies in a folder of root's own; .ci/run opens it")
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


OPEN_TOGETHER = """
import sys, time
from hpsoft.study.storage.location import locate
from hpsoft.study.storage.connect import connect
import alembic.migration, optuna, sqlalchemy
optuna.storages.RDBStorage
print("ready", flush=True)
sys.stdin.readline()
connect(locate(sys.argv[1]), write=True)
"""


def test_processes_that_make_one_database_together(tmp_path):
    """None fails because another was faster at a table or a row."""
    path = tmp_path / "a.db"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    processes = [warm.start(path, code=OPEN_TOGETHER, **pipes, text=True) for _ in range(3)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _, told = process.communicate(timeout=60)
        assert (process.returncode, told) == (0, "")


@pytest.mark.parametrize("table", ["alembic_version", "studies"])
def test_a_database_that_another_process_makes_meanwhile(tmp_path, monkeypatch, table):
    """Just before our first row of its versions, or our first table, theirs is there."""
    import alembic.migration
    from optuna.storages._rdb.models import BaseModel

    path = tmp_path / "a.db"
    theirs = []

    def after_them(ours):
        def call(*args, **kwargs):
            if not theirs:
                theirs.append(True)
                connect(locate(path), write=True)
                if table == "studies":  # what they have is not looked for any more
                    kwargs["checkfirst"] = False
            return ours(*args, **kwargs)

        return call

    if table == "studies":
        metadata = BaseModel.metadata
        monkeypatch.setattr(metadata, "create_all", after_them(metadata.create_all))
    else:
        context = alembic.migration.MigrationContext
        monkeypatch.setattr(context, "stamp", after_them(context.stamp))
    connect(locate(path), write=True)
    assert theirs
    with sqlite3.connect(path) as database:
        assert database.execute("select count(*) from alembic_version").fetchone() == (1,)


def test_importing_the_search_does_not_import_optuna():
    """Half a second that a command without a study need not spend."""
    modules = [
        "hpsoft.space.build", "hpsoft.space.grid", "hpsoft.study.storage.connect",
        "hpsoft.study.resume", "hpsoft.study.writer", "hpsoft.study.find", "hpsoft.study.export",
        "hpsoft.study.certificate",
    ]  # fmt: skip
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


def test_optunas_tables_are_those_we_know():
    """A database with others beside them, or none of them, is another program's."""
    from optuna.storages._rdb.models import BaseModel

    assert {*BaseModel.metadata.tables, "alembic_version"} == OPTUNA_TABLES
