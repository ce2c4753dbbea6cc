"""Finished trials in one transaction, against Optuna's own way: the same rows in all tables."""

import os
import shutil
import signal
import sys

import optuna
import pytest
import sqlalchemy
import warm
from bulk_trials import DISTRIBUTIONS, TABLES, all_kinds, check_like_optuna, check_race, trial_of
from hypothesis import given, settings
from hypothesis import strategies as st
from optuna.distributions import CategoricalDistribution
from optuna.trial import TrialState

from hpsoft.errors import StorageError
from hpsoft.study.frozen_trial import Converter
from hpsoft.study.resume import open_study
from hpsoft.study.storage.bulk import add_trials, n_finished
from hpsoft.study.storage.connect import connect
from hpsoft.study.storage.location import locate

VALUES = {
    "rate": st.floats(1e-5, 10.0),
    "share": st.sampled_from([0.0, 0.25, 1.0]),
    "epochs": st.integers(1, 64),
    "batch": st.integers(0, 8).map(lambda n: 8 * n),
    "kind": st.sampled_from(DISTRIBUTIONS["kind"].choices),
}
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
ATTRIBUTES = st.dictionaries(TEXT, JSON, max_size=3)


@st.composite
def finished(draw):
    state = draw(st.sampled_from([TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL]))
    value = st.floats(allow_nan=False)
    if state is not TrialState.COMPLETE:
        value = st.none() if state is TrialState.FAIL else st.none() | value
    trial = trial_of(
        state,
        draw(value),
        draw(st.fixed_dictionaries({}, optional=VALUES)),
        draw(st.dictionaries(st.integers(0, 9), st.floats(), max_size=4)),
        draw(ATTRIBUTES),
        draw(ATTRIBUTES),
    )
    moments = st.datetimes(trial.datetime_start.replace(year=1980), trial.datetime_start)
    trial.datetime_start = draw(moments)
    return trial


@pytest.fixture(scope="module")
def two_databases(tmp_path_factory, empty_database):
    """Two empty databases, opened once: that takes a second."""
    folder = tmp_path_factory.mktemp("two")
    opened = []
    for name in ("ours.db", "theirs.db"):
        shutil.copy(empty_database, folder / name)
        opened.append(connect(locate(folder / name), write=True))
    yield [connection.storage for connection in opened]
    for connection in opened:
        connection.close()


@pytest.fixture
def database(tmp_path, empty_database):
    """An open database with the empty study `s`."""
    path = tmp_path / "a.db"
    shutil.copy(empty_database, path)
    connection = connect(locate(path), write=True)
    optuna.create_study(study_name="s", storage=connection.storage)
    yield connection
    connection.close()


def empty(storage):
    """Take all rows out, so that ids begin anew, and make the study."""
    with storage.engine.begin() as session:
        for table in (*reversed(TABLES), "study_directions", "studies"):
            session.execute(sqlalchemy.text(f"DELETE FROM {table}"))
    return storage.create_new_study([optuna.study.StudyDirection.MINIMIZE], "s")


def dump(storage):
    """Return every table whole, with all ids."""
    with storage.engine.connect() as session:
        names = sorted(sqlalchemy.inspect(session).get_table_names())
        query = "SELECT * FROM {} ORDER BY 1"
        found = {n: session.execute(sqlalchemy.text(query.format(n))).all() for n in names}
    assert len(found) == 13
    return found


@settings(max_examples=15, deadline=None)
@given(st.lists(finished(), min_size=1, max_size=4), finished(), st.lists(finished(), max_size=2))
def test_the_rows_are_those_of_optuna(two_databases, first, between, last):
    """In batches, and with a trial of stock Optuna in between."""
    ours, theirs = two_databases
    study = empty(ours)
    assert add_trials(ours, "s", first)
    ours.create_new_trial(study, between)
    assert add_trials(ours, "s", last)
    study = empty(theirs)
    for trial in (*first, between, *last):
        theirs.create_new_trial(study, trial)
    assert dump(ours) == dump(theirs)


def test_stock_optuna_reads_the_same(tmp_path, empty_database):
    path = tmp_path / "a.db"
    shutil.copy(empty_database, path)
    check_like_optuna(path)


def test_numbers_are_dense_while_stock_optuna_writes_too(tmp_path, empty_database):
    path = tmp_path / "a.db"
    shutil.copy(empty_database, path)
    check_race(path)


def test_an_open_study_of_optuna_sees_them(database):
    """Its cache of finished trials, filled before, reads on."""
    study = optuna.load_study(study_name="s", storage=database.storage)
    study.add_trial(trial_of(value=3.0))
    assert len(study.get_trials()) == 1
    running = study.ask()
    assert add_trials(database.storage, "s", [trial_of(value=1.0), trial_of(value=2.0)])
    study.tell(running, 0.5)
    assert [trial.value for trial in study.get_trials()] == [3.0, 0.5, 1.0, 2.0]
    assert study.best_trial.number == 1
    assert n_finished(database.storage, "s") == 4


