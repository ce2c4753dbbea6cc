"""Formats, tables, consoles and JSON."""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hpsoft.report.text import console as consoles
from hpsoft.report.text import format as fmt
from hpsoft.report.text.jsondoc import dumps
from hpsoft.report.text.table import Column, draw, lines, name, prose


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), (1024, "1024"), (5e-7, "5e-07"), (0.433649123, "0.433649"), (10.0, "10")],
)
def test_numbers(value, text):
    assert fmt.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(None, "-"), (0.4, "0.400000"), (1.5e-7, "1.50000e-07")]
)
def test_costs(value, text):
    assert fmt.cost(value) == text


@pytest.mark.parametrize("value", [1, 10.0, 5e-7, 0.1234567890123, 1e22])
def test_exact_values_are_read_back(value):
    assert float(fmt.exact(value)) == value


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.6, "1 min 00 s"), (252, "4 min 12 s"),
     (3599.7, "1 h 00 min"), (7500, "2 h 05 min")],
)  # fmt: skip
def test_durations(seconds, text):
    assert fmt.duration(seconds) == text


def test_sizes_shares_and_counts():
    assert (fmt.size(121e6), fmt.size(2.34e9)) == ("121 MB", "2.3 GB")
    assert (fmt.percent(0.8426), fmt.percent(None)) == ("84.26 %", "-")
    assert (fmt.count(1, "trial"), fmt.count(4096, "trial")) == ("1 trial", "4,096 trials")


def test_control_characters_are_shown_not_sent():
    assert fmt.printable("a\x1b[31mé\n") == "a\\x1b[31mé\\n"


def test_numbers_stand_right_and_names_left():
    assert lines([name("n"), Column("value")], [["a", "1"], ["bcd", "10"]], 80) == [
        "n    value",
        "a        1",
        "bcd     10",
    ]


def test_wide_letters_are_counted_as_wide():
    assert lines([name("n"), Column("v")], [["数字", "1"], ["abcd", "2"]], 80)[1:] == [
        "数字  1",
        "abcd  2",
    ]


def test_descriptions_wrap_into_what_is_left():
    found = lines([name("n"), prose("what")], [["a", "word " * 20], ["b", ""]], 40)
    assert max(map(len, found)) <= 40
    assert found[1].startswith("a  word")
    assert found[2].startswith("   word")
    assert found[-1] == "b"


def test_a_table_without_rows_is_its_header(console):
    draw(console, [name("n")], [])
    assert console.text() == "n\n"


def test_markup_in_cells_is_text(console):
    draw(console, [name("[b]n[/]")], [["[red]x[/] :smile: 12"]])
    assert console.text() == "[b]n[/]\n[red]x[/] :smile: 12\n"


def test_thousands_of_rows_are_quick(console):
    draw(console, [Column(str(i)) for i in range(8)], [["1"] * 8] * 4096)
    assert console.text().count("\n") == 4097


def test_an_error_is_one_paragraph(capsys):
    consoles.fail("First [line]\n  second line")
    assert capsys.readouterr().err == "Error: First [line] second line\n"


def test_notes_may_be_quiet(capsys):
    consoles.say(consoles.notes(quiet=True), "x")
    consoles.warn(consoles.notes(), "y")
    consoles.say(consoles.output(), "z")
    assert capsys.readouterr() == ("z\n", "Warning: y\n")


def test_a_width_that_is_asked_for_is_taken(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert consoles.output().width == 60
    monkeypatch.delenv("COLUMNS")
    assert consoles.output().width == consoles.WIDTH_OF_A_FILE


def test_a_closed_pipe_is_an_error_of_the_caller():
    with pytest.raises(BrokenPipeError):
        consoles.output().on_broken_pipe()


@dataclass(frozen=True)
class _Point:
    x: float
    where: Path


def test_json_is_strict_and_plain():
    when = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    document = {1: (math.nan, math.inf, 0.5), "p": _Point(1.0, Path("/a")), "t": when, "é": True}
    assert json.loads(dumps(document)) == {
        "1": [None, None, 0.5],
        "p": {"x": 1.0, "where": "/a"},
        "t": "2026-01-02T03:04:05+00:00",
        "é": True,
    }


def test_json_refuses_what_it_cannot_say():
    with pytest.raises(AssertionError, match="no place"):
        dumps({"x": object()})
