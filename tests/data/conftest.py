"""Fixtures of the data tests: a machine without data sets, tiny IDX files, a web server."""

import gzip
import hashlib
import os
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from hpsoft.data.sources import images, imagesets


def as_idx(array: np.ndarray, type_code: int = 0x08) -> bytes:
    """Return an array as an IDX file."""
    dtype = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, type_code, array.ndim, *array.shape)
    return header + array.astype(dtype[type_code]).tobytes()


def tiny_images(seed: int = 0) -> dict[str, np.ndarray]:
    """Return the four arrays of a small image set with ten classes."""
    rng = np.random.default_rng(seed)
    return {
        "train-images": rng.integers(0, 256, (40, 3, 2), np.uint8),
        "train-labels": np.tile(np.arange(10, dtype=np.uint8), 4),
        "test-images": rng.integers(0, 256, (10, 3, 2), np.uint8),
        "test-labels": np.arange(10, dtype=np.uint8),
    }


def write_idx_files(
    folder: Path, arrays: dict[str, np.ndarray], *, compressed: bool = True
) -> Path:
    """Write the IDX files of an image set into a folder; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for role, array in arrays.items():
        name = imagesets.FILES[role]
        content = as_idx(array)
        if compressed:
            (folder / name).write_bytes(gzip.compress(content))
        else:
            (folder / name.removesuffix(".gz")).write_bytes(content)
    return folder


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test a machine without data sets, whose mirrors refuse all connections.

    Returns the folder of the user's cache.
    """
    monkeypatch.delenv("HPSOFT_DATA", raising=False)
    monkeypatch.setenv("HPSOFT_MIRROR", "http://127.0.0.1:9/")  # discard: nothing listens there
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(images, "SYSTEM_FOLDER", tmp_path / "system")
    return tmp_path / "cache" / "hpsoft"


@pytest.fixture
def tiny_sets(monkeypatch: pytest.MonkeyPatch, bare_machine: Path) -> dict[str, dict]:
    """Pin tiny stand-ins in place of both image sets; return their arrays by name."""
    contents = {name: tiny_images(seed) for seed, name in enumerate(imagesets.IMAGE_SETS)}
    # Labels of real sets differ as well; with equal ones no file could tell the sets apart.
    contents["mnist"]["train-labels"] = contents["mnist"]["train-labels"][::-1].copy()
    for name, arrays in contents.items():
        digests = {
            role: hashlib.sha256(as_idx(array)).hexdigest() for role, array in arrays.items()
        }
        known = replace(imagesets.IMAGE_SETS[name], digests=digests)
        monkeypatch.setitem(imagesets.IMAGE_SETS, name, known)
    return contents


@dataclass
class Server:
    """A web server on this machine that serves bytes by path and counts what it is asked for."""

    files: dict[str, bytes] = field(default_factory=dict)
    promised: dict[str, int] = field(default_factory=dict)  # path -> a false content length
    asked: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)  # that were asked for
    sends_ranges: bool = True
    moved: bool = False  # whether all of it lies behind redirects
    url: str = ""


@pytest.fixture
def server() -> Iterator[Server]:
    """Run a real HTTP server on 127.0.0.1."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if state.moved and not self.path.startswith("/moved"):
                self.send_response(302)
                self.send_header("Location", f"/moved{self.path}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            path = self.path.removeprefix("/moved")
            state.asked.append(path)
            content = state.files.get(path)
            if content is None:
                self.send_error(404)
                return
            wanted = self.headers.get("Range")
            if wanted is not None:
                state.ranges.append(wanted)
            start = 0
            if wanted is not None and state.sends_ranges:
                start = int(wanted.removeprefix("bytes=").removesuffix("-"))
                if start >= len(content):
                    self.send_error(416)
                    return
            self.send_response(206 if start else 200)
            content = content[start:]
            length = state.promised.get(path, len(content))
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Keep the test output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        state.url = f"http://127.0.0.1:{running.server_port}"
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state
        running.shutdown()
        thread.join()


@pytest.fixture
def real_fashion_mnist() -> Path:
    """Return Debian's folder: without it skip, but fail where CI promised it."""
    folder = images.SYSTEM_FOLDER / "fashion-mnist"
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail("CI must install dataset-fashion-mnist")
        pytest.skip("dataset-fashion-mnist is not installed")
    return folder


@pytest.fixture
def idx_bytes() -> Callable[..., bytes]:
    """Return the function that turns an array into an IDX file."""
    return as_idx


@pytest.fixture
def write_idx() -> Callable[..., Path]:
    """Return the function that writes the IDX files of an image set."""
    return write_idx_files


@pytest.fixture
def write(tmp_path):
    """Return a function that writes text and returns its path."""

    def write(text, name="t.csv"):
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write
