"""A header of numbers is a header, and the first row of a table without one is data."""

import pytest
from small_table import CLASSES, KINDS, NAMES, PIXELS, ROWS, SHUFFLED, N, label_first, table

from hpsoft.data import load
from hpsoft.data.tables.header import read_header
from hpsoft.data.tables.numerals import PLAIN

SPECIES = ("adelie", "chinstrap", "gentoo")
COUNTED = [[str(i) for i in range(start, start + 4)] for start in (0, 1)]


@pytest.fixture
def shape(tmp_path):
    """Return a function that loads text as a table; samples, features and classes come back."""

    def shape(text, **options):
        path = tmp_path / "t.csv"
        path.write_text(text)
        data = load(str(path), **options)
        n_samples = len(data.training) + len(data.test)
        return n_samples, data.training.samples.n_features, data.classes

    return shape


@pytest.mark.parametrize("names", COUNTED, ids=["from 0", "from 1"])
@pytest.mark.parametrize("last", ["label", "digit", "kind", None])
@pytest.mark.parametrize("labels", [CLASSES, KINDS], ids=["numbers", "text"])
@pytest.mark.parametrize("sep", [",", ";", "\t"])
def test_columns_that_are_counted(shape, names, last, labels, sep):
    """pandas' default names, with a name for the labels or without."""
    header = [*names, last or str(int(names[-1]) + 1)]
    assert shape(table(sep, header, labels=labels))[:2] == (N, 4)


@pytest.mark.parametrize("names", COUNTED, ids=["from 0", "from 1"])
@pytest.mark.parametrize("first", [range(N), SHUFFLED], ids=["index", "shuffled index"])
@pytest.mark.parametrize("last", ["label", "kind"])
def test_counted_columns_beside_an_index(shape, names, first, last):
    """The index of pandas has no name in the header."""
    text = table(header=[*names, last], first=first, first_name="")
    assert shape(text) == (N, 4, SPECIES)


@pytest.mark.parametrize("names", COUNTED, ids=["from 0", "from 1"])
@pytest.mark.parametrize(("first", "labels"), [("label", CLASSES), ("kind", KINDS)])
def test_counted_columns_after_the_label(shape, names, first, labels):
    """The label may come first."""
    assert shape(label_first(first, names, labels))[:2] == (N, 4)


@pytest.mark.parametrize("last", ["kind", "class"])
@pytest.mark.parametrize(
    "names",
    [
        ["2015", "2016", "2017", "2018"],
        ["400.5", "402.5", "404.5", "406.5"],
        ["4000", "3998", "3996", "3994"],
        ["1007", "53", "117", "8"],
        ["0.0", "1.0", "2.0", "3.0"],
    ],
    ids=["years", "wavelengths", "falling", "genes", "floats"],
)
def test_other_numbers_that_name_columns(shape, names, last):
    """Rising and falling ones, and whole ones above fractions, where the label never recurs."""
    assert shape(table(header=[*names, last])) == (N, 4, SPECIES)


def test_numbers_alone_name_columns(shape):
    """No text anywhere: whole numbers above fractions, and a label that never occurs again."""
    text = table(header=["1007", "53", "117", "8", "99"], labels=CLASSES)
    assert shape(text) == (N, 4, ("0", "1", "2"))


@pytest.mark.parametrize("header", [[*map(str, range(16)), "digit"], [*map(str, range(1, 18))]])
def test_pixels_that_are_counted(tmp_path, header):
    """The first line of an image table is no image."""
    path = tmp_path / "px.csv"
    path.write_text(table(header=header, rows=PIXELS, labels=CLASSES))
    training = load(str(path)).training
    assert (str(training.samples.X.dtype), training.scale) == ("uint8", "unit")
    assert training.n_classes == 3


