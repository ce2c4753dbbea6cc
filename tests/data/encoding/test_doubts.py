"""Columns of text that are mostly numbers or dates are told, with what helps."""

import pytest

from hpsoft.data import load
from hpsoft.data.encoding.doubts import doubts_of
from hpsoft.data.encoding.policy import Policy
from hpsoft.data.encoding.table import Coded, Field
from hpsoft.data.tables.columns import Kind
from hpsoft.data.tables.numerals import NumberStyle

USUAL = Policy()
COMMAS = NumberStyle(",", ".")


def doubts(texts, policy=USUAL, number=float):
    fields = (Field("n"), Field("t u", Kind.TEXT))
    return doubts_of(fields, (Coded.from_texts(texts),), number, policy)


def test_numbers():
    (doubt,) = doubts(
        ["1", None, "unknown", "2.5", "1e3", "4", "5", "-1", "unknown", "7", "8", "9"]
    )
    assert doubt.what == (
        "9 of its 11 values are numbers: 2 are none, first 'unknown' in row 3 (from 1)"
    )
    assert "--missing-values unknown takes it for missing" in doubt.note
    assert "--drop 't u'" in doubt.note


@pytest.mark.parametrize(
    "texts",
    [
        ["1", "2", "3", "4"],  # too few
        ["1", "2", "3", "4", "5", "x", "y"],  # not most
        ["1", "2", "3", "4", "5", "6"],  # all of them: the reader said text
        ["x"] * 9,
        ["2024-03-01"] * 9,
        ["1.3.2024", "2.3.2024", "31.3.2024", "4.3.2024", "5.3.2024"],
    ],
)
def test_no_doubt(texts):
    assert not doubts(texts)


def test_commas_and_many_words():
    """Numbers as the file writes them; too many words are no option."""
    (doubt,) = doubts([*(f"{i},5" for i in range(40)), *"abcd"], number=COMMAS.number)
    assert "40 of its 44" in doubt.what
    assert doubt.help == "--drop 't u' leaves the column out."


@pytest.mark.parametrize(
    ("cells", "notation"),
    [
        ("{}.3%", "a percent sign"),
        ("${}.30", "a currency"),
        ("-{} EUR", "a currency"),
        ("({}.25)", "parentheses for minus"),
        ("\u2212{}.5", "a minus that is no '-'"),
        ("({}%)", "parentheses for minus and a percent sign"),
        ("{},5", "a decimal comma"),
        ("1.{}00,5", "a decimal comma"),
        ("{},000.5", "signs between thousands"),
        ("€ {}'000", "a currency and signs between thousands"),
    ],
)
def test_numbers_as_people_write_them(cells, notation):
    """Beside such as programs write; the doubt names both, with their numbers."""
    other = [cells.format(i) for i in range(1, 7)]
    (doubt,) = doubts([*other, None, "7.5", "8", "8"])
    assert doubt.what == (
        f"9 of its 9 values are numbers: 6 with {notation}, first {other[0]!r} in row 1 (from 1); "
        "3 as the file's numbers (1.5)"
    )
    assert "like 1.5" in doubt.help
    assert "--drop 't u' leaves the column out" in doubt.help


def test_points_among_decimal_commas():
    (doubt,) = doubts([f"{i}.25" for i in range(9)] + ["x"], number=COMMAS.number)
    assert "9 of its 10 values are numbers: 9 with a decimal point, first '0.25'" in doubt.what
    assert "like 1,5" in doubt.help


@pytest.mark.parametrize(
    "cells",
    ["A{}", "{} kg", "10-{}", "192.168.0.{}", "%{}", "{}/4", "1:{}", "{}, 5", "()", "$", "-"],
)
def test_codes_are_no_numbers(cells):
    assert not doubts([cells.format(i) for i in range(9)])


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        (["3/1/2024", "4/2/2024", "5/6/2024", "1/1/2024", "2/2/2024"], "cannot be told apart, as in '3/1/2024'"),
        (["13/1/2024", "1/13/2024", "5/6/2024", "1/1/2024", "2/2/2024"], "'13/1/2024' and, in row 2 (from 1), '1/13/2024'"),
        (["1 March 2024", "2 May 2024", "3 Jun 2024", "4 Jul 2024", "5 Jul 2024"], "no form that is known, such as '1 March 2024'"),
        (["2024-03-01", "2024-03-02", "2024-03-03", "2024-03-04", "soon"] * 2, "'soon' in row 5 (from 1) is none"),
    ],
)  # fmt: skip
def test_dates(texts, why):
    (doubt,) = doubts(texts)
    assert why in doubt.what
    assert doubt.help.startswith("Write all dates as 2024-03-01; ")


def test_what_the_user_said():
    numbers = ["1", "2", "3", "4", "5", "6", "7", "8", "x"]
    assert doubts(numbers)
    assert not doubts(numbers, Policy(categorical=("t u",)))
    assert not doubts(numbers, Policy(categories="drop"))


def test_a_day_that_there_is_not(tmp_path):
    """It is named with its row and counted; what the note says mends it."""
    days = ["2024-02-31" if i in {4, 5} else f"2024-02-{1 + i % 28:02d}" for i in range(90)]
    lines = [f"{day},{i % 7},{'xyz'[i % 3]}" for i, day in enumerate(days)]
    (tmp_path / "t.csv").write_text("\n".join(["d,b,label", *lines]))
    path = str(tmp_path / "t.csv")
    (note,) = (note for note in load(path).notes if "no day" in note)
    assert "row 5 (from 1) holds 2024-02-31, which is no day; 2 of 90" in note
    assert "--missing-values 2024-02-31 takes it for missing" in note
    mended = load(path, policy=Policy("median", missing_values=("2024-02-31",)))
    assert mended.features == ("d", "b")
