"""Downloads, from a real HTTP server on this machine."""

import gzip
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pooch
import pytest
import requests

from hpsoft.data import fetch, load
from hpsoft.data.sources import download
from hpsoft.data.sources.imagesets import FILES
from hpsoft.errors import DataError


@pytest.fixture
def mirror(server, tiny_sets, idx_bytes, monkeypatch):
    """Serve the tiny Fashion-MNIST under /good and name it as the only mirror."""
    for role, array in tiny_sets["fashion-mnist"].items():
        server.files[f"/good/{FILES[role]}"] = gzip.compress(idx_bytes(array))
    monkeypatch.setenv("HPSOFT_MIRROR", f"{server.url}/good")
    return server


def names(folder):
    """Return the names of the files of a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_download_fills_the_cache_once(mirror, bare_machine, tiny_sets):
    """The four files arrive in the cache under their names; the next load asks nobody."""
    data = load("fashion-mnist")
    cache = bare_machine / "fashion-mnist"
    assert data.source == str(cache)
    assert names(cache) == sorted(FILES.values())
    assert len(mirror.asked) == 4
    assert load().fingerprint == data.fingerprint
    assert fetch("fashion-mnist") == tuple(cache / name for name in FILES.values())
    assert len(mirror.asked) == 4


@pytest.mark.parametrize(
    "bad", ["absent", "unreachable", "corrupt", "truncated", "other", "short"]
)
def test_next_mirror_is_tried(mirror, bare_machine, monkeypatch, bad):
    """A mirror that fails, or serves what it should not, is passed by; nothing of it is kept."""
    base = f"{mirror.url}/bad"
    for name in FILES.values():
        content = mirror.files[f"/good/{name}"]
        path = f"/bad/{name}"
        if bad == "corrupt":
            mirror.files[path] = content[:-5] + bytes([content[-5] ^ 1]) + content[-4:]
        elif bad == "truncated":
            mirror.files[path] = content[: len(content) // 2]
        elif bad == "other":
            mirror.files[path] = gzip.compress(b"<html>Log in to this network</html>")
        elif bad == "short":  # the connection is cut before the promised length
            mirror.files[path] = content[:40]
            mirror.promised[path] = len(content)
    if bad == "unreachable":
        base = "http://127.0.0.1:9"
    monkeypatch.setenv("HPSOFT_MIRROR", f"{base} {mirror.url}/good")
    assert load("fashion-mnist").name == "fashion-mnist"
    assert names(bare_machine / "fashion-mnist") == sorted(FILES.values())


def test_all_mirrors_failing_says_what_each_did(mirror, bare_machine, monkeypatch):
    """The error has a reason for every mirror, and no partial file stays behind."""
    mirror.files["/bad/train-images-idx3-ubyte.gz"] = b"nonsense"
    monkeypatch.setenv("HPSOFT_MIRROR", f"{mirror.url}/none/ {mirror.url}/bad/ http://127.0.0.1:9")
    with pytest.raises(DataError) as error:
        load("fashion-mnist")
    text = str(error.value)
    assert "/none/train-images-idx3-ubyte.gz answered 404" in text
    assert "/bad/train-images-idx3-ubyte.gz sent a truncated or altered file" in text
    assert "cannot be reached" in text
    assert names(bare_machine / "fashion-mnist") == []


def test_spoilt_cache_is_downloaded_again(mirror, bare_machine):
    """Of a cache with a corrupt, an altered and a missing file, only these are fetched."""
    load("fashion-mnist")
    cache = bare_machine / "fashion-mnist"
    (cache / FILES["train-images"]).write_bytes(b"\x1f\x8bhalf a download")
    (cache / FILES["test-images"]).unlink()
    mirror.asked.clear()
    load("fashion-mnist")
    assert mirror.asked == [f"/good/{FILES[role]}" for role in ("train-images", "test-images")]
    (cache / FILES["test-labels"]).write_bytes(mirror.files[f"/good/{FILES['train-labels']}"])
    mirror.asked.clear()
    load("fashion-mnist")
    assert mirror.asked == [f"/good/{FILES['test-labels']}"]


def test_spoilt_cache_gets_repaired_in_full(mirror, bare_machine):
    """A file of the cache that is no IDX at all does not stop a download."""
    load("fashion-mnist")
    for name in FILES.values():
        (bare_machine / "fashion-mnist" / name).write_bytes(b"")
    mirror.asked.clear()
    assert len(fetch("fashion-mnist")) == 4
    assert len(mirror.asked) == 4


def test_interrupted_download_goes_on(mirror, bare_machine):
    """Files that arrived before the connection broke are kept and not asked for again."""
    late = f"/good/{FILES['test-images']}"
    content = mirror.files.pop(late)
    with pytest.raises(DataError, match="answered 404"):
        fetch("fashion-mnist")
    mirror.files[late] = content
    mirror.asked.clear()
    fetch("fashion-mnist")
    assert mirror.asked == [late, f"/good/{FILES['test-labels']}"]


IMAGES = FILES["train-images"]


@pytest.mark.parametrize("moved", [False, True])
@pytest.mark.parametrize("sends_ranges", [True, False])
def test_an_interrupted_file_goes_on_where_it_ended(mirror, bare_machine, sends_ranges, moved):
    """As after kill -9, behind a redirect too; from a server that sends no ranges it begins
    anew.
    """
    cache = bare_machine / "fashion-mnist"
    cache.mkdir(parents=True)
    mirror.sends_ranges, mirror.moved = sends_ranges, moved
    (cache / f"{IMAGES}.part").write_bytes(mirror.files[f"/good/{IMAGES}"][:100])
    load("fashion-mnist")
    assert mirror.ranges == ["bytes=100-"]
    assert names(cache) == sorted(FILES.values())
    assert (cache / IMAGES).read_bytes() == mirror.files[f"/good/{IMAGES}"]
    assert len(mirror.asked) == 4


def test_what_a_cut_connection_brought_is_kept(mirror, bare_machine, monkeypatch):
    monkeypatch.setattr("pooch.HTTPDownloader", partial(pooch.HTTPDownloader, chunk_size=16))
    content = mirror.files[f"/good/{IMAGES}"]
    mirror.files[f"/good/{IMAGES}"] = content[:40]
    mirror.promised[f"/good/{IMAGES}"] = len(content)
    with pytest.raises(DataError):
        fetch("fashion-mnist")
    (part,) = (bare_machine / "fashion-mnist").iterdir()
    assert part.name == f"{IMAGES}.part"
    assert content.startswith(part.read_bytes())
    size = part.stat().st_size
    mirror.files[f"/good/{IMAGES}"] = content
    mirror.promised.clear()
    fetch("fashion-mnist")
    assert mirror.ranges == [f"bytes={size}-"]
    assert names(bare_machine / "fashion-mnist") == sorted(FILES.values())


@pytest.mark.parametrize("part", ["other", "whole", "longer"])
def test_the_checksum_decides_on_what_was_there(mirror, bare_machine, part):
    """Part of another file, all of it, or more than that."""
    content = mirror.files[f"/good/{IMAGES}"]
    cache = bare_machine / "fashion-mnist"
    cache.mkdir(parents=True)
    there = {"other": b"x" * 50, "whole": content, "longer": content + b"x" * 9}[part]
    (cache / f"{IMAGES}.part").write_bytes(there)
    load("fashion-mnist")
    assert (cache / IMAGES).read_bytes() == content
    assert len(mirror.ranges) == 1
    assert len(mirror.asked) == (4 if part == "whole" else 5)
    assert names(cache) == sorted(FILES.values())


def test_two_processes_download_every_file_once(mirror, bare_machine):
    """The second waits for the first and finds its files."""
    code = (
        "import fcntl, os, sys; folder = os.open(sys.argv[1], os.O_RDONLY)\n"
        "fcntl.flock(folder, fcntl.LOCK_EX); print('locked', flush=True); sys.stdin.read()"
    )
    cache = bare_machine / "fashion-mnist"
    cache.mkdir(parents=True)
    with subprocess.Popen(
        [sys.executable, "-c", code, cache], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"locked\n"
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(fetch, "fashion-mnist")
            with pytest.raises(TimeoutError):
                waiting.result(0.3)
            assert mirror.asked == []
            other.stdin.close()
            assert len(waiting.result(30)) == 4


def test_progress_bar_is_optional(mirror, bare_machine, capsys):
    """A bar appears on standard error if asked for, and nothing anywhere otherwise."""
    fetch("fashion-mnist")
    assert capsys.readouterr() == ("", "")
    for name in FILES.values():
        (bare_machine / "fashion-mnist" / name).unlink()
    fetch("fashion-mnist", progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "100%" in err


def test_cache_that_cannot_be_made(mirror, bare_machine):
    """A file where the cache folder belongs is said, with the ways out."""
    bare_machine.parent.mkdir()
    bare_machine.write_text("in the way")
    with pytest.raises(DataError, match=r"cannot be kept in .*Three ways out"):
        fetch("fashion-mnist")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (requests.ReadTimeout(), "did not answer in time"),
        (requests.ConnectTimeout(), "did not answer in time"),
        (requests.exceptions.InvalidURL(), "failed (InvalidURL)"),
    ],
)
def test_reasons_are_short(error, reason):
    """Failures that a local server cannot provoke have a few words of their own."""
    assert download._reason(error) == reason
