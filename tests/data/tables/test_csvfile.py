"""CSV: headers, separators, labels of all kinds, and rows that are not as they should be."""

import bz2
import gzip
import lzma
import re
from pathlib import Path

import numpy as np
import pytest
from small_table import KINDS, decimal_comma, table
from small_table import ROWS as ROWS_OF_BIRDS

from hpsoft.data import load
from hpsoft.data.tables import csvfile
from hpsoft.data.tables.columns import Wish
from hpsoft.errors import DataError

ROWS = "1.5,2,cat\n2.5,3,dog\n3.5,4,cat\n4.5,5,dog\n"


@pytest.mark.parametrize(
    "text",
    [
        "a,b,kind\n" + ROWS,
        ROWS,
        "\ufeffa,b,kind\r\n" + ROWS.replace("\n", "\r\n"),
        "a;b;kind\n" + ROWS.replace(",", ";"),
        "a\tb\tkind\n" + ROWS.replace(",", "\t"),
        '"a","b","kind"\n' + ROWS.replace(",cat", ', "cat"'),
        "a,b,kind\n\n" + ROWS + "\n",
        "0,1,2\n" + ROWS,
    ],
    ids=["header", "none", "bom", "semicolon", "tab", "quoted", "blank lines", "numbered header"],
)
def test_dialects(write, text):
    """The same table in many spellings gives the same arrays."""
    source = csvfile.read_csv(write(text))
    np.testing.assert_array_equal(source.X, [[1.5, 2], [2.5, 3], [3.5, 4], [4.5, 5]])
    assert source.labels.tolist() == ["cat", "dog", "cat", "dog"]


@pytest.mark.parametrize(
    ("text", "target"),
    [("kind,a,b\n{}", "kind"), ("{}", "0"), ("2020,a,b\n{}", "2020"), ("0,1,2\n{}", "0")],
)
def test_target_by_name_or_position(write, text, target):
    """--target names a column; without a header it is the column's position from 0."""
    rows = "0,1.5,2\n1,2.5,3\n0,3.5,4\n1,4.5,5\n"
    source = csvfile.read_csv(write(text.format(rows)), Wish(target))
    np.testing.assert_array_equal(source.X[:, 1], [2, 3, 4, 5])
    assert source.labels.tolist() == ["0", "1", "0", "1"]


BIRDS = ("adelie", "chinstrap", "gentoo")
THOUSANDS = [[*row[:3], abs(round(row[3] * 1000, 1))] for row in ROWS_OF_BIRDS]
FRENCH = str.maketrans({",": "\u202f", ".": ","})
GERMAN = str.maketrans({",": ".", ".": ","})


FORMS = [
    ("t.tsv", table("\t")),
    ("t.tab", table("\t", header=None)),
    ("t.txt", table("  ")),
    ("birds.data", table(header=None)),
    ("T.DAT", table(" ", header=None)),
    ("T.CSV", table()),
    ("t.csv.gz", gzip.compress(table().encode())),
    ("T.TSV.BZ2", bz2.compress(table("\t").encode())),
    ("t.txt.xz", lzma.compress(table(" ").encode())),
    ("t.csv", gzip.compress(table().encode())),
    ("t.csv", table("\t").encode("utf-16")),
    ("t.csv", table(";", write=decimal_comma).encode("utf-16-le")),
    ("t.csv", table(end="\r")),
    ("t.csv", "# a\r# b\r" + table(end="\r")),
    ("t.csv", "\ufeff" + table(end="\r\n") + "\r\n"),
    ("t.csv", "sep=;\r\n" + table(";", write=decimal_comma, end="\r\n")),
    ("t.csv", table(";", write=decimal_comma)),
    ("t.csv", table(write=lambda v: f'"{decimal_comma(v)}"')),
    ("t.csv", table(rows=THOUSANDS, write=lambda v: f'"{v:,}"')),
    ("t.csv", table(";", rows=THOUSANDS, write=lambda v: f"{v:,}".translate(GERMAN))),
    ("t.csv", table(";", rows=THOUSANDS, write=lambda v: f"{v:,}".translate(FRENCH))),
    ("t.csv", table(";", rows=THOUSANDS, write=lambda v: f"{v:,}".replace(",", "'"))),
    ("t.csv", "# length,width,depth,mass,kind\n" + table(header=None)),
    ("t.csv", table(write="{:+.3e}".format)),
    ("t.csv", table() + "# the end\n"),
    ("t.csv", table(end=",\n")),
    ("t.csv", table(end="\n\n") + ",,,,\n"),
]


