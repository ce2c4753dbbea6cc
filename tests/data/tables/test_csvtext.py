"""CSV: text that is damaged, in other encodings, or divided by the user's word."""

import numpy as np
import pytest
from small_table import KINDS, NAMES, table
from small_table import ROWS as ROWS_OF_BIRDS

from hpsoft.data.tables import csvfile
from hpsoft.data.tables.columns import Wish
from hpsoft.errors import DataError


def test_utf_16_is_said(write):
    """The encoding is no matter of course."""
    assert "The file is read as UTF-16." in csvfile.read_csv(write(table(), "utf-16")).notes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            table(labels=[*KINDS[:-1], '"adelie']),
            r"Line 61 of .* a quoted cell that is never closed",
        ),
        (table().replace(KINDS[4] + "\n", f'"{KINDS[4]}\n', 1), r"Line \d of .* never closed"),
        (
            table() + '1,2,3,4,"a\n5,6,7,8",9\n',
            r"Line 62 of .* 1 or more lines below.* has 6 cells",
        ),
        (table() + "\0" * 50, "Line 62 of .* holds NUL"),
        (table(labels=[*KINDS[:-1], "adelie\0"]), "Line 61 of .* holds NUL"),
        (table() * 300 + "\0,1,2,3\n", r"Line 18301 of .* holds NUL"),
        (table() + table(labels=[*KINDS[:-1], "x\0"]) * 90, r"Line \d+ of .* holds NUL"),
        ("PK\x03\x04" + "x" * 50, "is a zip archive or a workbook"),
        ("a^b\n1^2\n", "--delimiter names another separator"),
        (
            "a,b,c\n" + "1;2;x\n3,4,y\n" * 9,
            "several separators: 10 of the first 19 lines by ',', as line 1; 9 .* by ';', as line 2",
        ),
        ('[{"a": 1, "label": "x"},\n{"a": 2, "label": "y"}]', "is JSON, whatever its name says"),
        ('{"a": 1}\n{"a": 2}\n', "is JSON"),
    ],
)
def test_damaged_text(write, text, message):
    """It is told as such, with the line where the fault begins."""
    with pytest.raises(DataError, match=message):
        csvfile.read_csv(write(text))


@pytest.mark.parametrize(("sep", "delimiter"), [("~", "~"), ("\t", "tab"), (",", "comma")])
def test_a_delimiter(write, sep, delimiter):
    """By the user's word, which stands above the file's own."""
    source = csvfile.read_csv(write("sep=;\n" + table(sep)), Wish(delimiter=delimiter))
    np.testing.assert_array_equal(source.X, ROWS_OF_BIRDS)
    assert "The first line says that ';' separates cells" in " ".join(source.notes)
    with pytest.raises(DataError, match="has 1 column"):
        csvfile.read_csv(write(table(sep)), Wish(delimiter="^"))
    assert len(csvfile.column_names(write(table(sep)), Wish(delimiter=delimiter))) == 5


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(write, encoding):
    """Also where it does not begin with ASCII."""
    source = csvfile.read_csv(write(table(header=("赤", *NAMES[1:], "kind")), encoding))
    assert source.columns.names[0] == "赤"


def test_other_encodings(write):
    """A file that is not UTF-8 is read as Windows writes it, and said so."""
    source = csvfile.read_csv(write("höhe,kind\n1,\u20ac\n2,é\n3,é\n", encoding="cp1252"))
    assert source.columns.names == ("höhe", "kind")
    assert source.labels.tolist() == ["\u20ac", "é", "é"]
    assert "The file is read as CP1252; --encoding names another." in source.notes


def test_latin_1_where_windows_has_no_character(write):
    """Bytes that CP1252 leaves open are control characters of Latin-1."""
    source = csvfile.read_csv(write("a,kind\n1,\x81é\n2,b\n3,b\n", encoding="latin-1"))
    assert source.labels[0] == "\x81é"


def test_an_encoding_that_the_user_names(write):
    """It is taken at their word, and a wrong one is refused with those that are known."""
    path = write("a,kind\n1,\u0416\u0417\n2,b\n3,b\n", encoding="cp1251")
    assert csvfile.read_csv(path, encoding="cp1251").labels[0] == "\u0416\u0417"
    assert csvfile.read_csv(path, encoding="WINDOWS-1251").labels[0] == "\u0416\u0417"
    with pytest.raises(DataError, match=r"not in UTF-8: .* --encoding: utf-8, utf-16"):
        csvfile.read_csv(path, encoding="utf-8")
    with pytest.raises(DataError, match=r"No encoding 'cp12522'. .*Did you mean 'cp1252'"):
        csvfile.read_csv(path, encoding="cp12522")


def test_damaged_utf_8_is_not_taken_for_another_encoding(write, tmp_path):
    """Names with accents would be garbled in silence."""
    path = write("höhe,kind\n" + "1,äöü\n2,ßé\n" * 20)
    path.write_bytes(path.read_bytes() + b"3,\xe4\n")
    with pytest.raises(
        DataError, match=r"a.csv is no text in UTF-8: .*--encoding \(utf-16, cp1252"
    ):
        csvfile.read_csv(path)


def test_bytes_that_are_no_text(tmp_path):
    """A picture by the name of a table."""
    path = tmp_path / "t.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n,\x00\x01\xff,a\n" * 40)
    with pytest.raises(
        DataError, match=r"cannot be read|no text in UTF-8|is empty|is an image|NUL"
    ):
        csvfile.read_csv(path)
