"""Locks between processes: on a journal, and on a study."""

import os
import signal
import subprocess
import textwrap
import threading
import time
from pathlib import Path

import pytest
import warm

from hpsoft.errors import StorageError, StudyError
from hpsoft.study.certificate import certificate
from hpsoft.study.find import studies
from hpsoft.study.resume import open_study
from hpsoft.study.storage.file_lock import WriterLock
from hpsoft.study.storage.journal_lock import GRACE_S, JournalLock
from hpsoft.system.locks import try_lock

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def storage(tmp_path):
    """A journal: its lock is what these tests are about."""
    return tmp_path / "studies.journal"


def test_our_lock_left_by_a_kill_is_taken_over_at_once(storage, identity):
    """Whoever holds the kernel's lock knows that the link's owner is dead."""
    lock = JournalLock(storage)
    os.symlink(lock.target, lock.link)  # noqa: PTH211 -- Path would tidy the mark away
    start = time.monotonic()
    open_study(storage, "s", identity, versions={}).close()
    assert time.monotonic() - start < GRACE_S / 2
    assert not os.path.lexists(lock.link)


@pytest.mark.parametrize("kind", ["absolute", "dangling", "file"])
def test_a_lock_left_by_stock_optuna_ends_after_the_grace_period(storage, kind):
    """Also one that points nowhere, on which stock Optuna itself would wait for ever."""
    link = storage.with_name("studies.journal.lock")
    if kind == "file":
        link.touch()
    else:
        link.symlink_to(storage if kind == "absolute" else "no/such/file")
    start = time.monotonic()
    with storage.open("ab") as file, JournalLock(storage, grace=0.2).hold(file):
        assert time.monotonic() - start > 0.2
    assert not os.path.lexists(link)


def test_a_lock_that_stock_optuna_gives_back_is_waited_for(storage, identity):
    """A live process is not disturbed."""
    link = storage.with_name("studies.journal.lock")
    link.symlink_to(storage)
    given_back = threading.Timer(0.05, link.unlink)
    given_back.start()
    open_study(storage, "s", identity, versions={}).close()
    assert given_back.finished.is_set()
    assert not os.path.lexists(link)


def test_a_lock_given_back_while_it_is_looked_at_is_taken(storage):
    """The link may vanish between the attempt to make it and the look at it."""
    looks = []

    class Late(JournalLock):
        def _stamp(self):
            looks.append(self.link.is_symlink())
            self.link.unlink(missing_ok=True)
            return super()._stamp()

    lock = Late(storage)
    lock.link.symlink_to(storage)
    with storage.open("ab") as file, lock.hold(file):
        assert os.path.lexists(lock.link)
    assert looks == [True]


def test_a_process_that_never_lets_go_is_named_as_the_reason(storage):
    """A stopped process keeps the kernel's lock; the wait has an end."""
    with storage.open("ab") as other, storage.open("ab") as file:
        assert try_lock(other)
        lock = JournalLock(storage, timeout=0.05)
        with pytest.raises(StorageError, match="does not let go"), lock.hold(file):
            pass


def test_a_lock_that_others_took_from_us_is_no_error(storage):
    """A process of stock Optuna may take us for dead while we were stopped."""
    lock = JournalLock(storage)
    with storage.open("ab") as file, lock.hold(file):
        lock.link.unlink()
    assert not os.path.lexists(lock.link)


HOLD = """
    import sys, time
    from hpsoft.study.identity import Identity
    from hpsoft.study.resume import open_study

    space = {"a": (1, 2)}
    identity = Identity("d", "f", "raw", "o", "float32", 0.2, 0, space)
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
        identity, data="d", fingerprint="f", optimizer="o", dtype="float32", space={"a": (1, 2)}
    )
    hold = textwrap.dedent(HOLD)
    with warm.start(path, code=hold, stdout=subprocess.PIPE, text=True) as process:
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
    from hpsoft.study.records import TrialRecord
    from hpsoft.study.identity import Identity
    from hpsoft.study.resume import open_study

    space = {"a": tuple(range(50)), "b": tuple(range(50))}
    identity = Identity("d", "f", "raw", "o", "float32", 0.2, 0, space)
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
    killed = textwrap.dedent(KILLED)
    counts = [0]
    for delay in (0.01, 0.05, 0.13):
        with warm.start(path, code=killed, stdout=subprocess.PIPE, text=True) as process:
            process.stdout.readline()
            time.sleep(delay)
            process.kill()
        counts.append(studies(path)[0].n_finished)
    assert counts == sorted(counts)
    assert warm.run(path, code=killed).returncode == 0
    space = {"a": tuple(range(50)), "b": tuple(range(50))}
    same = replace(
        identity, data="d", fingerprint="f", optimizer="o", dtype="float32", space=space
    )
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


def test_a_lock_file_removed_between_open_and_lock_is_made_anew(tmp_path):
    """The holder before us removes its file; a lock on that file would protect nothing."""
    opened = []

    class Removed(type(tmp_path)):
        def open(self, *how, **options):
            file = super().open(*how, **options)
            if not opened:
                self.unlink()
            opened.append(file)
            return file

    lock = WriterLock(tmp_path / "a.journal", "s")
    lock.path = Removed(lock.path)
    with lock:
        assert len(opened) == 2
        assert lock.path.exists()
        with pytest.raises(StudyError):
            WriterLock(tmp_path / "a.journal", "s").acquire()
