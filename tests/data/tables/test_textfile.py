"""Bytes on the disk become text."""

import bz2
import gzip
import lzma

import pyarrow as pa
import pytest

from hpsoft.data.tables.csvfile import read_csv
from hpsoft.data.tables.textfile import LINES_LOOKED_AT, LOOKED_AT, PLAIN, find
from hpsoft.errors import DataError


def zstandard(content):
    """Compress by zstandard, in two frames, as several tools do."""
    half = len(content) // 2
    packed = [pa.compress(part, "zstd", asbytes=True) for part in (content[:half], content[half:])]
    return b"".join(packed)


TEXT = "höhe,b\r\n1,2\r\n"


@pytest.mark.parametrize(
    "pack",
    [bytes, gzip.compress, bz2.compress, lzma.compress, zstandard],
    ids=["plain", "gz", "bz2", "xz", "zst"],
)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"]
)
def test_encodings_and_compression(tmp_path, pack, encoding):
    """A byte order mark names the encoding; the first bytes name the compression."""
    path = tmp_path / "t"
    text = TEXT if encoding not in {"utf-16-le", "utf-16-be"} else TEXT.replace("ö", "o")
    path.write_bytes(pack(text.encode(encoding)))
    file = find(path)
    with file.text() as stream:
        assert stream.read() == text
    assert file.is_plain == encoding.startswith("utf-8")
    assert file.head() == text.splitlines(keepends=True)


def test_an_empty_file(tmp_path):
    """It has no lines."""
    path = tmp_path / "t"
    path.touch()
    assert (find(path).head(), find(path).encoding) == ([], PLAIN)


def test_the_head_is_short(tmp_path):
    """A few hundred kilobytes, but some lines at least."""
    path = tmp_path / "t"
    path.write_text("1,2,3\n" * LOOKED_AT)
    assert LOOKED_AT < sum(map(len, find(path).head())) < LOOKED_AT + 10
    path.write_text((("1," * LOOKED_AT) + "\n") * (LINES_LOOKED_AT + 5))
    assert len(find(path).head()) == LINES_LOOKED_AT


@pytest.mark.parametrize(
    "pack",
    [gzip.compress, bz2.compress, lzma.compress, zstandard],
    ids=["gz", "bz2", "xz", "zst"],
)
def test_what_is_cut_off_is_noticed(tmp_path, pack):
    """Whatever it is compressed by."""
    path = tmp_path / "t.csv"
    lines = "\n".join(f"{i * 7919 % 1000},{i % 3}" for i in range(3000))
    packed = pack(f"a,kind\n{lines}\n".encode())
    path.write_bytes(packed[: len(packed) * 2 // 3])
    with pytest.raises(DataError, match=r"t.csv (is truncated|cannot be read)"):
        read_csv(path)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_lines_that_are_no_text(tmp_path, pack):
    """Are named, and counted, in UTF-8 and in the encoding that the user names."""
    path = tmp_path / "t.csv"
    good, odd = "ä,1\n".encode() * 40_000, b"\xff,2\n"
    path.write_bytes(pack(good + odd + good + odd))
    with pytest.raises(DataError, match=r"UTF-8: line 40001 has bytes .* 0xff.; 2 lines are so"):
        read_csv(path)
    path.write_bytes(b"a,b\n\x81,1\n")
    with pytest.raises(DataError, match=r"CP1252: line 2 has bytes .* byte 0x81.\. Name"):
        read_csv(path, encoding="cp1252")
    path.write_bytes("a,b\n1,2\n".encode("utf-16") + b"\x00")
    with pytest.raises(DataError, match="utf-16"):
        read_csv(path)
