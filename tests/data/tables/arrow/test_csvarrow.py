"""Arrow's parser reads what the standard library's reads, or nothing."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import csv
from small_table import CLASSES, KINDS, NAMES, ROWS, N, decimal_comma, table

from hpsoft.data.tables import csvrows, textfile
from hpsoft.data.tables.arrow import csvarrow
from hpsoft.data.tables.columns import Kind
from hpsoft.data.tables.csvlayout import layout_of
from hpsoft.data.tables.growing import GrowingText
from hpsoft.data.tables.textfile import TextFile

NUMERIC, LABEL = range(4), 4


def collect(blocks):
    """Return numbers and texts of all blocks."""
    numbers, texts = zip(*blocks, strict=True)
    return np.concatenate(numbers), [text.strip() for (block,) in texts for text in block]


class Memory(TextFile):
    """A file that is in memory only."""

    content = b""

    def bytes(self):
        return io.BytesIO(self.content)


def in_memory(text):
    """Return a file of this content."""
    file = Memory(None, textfile.PLAIN, None)
    object.__setattr__(file, "content", text.encode())
    return file


def both(text, numeric=NUMERIC, label=LABEL):
    """Return what each of the two reads."""
    file = in_memory(text)
    layout = layout_of(file.head(), None)
    assert layout is not None
    return [
        collect(reader.blocks(file, layout, numeric, [label])) for reader in (csvrows, csvarrow)
    ]


@pytest.mark.parametrize("sep", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
@pytest.mark.parametrize("header", [None, (*NAMES, "kind"), ('"a\nb"', *NAMES[1:], "kind")])
def test_plain_tables(sep, end, header):
    """Both give the rows of the table."""
    for X, labels in both(table(sep, header, end=end)):
        np.testing.assert_array_equal(X, ROWS)
        assert labels == KINDS


@pytest.mark.parametrize(
    "text",
    [
        table(";", write=decimal_comma),
        "sep=;\n" + table(";"),
        "\ufeff" + table(),
        table(write=lambda v: f'"{v}"'),
        table(labels=[f'"{kind}, ""wild"""'.replace('""', "'") for kind in KINDS]),
        table(labels=[f" {kind} " for kind in KINDS]),
        table(labels=CLASSES),
        table(rows=[[*row[:3], row[3] > 4] for row in ROWS]),
        table(labels=[f'"{kind}\tx"' for kind in KINDS]),
    ],
)
def test_tables_with_something_in_them(text):
    """Both agree."""
    rows, arrow = both(text)
    np.testing.assert_array_equal(rows[0], arrow[0])
    assert rows[1] == arrow[1]


FLOATS = st.floats(allow_nan=False, allow_infinity=False)
CELLS = st.one_of(
    FLOATS.map(repr),
    st.integers(-(2**70), 2**70).map(str),
    st.sampled_from(
        ["1e400", "-1e-400", "1_0", "", "NA", "nan", "inf", "0x1", "+1.5", ".5", "5."]
    ),
    st.sampled_from(
        ["1,5", '"1.5"', ' "1.5"', '"1.5" ', "1 5", "True", "1e5", "1E-5", "٣", "1d5"]
    ),
)


BYTES = st.one_of(
    st.integers(0, 255).map(str),
    st.sampled_from(["256", "-1", "-0", "+5", "007", " 7", '"7"', "0x1F", "0X1", "", "NA", "7.0"]),
)
ROW = st.text("abx'\" \t;", max_size=4)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.tuples(
            st.just("1.5,2.5,a\n"), st.lists(st.tuples(CELLS, CELLS, ROW), min_size=1, max_size=6)
        ),
        st.tuples(
            st.just("1,2,a\n"), st.lists(st.tuples(BYTES, BYTES, ROW), min_size=1, max_size=6)
        ),
    )
)
def test_it_never_reads_another_number(drawn):
    """Whatever cells hold, below fractions or whole numbers: the same of both, or a refusal."""
    first, rows = drawn
    text = f"u,v,kind\n{first}" + "".join(",".join(row) + "\n" for row in rows)
    file = in_memory(text)
    layout = layout_of(("u,v,kind\n", first, "0.5,1.5,b\n"), None)
    assert layout is not None
    try:
        X, labels = collect(csvarrow.blocks(file, layout, range(2), [2]))
    except csvarrow.OddError:
        return
    try:
        expected = collect(csvrows.blocks(file, layout, range(2), [2]))
    except csvrows.OddCellError:
        raise AssertionError("what is no number there is none here") from None
    np.testing.assert_array_equal(X, expected[0])
    assert labels == expected[1]