# Numbered: gzip's bytes tell the second at which they were made, and each worker makes its own.
@pytest.mark.parametrize(("name", "content"), FORMS, ids=range(len(FORMS)))
def test_the_same_birds(tmp_path, name, content):
    """Names, compression, encodings, line ends, and numbers of many countries."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    source = csvfile.read_csv(path)
    assert csvfile.is_table(path)
    thousands = np.abs(source.X).max() > 100
    np.testing.assert_allclose(source.X, THOUSANDS if thousands else ROWS_OF_BIRDS, atol=0.01)
    assert source.labels.tolist() == KINDS
    assert source.name == name.split(".", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (table(";", write=decimal_comma), "Fractions begin with a comma, so '[-0-9,]+' is"),
        (table(rows=THOUSANDS, write=lambda v: f'"{v:,}"'), "with a point, so '[0-9],[0-9.]+' is"),
        ("# a\n" + table(), "Lines that begin with # are comments"),
        (table(header=None), "The first row is data"),
        (table(header=[*"0123", "label"]), "'0', '1', '2', '3', 'label', is taken"),
        (table(first=range(60), first_name=None), "one cell less than the rows"),
    ],
)
def test_what_is_no_matter_of_course_is_said(write, text, note):
    """After what the labels are."""
    labels, *others = csvfile.read_csv(write(text)).notes
    assert labels.startswith("Labels: ")
    assert any(re.search(note, other) for other in others)


def test_the_example_of_fractions_is_of_a_column_of_numbers(write):
    """Not of one that stayed text, where it says nothing."""
    rows = [
        [f'"1,{i + 110}"' if i % 3 else "soon", *row[1:]] for i, row in enumerate(ROWS_OF_BIRDS)
    ]
    assert not any("Fractions" in note for note in csvfile.read_csv(write(table(rows=rows))).notes)


def test_truth_values_are_numbers(write):
    """As pandas writes one-hot columns."""
    rows = [[*row[:3], row[3] > 4] for row in ROWS_OF_BIRDS]
    for cell in (str, lambda v: str(v).upper(), lambda v: f" {v}"):
        X = csvfile.read_csv(write(table(rows=rows, write=cell))).X
        np.testing.assert_array_equal(X, np.array(rows, float))
    text = table(rows=[*rows[:-1], [*rows[-1][:3], "perhaps"]])
    with pytest.raises(DataError, match=r"'mass' .* not numeric: line 61 has 'perhaps'"):
        csvfile.read_csv(write(text))


@pytest.mark.parametrize("name", ["a", "a.gz", "a.xlsx", "a.csv.zip", "csv"])
def test_other_names_are_no_tables(name):
    """A suffix of a table, and at most one of a compression behind it."""
    assert not csvfile.is_table(Path(name))


def test_whole_pixels_become_bytes(write):
    """Features that are all whole numbers of 0 .. 255 take a byte each."""
    X = csvfile.read_csv(write("0,255,a\n1,2,b\n")).X
    assert X.dtype == np.uint8
    assert X.tolist() == [[0, 255], [1, 2]]


def test_column_names_may_be_partly_numbers(write):
    """A header with years in it is no row of data."""
    source = csvfile.read_csv(write("size,2019,kind\n1,2.5,a\n2,3.5,b\n"))
    assert source.X.tolist() == [[1, 2.5], [2, 3.5]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no rows"),
        ("\n\n", "has no rows"),
        ("a,b,kind\n", "has no rows"),
        ("a,b,kind\n1,2,x\n1,2\n", "Line 3 of .* has 2 cells where there are 3 columns"),
        ("a,b,kind\n1,2,x,9\n", "Line 2 of .* has 4 cells"),
        ("a,b,a\n1,2,x\n", "more than one column called 'a'"),
        ("a,b,kind\n1,2,x\n2,3,x\n1,red,x\n", "Column 'b' of .* not numeric: line 4 has 'red'\\."),
        (
            "a,b,kind\n" + "1,2,x\n" * 30 + "1,red,x\n1,blue,y\n",
            "line 32 has 'red'; 2 of 32 cells are no numbers",
        ),
        ("a,b,kind\n1,2,x\n2,3,x\n1,1_0,x\n", "Column 'b' of .* not numeric: line 4 has '1_0'"),
        ("kind\nx\ny\n", "has 1 column"),
        ("1\n2\n", "has 1 column"),
        ('a,b\n"1,2\n', "Line 2 of .* begins a quoted cell that is never closed"),
        ("a,b\n" + "1" * 140000 + ",x\n", "no table of text .field larger"),
    ],
)
def test_bad_tables(write, text, message):
    """Errors name the line and the column."""
    with pytest.raises(DataError, match=message):
        csvfile.read_csv(write(text))


def test_a_column_before_the_features_shifts_no_names(write):
    """The label is not the last column: the names of the others are still their own."""
    with pytest.raises(DataError, match=r"Column 'b' .*: line 3 has 'red'"):
        csvfile.read_csv(write("kind,a,b\nx,1,2\ny,1,red\ny,1,3\n"), Wish("kind"))


def test_mistyped_target(write):
    """The columns are listed and the nearest is suggested."""
    path = write("a,b,kind\n" + ROWS)
    with pytest.raises(DataError, match=r"Known: a, b, kind. Did you mean 'kind'"):
        load(str(path), target="knd")


def test_missing_labels(write):
    """An empty label is an error, not a class."""
    with pytest.raises(DataError, match=r"column 'kind'.* 1 of 3 are missing, first in row 2"):
        load(str(write("a,kind\n1,x\n2,\n3,y\n")))


def test_fractional_labels(write):
    """A measured quantity in the last column is no label: --target is the way out."""
    with pytest.raises(
        DataError, match=r"does not look like labels: it holds fractions.*--target"
    ):
        load(str(write("a,b\n1,0.5\n2,1\n")))


def test_missing_file(tmp_path):
    """A path that leads nowhere is an error with that path."""
    with pytest.raises(DataError, match=r"no file or folder '.*none\.csv'"):
        load(str(tmp_path / "none.csv"))


def test_directory_with_the_name_of_a_file(tmp_path):
    """A folder called x.csv is no table."""
    (tmp_path / "x.csv").mkdir()
    with pytest.raises(DataError, match="is a folder"):
        load(str(tmp_path / "x.csv"))


def test_permission_denied(write, monkeypatch):
    """A file that may not be read is said so."""
    path = write(ROWS)

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(DataError, match="may not be read by this user"):
        load(str(path))


def test_rows_that_turn_out_to_be_comments(write):
    """A table without any other row is empty."""
    with pytest.raises(DataError, match="has no rows"):
        csvfile.read_csv(write("a,b,kind\n# nothing\n"))


BODY = "\n".join(f"0.{i:02d},{i}.5,{'xyz'[i % 3]}" for i in range(30))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"a,b,label\ncm,kg,\n{BODY}\n", r"'a'.*line 2 has 'cm'\. .* one of units\. Take it out"),
        (
            f"a,b,label\n{BODY}\nTotal,90,\n",
            r"line 32 has 'Total'\. .* one of totals\. Take it out",
        ),
        (
            f"a,b,label\n{BODY}\na,b,label\n{BODY}\n",
            r"line 1 has 'a'; 2 of 62.*occurs 2 times.*all but the first out",
        ),
        (f"size,b,label\n{BODY}\nsize,0,x\n", r"'size'\. Features must be numbers"),
        (f"a,b,label\n{BODY}\noops,0,x\n{BODY}\noops,0,x\n", "--missing-values oops takes it"),
        (f"a,b,label\n{BODY}\noops,0,x\n{BODY}\n", "--missing-values oops takes it"),
        (f"a,b,label\n{BODY}\n1,2\n{BODY}\n1,2,3,4\n1,2\n", "Line 32 .* and so have 2 more row"),
        (f"a,b,label\n{BODY}\n1,2\n{BODY}\n1\n", "Line 32 .* and so has 1 more row"),
        (f'a,b,label\n{BODY}\n1,2\n{BODY}\n1\n"1,2', r"has 1 more row\(s\) below at least\."),
        ("\n <!DOCTYPE html><html>a,b,c", "is a web page"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 1\n", "git lfs pull"),
    ],
)
def test_rows_that_are_no_samples(write, text, message):
    """Named with what mends them, and counted."""
    with pytest.raises(DataError, match=message) as error:
        load(str(write(text)))
    assert ("--missing-values" in str(error.value)) == ("--drop" in str(error.value))


def test_a_header_that_occurs_again(tmp_path):
    """Where the first one is known for a header, as when it is longer than any text below."""
    rows = "\n".join(f"{i},{i}.5,{i % 3}" for i in range(40))
    (tmp_path / "t.csv").write_text(f"a,b,label\n{rows}\na,b,label\n{rows}\n")
    with pytest.raises(DataError, match=r"repeats the header|occurs 2 times"):
        load(str(tmp_path / "t.csv"), target="label")


def test_thousands_beside_smaller_whole_numbers(write):
    """Either mark, told by the column, with a note; refused where nothing tells."""
    for mark in ".,":
        rows = [f"968;1;x\n960;2;y\n1{mark}{n};3;x\n" for n in (140, 141)]
        source = csvfile.read_csv(write("a;b;label\n" + "".join(rows)))
        np.testing.assert_array_equal(source.X[:, 0], [968, 960, 1140, 968, 960, 1141])
        assert any(note.endswith(f"so '1{mark}140' is 1140.") for note in source.notes)
        with pytest.raises(DataError, match=r"csv: column 'a' has '1.141' in line 4, .* 1 cell"):
            csvfile.read_csv(write(f"a;b;label\n968;1;x\n960;2;y\n1{mark}141;3;x\n"))
