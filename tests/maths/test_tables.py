"""Tables of numbers: the embedded ones, CSV files good and bad, synthetic ones."""

import gzip
import sys

import numpy as np
import pytest
from sklearn.datasets import load_diabetes, load_digits

from hpsoft.errors import DataError, SpaceError
from hpsoft.maths.tables import diabetes, digits, read_csv, synthetic


@pytest.fixture
def write(tmp_path):
    def make(text, name="table.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return make


def test_embedded_data_are_scikit_learns():
    """The same numbers, without its import."""
    X, y = load_diabetes(return_X_y=True, scaled=False)
    assert np.array_equal(diabetes().X, X)
    assert np.array_equal(diabetes().y, y)
    pixels, labels = load_digits(return_X_y=True)
    assert np.array_equal(digits()[0], pixels / 16)
    assert np.array_equal(digits()[1], labels)


def test_a_missing_file_is_said(monkeypatch):
    """A scikit-learn without the file, or none at all."""
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(DataError, match="--data"):
        diabetes()


def test_header_and_target(write):
    """The target is the last column unless named."""
    path = write("a,b, c\n1,2,3\n4,5,6\n\n")
    last, first = read_csv(path), read_csv(path, "a")
    assert (last.names, last.y.tolist()) == (("a", "b"), [3.0, 6.0])
    assert (first.names, first.y.tolist()) == (("b", "c"), [1.0, 4.0])


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_header_and_any_separator(write, separator):
    """Columns are numbered from 0 then."""
    table = read_csv(write("1,2,3\n4,5,6\n".replace(",", separator)), "1")
    assert table.names == ("0", "2")
    assert table.y.tolist() == [2.0, 5.0]


def test_gzip(tmp_path):
    """Compressed files are read as well."""
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n3,4\n"))
    assert read_csv(path).X.tolist() == [[1.0], [3.0]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("a,b\n1,2\n", "1 rows"),
        ("a\n1\n2\n", "1 column"),
        ("a,b\n1,2\n3\n", "row 2 has 1 cells, not 2"),
        ("a,b\n1,2\n3,x\n", "row 2, column 'b': 'x'"),
        ("a,b\n1,2\nnan,4\n", "row 2, column 'a': 'nan'"),
        ("a,b\n1,2\n3,inf\n", "'inf' is no finite number"),
        ("a,a\n1,2\n3,4\n", "more than one column"),
    ],
)
def test_bad_tables_say_where(write, text, message):
    """One error, with the row and the column."""
    with pytest.raises(DataError, match=message):
        read_csv(write(text))


def test_unknown_target(write):
    """With a guess."""
    with pytest.raises(DataError, match="Did you mean 'price'"):
        read_csv(write("size,price\n1,2\n3,4\n"), "prize")


def test_unreadable_files(tmp_path):
    """Missing, not text, not gzip, truncated."""
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"\xff\xfe\x00\x81")
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(gzip.compress(b"a,b\n" * 1000)[:-20])
    fake = tmp_path / "fake.csv.gz"
    fake.write_bytes(b"a,b\n1,2\n")
    for path in (tmp_path / "none.csv", tmp_path, binary, broken, fake):
        with pytest.raises(DataError, match="Cannot read"):
            read_csv(path)


@pytest.mark.parametrize("condition", [0.5, 0.0, -1.0, float("nan"), float("inf")])
def test_impossible_condition_numbers(condition):
    """Finite and at least 1."""
    with pytest.raises(SpaceError, match="condition number"):
        synthetic(condition, np.random.default_rng(0))
