"""Locks between processes: exclusive, waited for, and gone with their process."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from hpsoft.system.locks import folder_to_itself, try_lock

HOLD = """
import sys
from pathlib import Path
from hpsoft.system.locks import folder_to_itself, try_lock
path = Path(sys.argv[1])
if path.is_dir():
    lock = folder_to_itself(path)
    lock.__enter__()
else:
    file = path.open("rb")
    assert try_lock(file)
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Return what starts a process that locks a path."""
    started = []

    def start(path):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        started.append(process)
        assert process.stdout.readline() == b"locked\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_file_is_locked_for_one_until_it_is_killed(tmp_path, holder):
    """Reading rights are enough, the content stays, and kill -9 leaves no lock behind."""
    path = tmp_path / "file"
    path.write_text("content")
    path.chmod(0o400)
    other = holder(path)
    with path.open("rb") as file:
        assert not try_lock(file)
        assert file.read() == b"content"
        other.kill()
        other.wait()
        deadline = time.monotonic() + 10
        while not try_lock(file):
            assert time.monotonic() < deadline
    assert path.read_text() == "content"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_folder_is_waited_for(tmp_path, holder):
    """Also one that cannot be written to, and nothing is made in it."""
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(0o500)
    other = holder(folder)

    def take():
        with folder_to_itself(folder):
            return True

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(take)
        with pytest.raises(TimeoutError):
            waiting.result(0.2)
        other.kill()
        assert waiting.result(10)
    assert not list(folder.iterdir())


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError), folder_to_itself(tmp_path / "none"):
        pass