@pytest.mark.parametrize(
    "change",
    ["UPDATE alembic_version SET version_num = 'v9.0.0.a'",
     "UPDATE version_info SET schema_version = 13"],
)  # fmt: skip
def test_tables_of_another_version_are_left_to_optuna(database, change):
    with database.storage.engine.begin() as session:
        session.execute(sqlalchemy.text(change))
    before = dump(database.storage)
    assert not add_trials(database.storage, "s", all_kinds())
    assert n_finished(database.storage, "s") is None
    assert dump(database.storage) == before


def test_what_is_no_known_database_is_left_to_optuna(database, monkeypatch):
    assert not add_trials(optuna.storages.InMemoryStorage(), "s", [trial_of()])
    assert not add_trials(database.storage, "no such study", [trial_of()])
    monkeypatch.setitem(sys.modules, "optuna.storages._rdb.models", None)
    monkeypatch.delattr("optuna.storages._rdb.models")
    assert not add_trials(database.storage, "s", [trial_of()])


def test_a_distribution_that_does_not_fit_is_refused_as_by_optuna(database):
    """Nothing of the batch is stored."""
    other = trial_of(params={"kind": True})
    other.distributions = {"kind": CategoricalDistribution([True, False])}
    for batch in ([trial_of(), other], [other, trial_of()]):
        with pytest.raises(ValueError, match="CategoricalDistribution does not support dynamic"):
            add_trials(database.storage, "s", batch)
    assert n_finished(database.storage, "s") == 0
    assert add_trials(database.storage, "s", [other])
    with pytest.raises(ValueError, match="CategoricalDistribution does not support dynamic"):
        add_trials(database.storage, "s", [trial_of()])
    assert n_finished(database.storage, "s") == 1


KILLED = """
import sys
from bulk_trials import all_kinds
from hpsoft.study.storage import bulk
from hpsoft.study.storage.connect import connect
from hpsoft.study.storage.location import locate
import os, signal, sqlalchemy
connection = connect(locate(sys.argv[1]), write=True)
@sqlalchemy.event.listens_for(connection.storage.engine, "commit")
def kill(session):
    os.kill(os.getpid(), signal.SIGKILL)
bulk.add_trials(connection.storage, "s", all_kinds())
"""


def test_a_kill_before_the_commit_leaves_none(database):
    """All rows are sent by then; the next batch is numbered from 0."""
    path = database.location.path
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = warm.run(path, code=KILLED, env=environment)
    assert done.returncode == -signal.SIGKILL
    assert n_finished(database.storage, "s") == 0
    assert add_trials(database.storage, "s", all_kinds())
    study = optuna.load_study(study_name="s", storage=database.storage)
    assert [trial.number for trial in study.get_trials()] == list(range(len(all_kinds())))


def test_a_lock_of_another_process_is_waited_for_then_said(database, monkeypatch):
    mine = connect(locate(f"sqlite:///{database.location.path}?timeout=0.01"), write=True)
    with database.storage.engine.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        monkeypatch.setattr("time.sleep", lambda _: other.rollback())
        assert add_trials(mine.storage, "s", [trial_of()])
        other.exec_driver_sql("BEGIN IMMEDIATE")
        monkeypatch.setattr("time.sleep", lambda _: None)
        with pytest.raises(StorageError, match="locked by another process"), mine.errors():
            add_trials(mine.storage, "s", [trial_of()])
    assert n_finished(mine.storage, "s") == 1
    mine.close()


def test_a_study_is_read_only_where_others_wrote(tmp_path, empty_database, identity, records):
    """Appending asks for the count alone; what is `finished` is always read from the tables."""
    path = tmp_path / "a.db"
    shutil.copy(empty_database, path)
    with open_study(path, "s", identity, versions={}) as store:
        assert store.append(records[:2]) == 2
        reads = []
        sqlalchemy.event.listen(
            store.connection.storage.engine,
            "before_cursor_execute",
            lambda *given: reads.append(given[2]) if "trial_params" in given[2] else None,
        )
        assert store.append(records[1:4]) == 2
        assert not [query for query in reads if "trial_params.param_id" in query]
        add_trials(store.connection.storage, "s", [Converter(store.grid).to_optuna(records[4])])
        assert store.append(records[3:7]) == 2
        assert [query for query in reads if "trial_params.param_id" in query]
        reads.clear()
        assert store.finished().keys() == set(range(7))
        assert [query for query in reads if "trial_params.param_id" in query]
        numbers = [record.number for record in store.finished().values()]
        assert sorted(numbers) == list(range(7))


def test_where_optuna_is_left_to_it_the_search_is_stored_as_before(
    tmp_path, empty_database, identity, records
):
    path = tmp_path / "a.db"
    shutil.copy(empty_database, path)
    with open_study(path, "s", identity, versions={}) as store:
        with store.connection.storage.engine.begin() as session:
            session.execute(sqlalchemy.text("UPDATE version_info SET schema_version = 13"))
        assert store.append(records[:3]) == 3
        assert store.append(records[1:5]) == 2
        assert store.finished().keys() == set(range(5))
