"""Numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsoft.data.tables import numerals
from hpsoft.data.tables.numerals import (
    PLAIN,
    NumberStyle,
    is_missing,
    looks_numeric,
    style_of,
    with_thousands,
)

ENGLISH, GERMAN = NumberStyle(".", ","), NumberStyle(",", ".")


@pytest.mark.parametrize(
    ("cells", "separator", "style"),
    [
        (["1.5", "2", "a"], ",", PLAIN),
        (["1", "2"], ";", PLAIN),
        (["1,5", "2,25"], ";", NumberStyle(",")),
        (["1,234", "2,345"], ";", NumberStyle(",")),
        (["1,234", "2,345"], "\t", NumberStyle(",")),
        (["1,234", "2,345", "17"], ",", ENGLISH),
        (["1,5", "2,25"], ",", NumberStyle(",")),
        (["1,234.5", "17.25"], ",", ENGLISH),
        (["1.234,5", "17,25"], ";", GERMAN),
        (["1.234.567", "17"], ";", GERMAN),
        (["1,234,567", "17"], ";", ENGLISH),
        (["1.234", "17,5"], ";", GERMAN),
        (["1,234", "17.5"], ";", ENGLISH),
        (["1'234.5", "17.5"], ";", NumberStyle(".", "'\u2019")),
        (["1\u202f234,5", "17,5"], ";", NumberStyle(",", " \u00a0\u202f")),
        (["1 234", "17"], ";", NumberStyle(".", " \u00a0\u202f")),
        (["1.2.3", "1.5"], ",", PLAIN),
        (["a,b", "c;d", "1.5"], ";", PLAIN),
        (["12 34", "1.5"], ";", PLAIN),
        ([], ",", PLAIN),
    ],
)
def test_styles(cells, separator, style):
    """Two different marks, one mark twice, or the separator tell what a mark is for."""
    assert style_of(cells, separator) == style


@pytest.mark.parametrize(
    ("style", "cell", "number"),
    [
        (PLAIN, " 1.5 ", 1.5),
        (PLAIN, "+1e3", 1000),
        (GERMAN, "1.234,5", 1234.5),
        (GERMAN, "1.234", 1234),
        (GERMAN, "-0,5e2", -50),
        (ENGLISH, "1,234,567.25", 1234567.25),
        (ENGLISH, "12.5", 12.5),
        (NumberStyle(",", " \u00a0\u202f"), "1\u00a0234,5", 1234.5),
    ],
)
def test_numbers(style, cell, number):
    """In the style of the file."""
    assert style.number(cell) == number


@pytest.mark.parametrize(
    ("style", "cell"),
    [
        (PLAIN, "1,5"),
        (PLAIN, "1_0"),
        (PLAIN, ""),
        (PLAIN, "red"),
        (ENGLISH, "1,23"),
        (ENGLISH, "1234,567"),
        (ENGLISH, "0,567"),
        (GERMAN, "1.5"),
        (NumberStyle(","), "1.5"),
    ],
)
def test_no_numbers(style, cell):
    """Another style is no number: never a hundred times the value."""
    assert not style.is_number(cell)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_comes_back(value):
    """In the style of programs, and with a decimal comma."""
    assert PLAIN.number(repr(value)) == value
    assert NumberStyle(",").number(repr(value).replace(".", ",")) == value


@pytest.mark.parametrize("cell", ["1.5", "-3", "1,5", "1'000", "1e5", "True", "NA", "?", "-inf"])
def test_what_looks_numeric(cell):
    """Numbers in any style, truth values, and marks of missing ones."""
    assert looks_numeric(cell)


@pytest.mark.parametrize("cell", ["", " ", "a", "2020-01-01", "1;2", "1:3.5", "e5"])
def test_what_does_not(cell):
    """Text, and cells that another separator would divide."""
    assert not looks_numeric(cell)


@pytest.mark.parametrize(("cell", "expected"), [("", True), (" N/A ", True), ("0", False)])
def test_missing(cell, expected):
    """As spreadsheets and programs write it."""
    assert is_missing(cell) == expected


@given(
    st.lists(st.text("0123456789.,' -e_x", max_size=8), max_size=6),
    st.sampled_from([NumberStyle(), NumberStyle(",", "."), NumberStyle(".", ",")]),
)
def test_numbers_are_counted_as_one_by_one(cells, style):
    """All at once where they are plain."""
    assert style.count(cells) == sum(map(style.is_number, cells))


@given(st.lists(st.text("0123456789.-ex", max_size=9), max_size=8), st.sampled_from(",;\t"))
def test_plain_numbers_are_told_at_once(cells, separator):
    """With the outcome of the long way, which a text with a mark makes it go."""
    assert numerals.style_of([*cells, "Doe, J"], separator) == numerals.style_of(cells, separator)


def told(column, style=PLAIN, beside="x"):
    """Return the style of a table of these cells and another column."""
    cells = ["a", *column]
    return with_thousands(style, [(i, [cell, beside]) for i, cell in enumerate(cells, 1)])


COMMA = NumberStyle(",")
DIGITS = [f"1.{i}" for i in range(111, 199) if i % 10]  # none ends in a zero


@pytest.mark.parametrize(
    ("column", "style", "found"),
    [
        (["968", "960", "1.140"], PLAIN, GERMAN),
        (["968", "-960", "1,140", "12"], COMMA, ENGLISH),
        (["968", "960", *DIGITS], PLAIN, GERMAN),
        (["1.141", "1.120"], PLAIN, PLAIN),  # fractions throughout
        (["0.123", "1.120", "968", "960"], PLAIN, PLAIN),  # no group begins with 0
        (["1.120", "968", "960", "1960"], PLAIN, PLAIN),  # a thousand without a mark
        (["33.333", "100", "66.667", "0", "100"], PLAIN, PLAIN),  # percentages
        (["1.5", "968", "960", "1.120"], PLAIN, PLAIN),
        (["968", "960", "24.12.2020"], PLAIN, PLAIN),
        (["968", "960", "1.140"], GERMAN, GERMAN),
    ],
)
def test_thousands_are_told_by_their_column(column, style, found):
    """Whole numbers below 1000 stand beside them without a mark."""
    assert told(column, style) == found


def test_another_column_tells_too():
    """A fraction anywhere in the file says what the mark is."""
    assert told(["968", "960", "1.140"], beside="0.5") == PLAIN


@pytest.mark.parametrize(("style", "mark"), [(PLAIN, "point"), (COMMA, "comma")])
def test_what_nothing_tells_is_refused(style, mark):
    """With the line, and both readings."""
    cell = f"1{style.decimal}141"
    with pytest.raises(numerals.AmbiguousError, match=r"in line 4, beside .* 968") as refused:
        told(["968", "960", cell], style)
    assert str(refused.value).startswith(f"column 'a' has '{cell}'")
    assert f"1141 where the {mark} groups thousands, and 1.141 where" in str(refused.value)
    assert f"968{style.decimal}000." in str(refused.value)


def test_columns_without_a_name_have_a_number():
    """As where the first row is one of numbers."""
    with pytest.raises(numerals.AmbiguousError, match=r"^column 1 has"):
        with_thousands(PLAIN, [(1, ["960"]), (2, ["968"]), (3, ["961"]), (4, ["1.141"])])
