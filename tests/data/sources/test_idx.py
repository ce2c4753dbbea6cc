"""IDX files: every type, with and without compression, and every way to be broken."""

import gzip
import hashlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.extra import numpy as hnp

from hpsoft.data.sources import idx
from hpsoft.errors import DataError

IMAGES = np.arange(24, dtype=np.uint8).reshape(4, 3, 2)


@pytest.mark.parametrize("code", idx.TYPES, ids=hex)
def test_every_type_comes_back(tmp_path, idx_bytes, code):
    """All six element types are read, in the machine's byte order."""
    path = tmp_path / "a"
    path.write_bytes(idx_bytes(IMAGES, code))
    array = idx.read(path).array
    np.testing.assert_array_equal(array, IMAGES)
    assert array.dtype.isnative


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(hnp.arrays(np.uint8, hnp.array_shapes(max_dims=4, min_side=0)))
def test_any_array_comes_back(tmp_path, idx_bytes, array):
    """What was written is read, whatever the shape."""
    path = tmp_path / "a"
    path.write_bytes(idx_bytes(array))
    np.testing.assert_array_equal(idx.read(path).array, array)


def test_compression_is_told_by_content(tmp_path, idx_bytes):
    """Neither name nor compression changes content or digest."""
    plain, packed = tmp_path / "a.gz", tmp_path / "b"
    plain.write_bytes(idx_bytes(IMAGES))
    packed.write_bytes(gzip.compress(idx_bytes(IMAGES)))
    assert idx.read(plain).digest == idx.read(packed).digest
    assert idx.read(plain).digest == hashlib.sha256(idx_bytes(IMAGES)).hexdigest()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda raw: raw[:-1], "truncated: its header promises 40 bytes"),
        (lambda raw: raw[:6], "ends inside its header"),
        (lambda raw: raw + b"x", "1 bytes follow the end"),
        (lambda raw: b"", "begins with nothing"),
        (lambda raw: b"\x01" + raw[1:], "no IDX file: it begins with 01 00 08 03"),
        (lambda raw: raw[:2] + b"\x0a" + raw[3:], "no IDX file"),
        (lambda raw: raw[:3] + b"\0" + raw[4:], "no IDX file"),
        (lambda raw: raw[:4] + b"\xff" * 12 + raw[16:], "truncated"),
        (lambda raw: gzip.compress(raw)[:-9], "truncated"),
        (lambda raw: gzip.compress(raw)[:-8] + b"\0" * 8, "corrupt"),
        (lambda raw: gzip.compress(raw)[:10] + b"\xff" * 20, "corrupt"),
        (lambda raw: b"\x1f\x8bnonsense", "corrupt"),
    ],
    ids=[
        "cut",
        "cut header",
        "longer",
        "empty",
        "magic",
        "type",
        "no axes",
        "huge",
        "cut gzip",
        "gzip checksum",
        "gzip content",
        "gzip header",
    ],
)
def test_broken_files_are_named(tmp_path, idx_bytes, spoil, message):
    """A file that is not whole and sound gives an error with its path."""
    path = tmp_path / "broken"
    path.write_bytes(spoil(idx_bytes(IMAGES)))
    with pytest.raises(DataError, match=message) as error:
        idx.read(path)
    assert str(path) in str(error.value)


def test_missing_file(tmp_path):
    """A file that is not there is said to be missing."""
    with pytest.raises(DataError, match="There is no file"):
        idx.read(tmp_path / "none")


def test_plain_file_goes_before_compressed_one(tmp_path):
    """Roles are found under the usual spellings; the uncompressed file is preferred."""
    for name in (
        "train-images-idx3-ubyte",
        "train-images-idx3-ubyte.gz",
        "train-labels.idx1-ubyte",
        "t10k-images-idx3-ubyte.gz",
        "test_labels",
        "notes.txt",
    ):
        (tmp_path / name).touch()
    assert {role: path.name for role, path in idx.find(tmp_path).items()} == {
        "train-images": "train-images-idx3-ubyte",
        "train-labels": "train-labels.idx1-ubyte",
        "test-images": "t10k-images-idx3-ubyte.gz",
        "test-labels": "test_labels",
    }
