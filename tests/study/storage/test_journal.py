"""The journal file: torn lines, batches, and locks between processes."""

import errno
import json
import os
import shlex
import subprocess

import optuna
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hpsoft.errors import StorageError
from hpsoft.study.certificate import certificate
from hpsoft.study.find import studies
from hpsoft.study.resume import open_study
from hpsoft.study.storage.journal import JournalFile


@pytest.fixture
def storage(tmp_path):
    """A journal: these tests are about its file."""
    return tmp_path / "studies.journal"


def stock_journal(path):
    """Open the journal with Optuna's own backend and lock."""
    backend = optuna.storages.journal.JournalFileBackend(str(path))
    return optuna.storages.JournalStorage(backend)


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(cut=st.integers(1, 3000))
def test_a_journal_cut_anywhere_loses_unfinished_records_only(tmp_path, identity, records, cut):
    """As a kill or a power cut leaves it: whole lines stay, and the search goes on."""
    path = tmp_path / "studies.journal"
    path.unlink(missing_ok=True)
    with open_study(path, "s", identity, versions={}) as store:
        store.append(records)
    whole = path.read_bytes()
    torn = whole[: max(1, len(whole) - cut)]
    path.write_bytes(torn)
    left = sum(b'"op_code":4' in line for line in torn.split(b"\n")[:-1])
    with open_study(path, "s", identity, versions={}) as store:
        assert len(store.finished()) == left
        assert store.append(records) == len(records) - left
        assert certificate(store).complete
    assert len(stock_journal(path).get_all_trials(0)) == len(records)


def test_a_torn_line_can_be_read_past_but_is_left_to_the_writer(storage, open_store, records):
    """Looking neither fails on it nor changes the file."""
    open_store().append(records[:2])
    with storage.open("ab") as file:
        file.write(b'{"op_code":4,"worker')
    before = storage.read_bytes()
    assert studies(storage)[0].n_finished == 2
    assert storage.read_bytes() == before


def test_zeros_of_a_power_cut_are_cut_off(storage, open_store, records):
    """A file system may keep a file's new length and lose the bytes."""
    with open_store() as store:
        store.append(records[:2])
    with storage.open("ab") as file:
        file.write(b"\0" * 500)
    assert open_store().append(records) == len(records) - 2


@pytest.mark.parametrize(
    "content",
    [b"my notes", b"my notes\n", b"[1]\n", b'{"a": 1}\n', b"7\n", b"\xff\xfe\n", b"a\nb"],
    ids=["torn", "text", "list", "object", "number", "binary", "two"],
)
@pytest.mark.parametrize("write", [False, True])
def test_a_file_that_is_no_journal_is_left_as_it_is(storage, identity, content, write):
    """Nothing is cut off a file that hpsoft or Optuna did not write."""
    storage.write_bytes(content)

    def look():
        return open_study(storage, "s", identity, versions={}) if write else studies(storage)

    with pytest.raises(StorageError, match="not an Optuna journal"):
        look()
    assert storage.read_bytes() == content


def test_a_damaged_line_is_named(storage, open_store, records):
    """A line in the middle is not ours to take out; the message says how."""
    open_store().append(records[:2])
    lines = storage.read_bytes().splitlines(keepends=True)
    storage.write_bytes(b"".join([*lines[:2], b'{"op_code":4,"st{"op_code":4}\n', *lines[2:]]))
    with pytest.raises(StorageError, match="Line 3 of the journal") as caught:
        studies(storage)
    _, _, command = str(caught.value).partition("copy: ")
    subprocess.run(shlex.split(command), check=True)
    assert storage.with_name("studies.journal.bak").exists()
    assert studies(storage)[0].n_finished == 2


def test_a_batch_is_one_write(storage, open_store, records, monkeypatch):
    """One sync for all its trials: that is where the time goes."""
    store = open_store()
    synced = []
    monkeypatch.setattr(os, "fsync", synced.append)
    store.append(records)
    assert len(synced) == 1
    store.append(records)
    assert len(synced) == 1


def test_an_interrupted_batch_keeps_what_was_appended(storage):
    """Ctrl-C between two records loses neither, and the journal can be used on."""
    journal = JournalFile(storage)
    records = [
        {"op_code": 0, "worker_id": "w", "study_name": f"s{n}", "directions": [1]}
        for n in range(4)
    ]

    def interrupted():
        with journal.batch():
            journal.append_logs(records[:2])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    journal.append_logs(records[2:3])
    with journal.batch():
        assert list(journal.read_logs(0)) == records[:3]
        journal.append_logs(records[3:])
        assert list(journal.read_logs(2)) == records[2:]
    assert list(journal.read_logs(4)) == []
    assert list(journal.read_logs(1)) == records[1:]
    assert [json.loads(line) for line in storage.read_bytes().splitlines()] == records


def test_a_failed_write_leaves_the_file_and_says_so(storage, open_store, records, monkeypatch):
    """The disk fills up while a batch is synced: the file ends where it ended before."""
    store = open_store()
    store.append(records[:2])
    before = storage.read_bytes()

    def full(_file):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(StorageError, match="disk is full"):
            store.append(records)
    assert storage.read_bytes() == before
    with pytest.raises(StorageError, match="An earlier write"):
        store.append(records)
    with pytest.raises(StorageError, match="An earlier write"):
        store.finished()
    store.close()
    assert open_store().append(records) == len(records) - 2


def test_stock_optuna_and_hpsoft_append_to_one_journal(storage, open_store, records):
    """Each respects the other's lock and sees the other's records."""
    store = open_store()
    theirs = optuna.create_study(study_name="theirs", storage=stock_journal(storage))
    for number, record in enumerate(records):
        store.append([record])
        theirs.add_trial(optuna.trial.create_trial(value=number))
    assert certificate(store).complete
    assert len(theirs.trials) == len(records)
    assert sorted(s.name for s in studies(storage)) == ["s", "theirs"]
