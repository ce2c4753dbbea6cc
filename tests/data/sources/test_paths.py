"""What is no file on this machine is told before anything is opened."""

import os

import pytest

from hpsoft.data.sources.paths import check_place
from hpsoft.data.spec import DataSpec
from hpsoft.data.stream.incoming import Wanted
from hpsoft.data.stream.opening import open_rows
from hpsoft.errors import DataError

WANTED = Wanted(1)


@pytest.mark.parametrize("spec", ["https://x.y/a.csv", "s3://bucket/a,b.npy", "FILE:///tmp/a.npz"])
def test_an_address(spec):
    """To search as to predict."""
    for read in (lambda: DataSpec(spec).load(), lambda: open_rows(spec, WANTED)):
        with pytest.raises(DataError, match=f"^'{spec}' is an address"):
            read()


@pytest.mark.parametrize("name", ["a.csv", "a.npz", "a"])
def test_a_pipe(tmp_path, name):
    """It would be waited for forever."""
    path = tmp_path / name
    os.mkfifo(path)
    for read in (lambda: DataSpec(str(path)).load(), lambda: open_rows(str(path), WANTED)):
        with pytest.raises(DataError, match=f"^'{path}' is no regular file but a pipe"):
            read()


def test_what_may_be_read(tmp_path):
    """Files and folders, links to them, and what is not there, which others tell."""
    (tmp_path / "a.csv").touch()
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    for path in (tmp_path, tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c.csv"):
        check_place(str(path), path)
