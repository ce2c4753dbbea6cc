"""Tables that go through Arrow's parser as files do, and those that do not."""

import numpy as np
import pytest
from small_table import KINDS, NAMES, ROWS, N, decimal_comma, table

from hpsoft.data.tables import csvfile, csvrows
from hpsoft.data.tables.arrow import csvarrow
from hpsoft.errors import DataError

KIND = (*NAMES, "label")


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Return a function that reads a table as if it were large."""
    monkeypatch.setattr(csvarrow, "SMALL", 0)

    def read(text, *, by_rows=False):
        path = tmp_path / "t.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with monkeypatch.context() as patched:
            if by_rows:
                patched.setattr(csvarrow, "SMALL", 1 << 62)
            else:
                patched.setattr(csvrows, "blocks", refuse)
            return csvfile.read_csv(path)

    return read


def refuse(*_):
    """Stand in for the parser that must not be used."""
    raise AssertionError("read row by row")


@pytest.mark.parametrize(
    "text",
    [
        table(),
        table(header=None),
        table(first=range(N), first_name=""),
        table(";", write=decimal_comma),
        table(rows=[[*row[:3], "NA" if row[3] > 4 else row[3]] for row in ROWS]),
        table(rows=[[*row[:3], "much" if row[3] > 4 else "little"] for row in ROWS], header=KIND),
        table(rows=[[*row[:3], row[3] > 4 if row[0] > 4 else ""] for row in ROWS]),
    ],
)
def test_large_tables_go_through_it(read, text):
    """With the same source at the end."""
    fast, slow = read(text), read(text, by_rows=True)
    np.testing.assert_array_equal(fast.X, slow.X)
    np.testing.assert_array_equal(fast.labels, slow.labels)
    assert (fast.X.dtype, fast.notes, fast.columns) == (slow.X.dtype, slow.notes, slow.columns)
    assert [(t.levels, t.codes.tolist()) for t in fast.texts] == [
        (t.levels, t.codes.tolist()) for t in slow.texts
    ]


@pytest.mark.parametrize(
    "text",
    [
        table(" "),
        "# a\n" + table(),
        table(end=",\n"),
        table(end="\r"),
        table().encode("utf-16"),
        table(rows=[[*row[:3], 1234.5] for row in ROWS], write=lambda v: f'"{v:,}"'),
    ],
    ids=["spaces", "comments", "padded", "returns", "UTF-16", "thousands"],
)
def test_odd_tables_do_not(read, text):
    """They are read row by row from the start."""
    with pytest.raises(AssertionError, match="read row by row"):
        read(text)


def test_errors_have_their_line(tmp_path, monkeypatch):
    """What it refuses is read again, and said with its place."""
    monkeypatch.setattr(csvarrow, "SMALL", 0)
    path = tmp_path / "t.csv"
    path.write_text(table() + "1,2,3,red,adelie\n")
    with pytest.raises(DataError, match=r"Column 'mass' .* line 62 has 'red'"):
        csvfile.read_csv(path)
    path.write_text(table() + '1,2,3,4, "adelie"\n# the end\n')
    assert csvfile.read_csv(path).labels[-1] == "adelie"


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_other_encodings_go_through_it(read, encoding):
    """Names and classes with accents, as row by row."""
    text = table(labels=[kind.replace("a", "é") for kind in KINDS]).encode(encoding)
    text += b"1,2,3,4,\x81x\n" if encoding == "latin-1" else b"1,2,3,4,\x80x\n"
    fast, slow = read(text), read(text, by_rows=True)
    np.testing.assert_array_equal(fast.X, slow.X)
    assert fast.labels.tolist() == slow.labels.tolist()
    assert fast.labels[-1] == text[-3:-1].decode(encoding)


@pytest.mark.parametrize("cell", ['"two\nlines"', '"a ""quoted"" word"'])
def test_line_ends_in_quotes_at_the_end_of_a_block(tmp_path, monkeypatch, cell):
    """Wherever a block ends: they are read as row by row, never as two rows."""
    monkeypatch.setattr(csvarrow, "SMALL", 0)
    text = table() + f"1,2,3,4,{cell}\n" * 40
    path = tmp_path / "t.csv"
    path.write_text(text)
    expected = None
    for size in (97, 211, 499, 1 << 20):
        monkeypatch.setattr(csvarrow, "BLOCK_BYTES", size)
        monkeypatch.setattr(csvarrow, "COLUMN_BYTES", 0)
        source = csvfile.read_csv(path)
        expected = expected or source.labels.tolist()
        assert source.labels.tolist() == expected
        assert len(source.X) == N + 40