@pytest.mark.parametrize(
    "text",
    [
        table(header=None),
        table(header=None, labels=CLASSES),
        table(header=None, labels=["rare", *KINDS[1:]]),
        table(header=None, rows=[[1, 2, 3, 4], *ROWS[1:]]),
        table(header=None, rows=[[5, 2, 3, 1], *ROWS[1:]]),
        label_first(None, (), KINDS),
        table(header=None, first=range(1, N + 1)),
        table(header=None, rows=PIXELS, labels=CLASSES),
    ],
    ids=["text", "numbers", "rare", "counts", "whole", "label first", "numbered", "pixels"],
)
def test_rows_of_data_are_no_header(shape, text):
    """Nothing is lost of a table without names."""
    assert shape(text)[0] == N


def test_a_short_count_is_data_if_its_label_occurs_again():
    """1, 2, 3, 4 may be ratings; above fractions, or many, it is not."""
    ratings = [
        ["1", "2", "3", "4"],
        ["2", "1", "1", "1"],
        ["3", "3", "2", "4"],
        ["1", "1", "1", "1"],
    ]
    assert read_header(ratings, [], PLAIN, None).n_rows == 0
    above = [["1", "2", "3", "4"], ["2.5", "1.5", "1.5", "1"], ["3.5", "3.5", "2.5", "1"]]
    assert read_header(above, [], PLAIN, None).n_rows == 1
    long = [[str(i) for i in range(1, 9)], *[["1"] * 8, ["8"] * 8] * 2]
    assert read_header(long, [], PLAIN, None).n_rows == 1


def test_missing_values_are_no_names():
    """A question mark in the first row of data is not above its column, but in it."""
    rows = [["?", "1.5", "a"], ["2", "2.5", "b"], ["3", "3.5", "a"]]
    assert read_header(rows, [], PLAIN, None).n_rows == 0


def test_text_above_text():
    """Two texts that never occur again are names; where one does, the row is data."""
    named = [["site", "kind"], ["north", "a"], ["south", "b"]]
    assert read_header(named, [], PLAIN, None).names == ("site", "kind")
    data = [["north", "a"], ["north", "b"], ["south", "a"]]
    assert read_header(data, [], PLAIN, None).names == ("0", "1")


def test_a_target_in_the_first_row_makes_it_a_header():
    """The user has said so."""
    rows = [["1", "2", "77"], ["5", "6", "0"], ["1", "2", "1"]]
    assert read_header(rows, [], PLAIN, "77").n_rows == 1
    assert read_header(rows, [], PLAIN, None).n_rows == 0


@pytest.mark.parametrize("first", [range(N), SHUFFLED, [f"bird {i}" for i in range(N)]])
@pytest.mark.parametrize("names", [NAMES, COUNTED[0]], ids=["names", "numbers"])
def test_row_names_without_a_name(shape, first, names):
    """R's write.table leaves the cell above the names of the rows out."""
    text = table(header=[*names, "kind"], first=first, first_name=None)
    assert shape(text) == (N, 4, SPECIES)


def test_remarks_say_what_was_decided():
    """A header of ordinary names needs no word."""
    rows = [["a", "b", "kind"], ["1.5", "2", "x"], ["2.5", "1", "y"]]
    assert read_header(rows, [], PLAIN, None).remark is None
    assert "numbered from 0" in (read_header(rows[1:], [], PLAIN, None).remark or "")
    long = [[*map(str, range(9))], ["1.5"] * 9]
    assert "'0', '1', '2', ..., '8', is taken" in (read_header(long, [], PLAIN, None).remark or "")
    short = [["a", "b", "kind"], ["1", "1.5", "2", "x"], ["2", "2.5", "1", "y"]]
    assert "one cell less" in (read_header(short, [], PLAIN, None).remark or "")
    above = read_header(rows[1:], ["u", "v", "w"], PLAIN, None)
    assert (above.names, above.n_rows) == (("u", "v", "w"), 0)
    assert "comment" in (above.remark or "")


def test_cells_without_a_name():
    """They are called as pandas calls them."""
    rows = [["", "a", "", "kind"], ["0", "1.5", "2", "x"], ["1", "2.5", "1", "y"]]
    assert read_header(rows, [], PLAIN, None).names == ("Unnamed: 0", "a", "Unnamed: 2", "kind")
