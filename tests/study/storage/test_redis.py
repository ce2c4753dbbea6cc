"""Studies in a journal on a real Redis server: a private one, on loopback, for these tests."""

import json
import os
import shutil
import subprocess
import tempfile
import time

import pytest
import redis
import warm
from server_search import N_POINTS, PASSWORD, SEARCH, free_port, race, run, until
from small_search import SmallSearch, stream, write_data

from hpsoft.errors import StorageError, StudyError
from hpsoft.study.storage.location import locate
from hpsoft.study.storage.redis_lock import RedisLock
from hpsoft.study.study import trials
from hpsoft.tuning.events import Stored


class Server:
    """A server that keeps everything in memory."""

    def __init__(self, folder):
        self.port = free_port()
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no", "--dir", str(folder), "--requirepass", PASSWORD],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.client = redis.Redis(port=self.port, password=PASSWORD)
        until(self.client.ping)

    def url(self, database):
        """Return a storage of its own for each test: Optuna's journal has one name in each."""
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def stop(self):
        self.client.close()
        self.process.terminate()
        self.process.wait()


@pytest.fixture(scope="module")
def server():
    if shutil.which("redis-server") is None and not os.environ.get("CI"):
        pytest.skip("no Redis on this machine: apt-get install redis-server")
    with tempfile.TemporaryDirectory(prefix="hpsoft-redis-", dir="/tmp") as folder:
        server = Server(folder)
        yield server
        server.stop()


def client_of(url):
    return redis.Redis.from_url(url)


def test_a_search_and_its_final_model(server):
    url = server.url(0)
    where = ("--storage", url, "--study", "whole")
    run(*SEARCH, *where)
    assert f"{N_POINTS}/{N_POINTS}" in run("studies", "--storage", url)
    assert "finished, nothing is left" in run(*(a for a in SEARCH if a != "--quiet"), *where)
    run("final", *where, "--quiet")
    assert len({record.grid_id for record in trials(url, "whole")}) == N_POINTS
    with client_of(url) as client:
        assert client.keys("hpsoft:*") == []


def test_two_processes_on_one_study_run_no_point_twice(server):
    url = server.url(1)
    race(url, "race")
    found = [record.grid_id for record in trials(url, "race")]
    assert sorted(found) == list(range(N_POINTS))


def test_one_process_a_study(server):
    url = server.url(2)
    with RedisLock(locate(url), "mine") as lock:
        lock.check()
        err = run(*SEARCH, "--storage", url, "--study", "mine", code=2)
        assert f"is being written by process {os.getpid()} on" in err
        with RedisLock(locate(url), "other"), RedisLock(locate(server.url(3)), "mine"):
            lock.check()
    with RedisLock(locate(url), "mine"):
        pass


@pytest.mark.parametrize("how", ["expired", "taken"])
def test_a_search_that_lost_its_lock_writes_no_more(server, tmp_path, how):
    """Another one takes the lock and finishes; the first says so, and nothing is doubled."""
    url = server.url({"expired": 4, "taken": 5}[how])
    small = SmallSearch(tmp_path, write_data(tmp_path))
    first = stream(small.prepare(storage=url))
    for event in first:
        if isinstance(event, Stored):
            break
    with client_of(url) as client:
        assert client.delete("hpsoft:writer:s") == 1
    if how == "taken":
        assert small.run(storage=url).certificate.complete
    with pytest.raises(StorageError, match="the same command continues") as told:
        list(first)
    assert PASSWORD not in str(told.value)
    assert small.run(storage=url).certificate.complete
    found = [record.grid_id for record in trials(url, "s")]
    assert sorted(found) == list(range(36))


def test_a_lock_is_renewed_while_its_process_lives(server):
    with RedisLock(locate(server.url(6)), "long", expiry=0.6) as lock:
        time.sleep(1.5)
        lock.check()
        with pytest.raises(StudyError, match="is being written by process"):
            RedisLock(locate(server.url(6)), "long").__enter__()


def test_what_another_has_taken_is_not_given_back_for_it(server):
    """Its token is compared, by the server, before the key is deleted."""
    with client_of(server.url(7)) as client:
        with RedisLock(locate(server.url(7)), "theirs") as lock:
            client.set(lock.key, "another's")
            with pytest.raises(StorageError, match="was lost"):
                lock.check()
        assert client.get(lock.key) == b"another's"
        with pytest.raises(StudyError, match="written by another process"):
            RedisLock(locate(server.url(7)), "theirs").__enter__()


HOLD = (
    "import sys, time; from hpsoft.study.storage.redis_lock import RedisLock;"
    "from hpsoft.study.storage.location import locate;"
    "lock = RedisLock(locate(sys.argv[1]), 'gone').__enter__(); print(1, flush=True);"
    "time.sleep(60)"
)


def test_the_lock_of_a_dead_process_of_this_machine_is_taken_at_once(server):
    url = server.url(8)
    process = warm.start(url, code=HOLD, stdout=subprocess.PIPE)
    assert process.stdout.readline()
    with pytest.raises(StudyError, match=f"by process {process.pid} on"):
        RedisLock(locate(url), "gone").__enter__()
    process.kill()
    process.communicate()
    with RedisLock(locate(url), "gone") as lock:
        lock.check()


def test_the_lock_of_a_process_elsewhere_is_waited_for(server):
    """Its number says nothing here: it may live in another container."""
    url = server.url(9)
    with client_of(url) as client:
        token = {"pid": 2**22 + 1, "host": "elsewhere", "in": "another boot", "id": "0"}
        client.set("hpsoft:writer:far", json.dumps(token), px=300)
        with pytest.raises(StudyError, match="on elsewhere"):
            RedisLock(locate(url), "far").__enter__()
        time.sleep(0.4)
        with RedisLock(locate(url), "far"):
            pass


def test_a_server_that_does_not_answer_is_said(server):
    with RedisLock(locate(server.url(10)), "silent") as lock:
        lock._redis.close()
        lock._redis = redis.Redis(port=free_port(), retry=None)
        with pytest.raises(StorageError, match="was lost"):
            lock.check()
    port = free_port()
    said = run(*SEARCH, "--storage", f"redis://:{PASSWORD}@127.0.0.1:{port}/0", code=2)
    assert "cannot be used" in said