TEXTS = st.one_of(
    st.sampled_from(["", "NA", "?", "red", " red", "red ", "none", "None", '"a, b"', "é"]),
    st.text("ab'\" \t;", max_size=3),
)
GAPS = st.sampled_from(["1.5", "", "NA", " NA", "?", "-", "nan", "None", "7", "null ", "n/a", "x"])
TRUTHS = st.sampled_from(["True", "false", "", "NA", " true", "TRUE", "1"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(GAPS, TEXTS, TRUTHS, TEXTS), min_size=1, max_size=6))
def test_gaps_and_texts(rows):
    """Columns of text and missing values: the same of both, or a refusal."""
    head = "u,color,on,kind\n1.5,red,True,a\n2.5,green,False,b\n"
    file = in_memory(head + "".join(",".join(row) + "\n" for row in rows))
    layout = layout_of(head.splitlines(keepends=True), None)
    assert layout is not None
    assert layout.kinds == (Kind.NUMBER, Kind.TEXT, Kind.TRUTH, Kind.TEXT)
    try:
        fast = list(csvarrow.blocks(file, layout, [0, 2], [3, 1]))
    except csvarrow.OddError:
        return
    try:
        slow = list(csvrows.blocks(file, layout, [0, 2], [3, 1]))
    except csvrows.OddCellError:
        raise AssertionError("what is no number there is none here") from None
    for blocks in (fast, slow):
        assert len(blocks) == 1
    np.testing.assert_array_equal(fast[0][0], slow[0][0])
    for ours, theirs in zip(fast[0][1], slow[0][1], strict=True):
        grown = [GrowingText(), GrowingText()]
        grown[0].add(ours)
        grown[1].add(theirs)
        assert grown[0].texts().tolist() == grown[1].texts().tolist()


@pytest.mark.parametrize(
    "last",
    [
        *("1,2,3,x", "1,2,3,4,x,y", "1,2,3,red,x", "1,2,3,-inf,x"),
        *("1,2,3,1_0,x", '1,2,3,4, "x"', '1,2,3,4,"x', "# the end"),
    ],
)
def test_what_it_refuses(last):
    """Everything that is an error elsewhere, and what it would read otherwise."""
    file = in_memory(table() + last + "\n")
    layout = layout_of(table().splitlines(keepends=True), None)
    assert layout is not None
    with pytest.raises(csvarrow.OddError):
        list(csvarrow.blocks(file, layout, NUMERIC, [LABEL]))


def test_other_columns_are_not_looked_at():
    """A dropped column may hold anything."""
    rows, arrow = both(table(rows=[["red", *row[1:]] for row in ROWS]), numeric=[2, 1])
    np.testing.assert_array_equal(rows[0], arrow[0])
    np.testing.assert_array_equal(rows[0], [[row[2], row[1]] for row in ROWS])


@pytest.mark.parametrize(
    "text", [table() + "\ufeff" + table(header=None), table() + '1,2,3,4,"a\n']
)
def test_what_the_end_of_a_block_would_hide(monkeypatch, text):
    """A byte order mark and an open quote are left to the other reader."""
    monkeypatch.setattr(csvarrow, "BLOCK_BYTES", len(table().encode()))
    monkeypatch.setattr(csvarrow, "COLUMN_BYTES", 0)
    file = in_memory(text)
    layout = layout_of(table().splitlines(keepends=True), None)
    with pytest.raises(csvarrow.OddError):
        list(csvarrow.blocks(file, layout, NUMERIC, [LABEL]))


