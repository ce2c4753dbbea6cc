"""The journal file: torn lines, batches, and locks between processes."""

import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import optuna
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hpsoft.errors import StorageError, StudyError
from hpsoft.search import locks
from hpsoft.search.certificate import certificate
from hpsoft.search.journal import JournalFile
from hpsoft.search.listing import studies
from hpsoft.search.locks import JournalLock, WriterLock
from hpsoft.search.study import open_study

REPOSITORY = Path(__file__).parents[2]


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
    with pytest.raises(StorageError, match="Line 3 of the journal"):
        studies(storage)


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
    records = [{"op_code": 1, "n": n} for n in range(4)]

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


def test_our_lock_left_by_a_kill_is_taken_over_at_once(storage, identity):
    """Whoever holds the kernel's lock knows that the link's owner is dead."""
    lock = JournalLock(storage)
    os.symlink(lock.target, lock.link)  # noqa: PTH211 -- Path would tidy the mark away
    start = time.monotonic()
    open_study(storage, "s", identity, versions={}).close()
    assert time.monotonic() - start < locks.GRACE_S / 2
    assert not os.path.lexists(lock.link)


@pytest.mark.parametrize("kind", ["absolute", "dangling", "file"])
def test_a_lock_left_by_stock_optuna_ends_after_the_grace_period(
    storage, identity, kind, monkeypatch
):
    """Also one that points nowhere, on which stock Optuna itself would wait for ever."""
    monkeypatch.setattr(locks, "GRACE_S", 0.2)
    link = storage.with_name("studies.journal.lock")
    if kind == "file":
        link.touch()
    else:
        link.symlink_to(storage if kind == "absolute" else "no/such/file")
    start = time.monotonic()
    open_study(storage, "s", identity, versions={}).close()
    assert time.monotonic() - start > 0.2
    assert not os.path.lexists(link)


def test_a_lock_that_stock_optuna_gives_back_is_waited_for(storage, identity, monkeypatch):
    """A live process is not disturbed."""
    link = storage.with_name("studies.journal.lock")
    link.symlink_to(storage)
    waits = []

    def wait(seconds):
        waits.append(seconds)
        if len(waits) == 3:
            link.unlink()

    monkeypatch.setattr(locks.time, "sleep", wait)
    open_study(storage, "s", identity, versions={}).close()
    assert len(waits) == 3


def test_a_lock_given_back_while_it_is_looked_at_is_taken(storage, identity, monkeypatch):
    """The link may vanish between the attempt to make it and the look at it."""
    link, attempts = locks._linked, []

    def late(target, path):
        attempts.append(path)
        return len(attempts) > 1 and link(target, path)

    monkeypatch.setattr(locks, "_linked", late)
    with storage.open("ab") as file, JournalLock(storage).hold(file):
        assert os.path.lexists(attempts[0])
    assert len(attempts) == 2


def test_a_process_that_never_lets_go_is_named_as_the_reason(storage, identity, monkeypatch):
    """A stopped process keeps the kernel's lock; the wait has an end."""
    monkeypatch.setattr(locks, "LOCK_TIMEOUT_S", 0.05)
    with storage.open("ab") as other:
        assert locks.try_lock(other)
        with pytest.raises(StorageError, match="does not let go"):
            open_study(storage, "s", identity, versions={})


def test_a_lock_that_others_took_from_us_is_no_error(storage):
    """A process of stock Optuna may take us for dead while we were stopped."""
    lock = JournalLock(storage)
    with storage.open("ab") as file, lock.hold(file):
        lock.link.unlink()
    assert not os.path.lexists(lock.link)


HOLD = """
    import sys, time
    from hpsoft.search.records import Identity
    from hpsoft.search.study import open_study

    space = {"a": (1, 2)}
    identity = Identity("d", "f", "raw", "o", "t", 0.2, 0, space)
    store = open_study(sys.argv[1], "s", identity, versions={})
    print("open", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("suffix", ["journal", "db"])
def test_a_study_has_one_writer_until_it_is_killed(tmp_path, identity, suffix):
    """The second is told who writes; kill -9 frees the study; other studies are not concerned."""
    path = tmp_path / f"a.{suffix}"
    from dataclasses import replace

    same = replace(
        identity, data="d", fingerprint="f", optimizer="o", dtype="t", space={"a": (1, 2)}
    )
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLD), str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    ) as process:
        assert process.stdout.readline() == "open\n"
        with pytest.raises(StudyError, match=f"process {process.pid} on .*--study OTHER"):
            open_study(path, "s", same, versions={})
        open_study(path, "other", same, versions={}).close()
        assert {s.name for s in studies(path)} == {"s", "other"}
        process.send_signal(signal.SIGKILL)
    with open_study(path, "s", same, versions={}) as store:
        assert store.resumed
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


KILLED = """
    import sys
    from hpsoft.search.records import Identity, TrialRecord
    from hpsoft.search.study import open_study

    space = {"a": tuple(range(50)), "b": tuple(range(50))}
    identity = Identity("d", "f", "raw", "o", "t", 0.2, 0, space)
    with open_study(sys.argv[1], "s", identity, versions={}) as store:
        done = store.finished()
        print("open", flush=True)
        records = [TrialRecord(p, i, 0.5) for i, p in store.grid if i not in done]
        for start in range(0, len(records), 7):
            store.append(records[start : start + 7])
"""


def test_kill_at_any_moment_then_resume_loses_and_doubles_nothing(tmp_path, identity):
    """What was appended stays, each grid point is there once, no lock is left to wait for."""
    from dataclasses import replace

    path = tmp_path / "a.journal"
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(path)]
    counts = [0]
    for delay in (0.01, 0.05, 0.13):
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
        ) as process:
            process.stdout.readline()
            time.sleep(delay)
            process.kill()
        counts.append(studies(path)[0].n_finished)
    assert counts == sorted(counts)
    subprocess.run(command, check=True, cwd=REPOSITORY, capture_output=True)
    space = {"a": tuple(range(50)), "b": tuple(range(50))}
    same = replace(identity, data="d", fingerprint="f", optimizer="o", dtype="t", space=space)
    with open_study(path, "s", same, versions={}) as store:
        assert certificate(store).complete


def test_a_holder_that_has_not_signed_is_still_a_holder(tmp_path):
    """Between taking the lock and writing its name a process is anonymous."""
    first = WriterLock(tmp_path / "a.journal", "s").acquire()
    first.path.write_text("")
    with pytest.raises(StudyError, match="by another process"):
        WriterLock(tmp_path / "a.journal", "s").acquire()
    first.release()
    first.release()
    assert list(tmp_path.iterdir()) == []


def test_a_lock_file_removed_between_open_and_lock_is_made_anew(tmp_path, monkeypatch):
    """The holder before us removes its file; a lock on that file would protect nothing."""
    lock = WriterLock(tmp_path / "a.journal", "s")
    take, taken = locks.try_lock, []

    def slow(file):
        if not taken:
            lock.path.unlink()
        taken.append(file)
        return take(file)

    monkeypatch.setattr(locks, "try_lock", slow)
    with lock:
        assert len(taken) == 2
        assert lock.path.exists()
        with pytest.raises(StudyError):
            WriterLock(tmp_path / "a.journal", "s").acquire()
