"""A measurement is not taken for labels; what the user names is, unless it is continuous."""

import random

import numpy as np
import pytest
from small_table import CLASSES, KINDS, NAMES, PIXELS, ROWS, N, decimal_comma, table

from hpsoft.data import load
from hpsoft.data.tables.labelcolumn import check_labels
from hpsoft.errors import DataError

RNG = random.Random(2)
PRICES = [round(RNG.gauss(50, 20), 1) for _ in range(N)]
EDGE = [0 if i % 9 else 4 * i for i in range(N)]  # of an image: mostly dark
DARK = [0 if i % 3 else i % 4 for i in range(N)]


@pytest.fixture
def read(tmp_path):
    """Return a function that loads text as a table."""

    def read(text, **options):
        path = tmp_path / "t.csv"
        path.write_text(text)
        return load(str(path), **options)

    return read


@pytest.mark.parametrize(
    ("labels", "why"),
    [
        (PRICES, "it holds fractions such as"),
        ([RNG.randrange(10**6) for _ in range(N)], "most of its .* different numbers occur once"),
        ([18 + i % 30 for i in range(N)], "it holds 30 different numbers, 18 to 47"),
        (EDGE, "occur once"),
        ([f"name {i}" for i in range(N)], "most of its 60 different texts occur once"),
    ],
    ids=["fractions", "large", "age", "edge", "names"],
)
def test_guesses_that_look_measured(read, labels, why):
    """They are refused, and --target is the way out."""
    message = rf"'value' .* would be taken for the labels .the (last|only) .*{why}.*--target"
    with pytest.raises(DataError, match=message):
        read(table(header=[*NAMES, "value"], labels=labels))


def test_a_name_does_not_make_a_measurement_labels(read):
    """A regression target that is called target."""
    with pytest.raises(
        DataError, match=r"'target' .*taken for the labels .by its name.*fractions"
    ):
        read(table(header=[*NAMES, "target"], labels=PRICES))


def test_measurements_with_decimal_commas(read):
    """The style of the file counts."""
    labels = map(decimal_comma, PRICES)
    text = table(";", [*NAMES, "Preis"], labels=list(labels), write=decimal_comma)
    with pytest.raises(DataError, match="fractions"):
        read(text)


@pytest.mark.parametrize("header", [None, [f"pixel{i}" for i in range(17)]])
@pytest.mark.parametrize("last", [EDGE, DARK])
def test_a_pixel_is_no_label(read, header, last):
    """The labels of images come first as often as last."""
    rows = [[k, *pixels[:15]] for k, pixels in zip(CLASSES, PIXELS, strict=True)]
    with pytest.raises(DataError, match=r"would be taken.*(pixel|occur once).*--target"):
        read(table(header=header, rows=rows, labels=last))


def test_a_pixel_is_no_label_where_one_is_named(read):
    """Kaggle's image tables: label, pixel1, pixel2, ..."""
    rows = [[k, *pixels[:15]] for k, pixels in zip(CLASSES, PIXELS, strict=True)]
    header = ["label", *(f"pixel{i}" for i in range(1, 17))]
    data = read(table(header=header, rows=rows, labels=EDGE))
    assert (data.classes, data.training.scale) == (("0", "1", "2"), "unit")


def test_a_named_regression_target(read):
    """It is refused as such."""
    with pytest.raises(DataError, match=r"'price' .* continuous: .* such as .*--target"):
        read(table(header=[*NAMES, "price"], labels=PRICES), target="price")


def test_a_constant_column(read):
    """One class; the hint names the option."""
    with pytest.raises(DataError, match=r"one class only.*--target"):
        read(table(labels=[0] * N))


@pytest.mark.parametrize(
    ("labels", "n_classes"),
    [
        ([i % 26 for i in range(N)], 26),
        ([1 + i % 26 for i in range(N)], 26),
        ([f"{k}.0" for k in CLASSES], 3),
        ([10 * k for k in CLASSES], 3),
        ([k - 1 for k in CLASSES], 3),
        (["rare", *KINDS[1:]], 4),
        ([k > 1 for k in CLASSES], 2),
        (DARK, 4),
    ],
    ids=["from 0", "from 1", "floats", "tens", "signed", "rare", "truth", "mostly 0"],
)
def test_labels_that_are_taken(read, labels, n_classes):
    """Numbers of all kinds."""
    assert len(read(table(header=[*NAMES, "value"], labels=labels)).classes) == n_classes


def test_half_stars(read):
    """A few fractions are classes where the user says so."""
    stars = [(i % 6) / 2 for i in range(N)]
    assert len(read(table(header=[*NAMES, "stars"], labels=stars), target="stars").classes) == 6


def test_many_numbers_are_taken_from_the_user(read):
    """Whole ones: classes, if the user says so."""
    text = table(header=[*NAMES, "age"], labels=[18 + i % 30 for i in range(N)])
    assert len(read(text, target="age").classes) == 30


@pytest.mark.parametrize("labels", [[None, 1, 2], ["", "a", "b"], [float("nan"), 1.0, 1.0], []])
def test_missing_labels_have_an_error_of_their_own(labels):
    """This check says nothing of them."""
    array = np.asarray(labels, dtype=object)
    check_labels(array, float, name="a", why="last", beside_pixels=False, where="t")
    check_labels(array, float, name="a", why=None, beside_pixels=False, where="t")


def test_numbers_of_a_typed_table():
    """Parquet's labels are numbers, not text."""
    values = np.linspace(0, 1, 50)
    with pytest.raises(DataError, match="continuous"):
        check_labels(values, float, name="a", why=None, beside_pixels=False, where="t")
    check_labels(np.arange(50) % 2, float, name="a", why="x", beside_pixels=False, where="t")


def test_the_rows_of_this_test_are_no_labels():
    """Of what the table holds, each column of measurements would be refused."""
    for column in zip(*ROWS, strict=True):
        with pytest.raises(DataError):
            check_labels(
                np.array(column), float, name="a", why="last", beside_pixels=False, where="t"
            )