def test_marks_of_missing_values_that_come_late(monkeypatch):
    """Whichever thread meets the first one."""
    monkeypatch.setattr(csvarrow, "BLOCK_BYTES", 200)
    monkeypatch.setattr(csvarrow, "COLUMN_BYTES", 0)
    rows, arrow = both(table() + "1,2,NA,4,adelie\n1,?,3,null,adelie\n" * 30 + "\n" * 900)
    np.testing.assert_array_equal(rows[0], arrow[0])
    assert rows[1] == arrow[1]


@pytest.mark.parametrize("late", ["1,2,3,256,x", "1,2.5,3,4,x", "1,,3,4,x", "1,2,3,-1,x"])
def test_whole_numbers_are_bytes_as_long_as_they_fit(monkeypatch, late):
    """Blocks before the first number that is none are bytes, those from it on hold it."""
    monkeypatch.setattr(csvarrow, "BLOCK_BYTES", 100)
    monkeypatch.setattr(csvarrow, "COLUMN_BYTES", 0)
    head = "a,b,c,d,kind\n" + "1,2,3,4,y\n0,255,7,8,x\n" * 9
    file = in_memory(head + late + "\n")
    layout = layout_of(head.splitlines(keepends=True), None)
    X = [block for block, _ in csvarrow.blocks(file, layout, NUMERIC, [LABEL])]
    assert [x.dtype for x in X] == [np.uint8] * (len(X) - 1) + [np.float64]
    expected, _ = collect(csvrows.blocks(file, layout, NUMERIC, [LABEL]))
    np.testing.assert_array_equal(np.concatenate(X), expected)


def test_bytes_are_parsed_as_such_until_one_block_is_none(monkeypatch):
    """No later block is parsed twice."""
    monkeypatch.setattr(csvarrow, "BLOCK_BYTES", 100)
    monkeypatch.setattr(csvarrow, "COLUMN_BYTES", 0)
    monkeypatch.setattr(csvarrow, "n_cores", lambda: 1)
    read, types = csv.read_csv, []

    def spy(lines, reading, parsing, converting):
        types.append(str(converting.column_types["0"]))
        return read(lines, reading, parsing, converting)

    monkeypatch.setattr(csv, "read_csv", spy)
    some = "1,2,3,4,y\n0,255,7,8,z\n" * 18
    layout = layout_of(f"a,b,c,d,kind\n{some}".splitlines(keepends=True), None)
    file = in_memory(f"a,b,c,d,kind\n{some}1,2,3,256,z\n{some}")
    n_blocks = len(list(csvarrow.blocks(file, layout, NUMERIC, [LABEL])))
    n_narrow = types.count("uint8")
    assert types == ["uint8"] * n_narrow + ["double"] * (n_blocks + 1 - n_narrow)
    assert 2 < n_narrow < n_blocks - 2


def test_how_many_rows_are_expected(tmp_path):
    """About as many as there are, never more than a file of that size can have."""
    path = tmp_path / "t.csv"
    path.write_text(table() + table(header=None) * 99)
    file = TextFile(path, textfile.PLAIN, None)
    head = table().splitlines(keepends=True)
    layout = layout_of(head, None)
    assert 100 * N <= csvarrow.n_expected(file, layout, head) <= 120 * N
    assert csvarrow.n_expected(file, layout, ["a\n"] * 99) <= path.stat().st_size / 10 + 1
    assert csvarrow.n_expected(TextFile(path, "", b"BZh"), layout, head) == 0


def test_small_tables_do_not_import_it():
    """Arrow takes longer to import than they take to read."""
    file = in_memory(table())
    assert csvarrow.SMALL > 1e6
    layout = layout_of(file.head(), None)
    assert layout is not None
    assert layout.is_plain
