"""Files that are named to be written: what is refused, and that nothing is touched."""

import os

import pytest

from hpsoft.errors import HpsoftError
from hpsoft.system.outputs import begins_otherwise, check_output, files_named, write_output

OURS = begins_otherwise(b"trial,", b"prediction")


def check(path, inputs=(), is_foreign=OURS):
    check_output(path, "--out", (".csv", ".tsv"), dict.fromkeys(inputs, "the data"), is_foreign)


@pytest.mark.parametrize("link", [os.link, os.symlink])
def test_an_input_is_refused_by_any_name(tmp_path, link):
    data = tmp_path / "data.csv"
    data.write_bytes(b"trial,1")
    link(data, tmp_path / "other.csv")
    for path in (data, tmp_path / "other.csv", tmp_path / ".." / tmp_path.name / "data.csv"):
        with pytest.raises(HpsoftError, match=r"^--out .* is the data\. Name another file\.$"):
            check(path, [data])
    with pytest.raises(HpsoftError, match="is the data"):
        check(tmp_path / "new.csv", [tmp_path / "new.csv"])  # not there yet


def test_a_suffix_and_what_is_there(tmp_path):
    for name in ("a.json", "a", "a.csv.lock"):
        with pytest.raises(HpsoftError, match=r"does not end in \.csv or \.tsv.*Name the file a"):
            check(tmp_path / name)
    with pytest.raises(HpsoftError, match=r"is a folder\. Name a file in it with --out"):
        check(tmp_path)
    with pytest.raises(HpsoftError, match="there is no folder"):
        check(tmp_path / "absent" / "a.csv")
    path = tmp_path / "A.CSV"
    check(path)
    for content in (b"", b"trial,grid_id\n1,2\n", b"prediction\n"):  # empty, or ours
        path.write_bytes(content)
        check(path)
    path.write_bytes(b"x,label\n1,a\n")
    check(path, is_foreign=None)
    with pytest.raises(HpsoftError, match="is there already"):
        check(path)


def test_devices_have_any_name(tmp_path):
    """So has a pipe, which is not opened: that would wait for its writer."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    check(pipe)


def test_what_cannot_be_written_is_told(tmp_path):
    with pytest.raises(HpsoftError, match=r"^Cannot write .*: No such file or directory\.$"):
        write_output(tmp_path / "absent" / "a.csv", b"")


def test_data_that_is_no_file_names_none(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "y.npy").touch()
    assert files_named(None) == files_named("digits") == []
    assert [path.name for path in files_named("X.npy, y.npy")] == ["y.npy"]
