"""Tables of unusual content in terminals of every width: lines fit, numbers stay whole."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from tables import WIDTHS, assert_fits, drawn

from hpsoft.assess.confirm_report import Candidate, ConfirmReport
from hpsoft.assess.regret_report import Regret, RegretReport
from hpsoft.assess.replay import Method, Outcome
from hpsoft.data.sources.catalog import ClassCount, DataInfo
from hpsoft.model.metrics import ClassReport, TestReport
from hpsoft.report.confirm import draw_confirm
from hpsoft.report.data import draw_info
from hpsoft.report.model.classes import draw_classes
from hpsoft.report.regret import draw_regret
from hpsoft.report.search_result import draw_result
from hpsoft.report.studies import draw_studies
from hpsoft.report.text.table import Column, draw, lines, name, parameter, prose
from hpsoft.report.text.wrapping import longest_number, wrap
from hpsoft.report.trials import draw_trials
from hpsoft.study.certificate import Certificate
from hpsoft.study.records import TrialRecord
from hpsoft.study.summaries import StudySummary
from hpsoft.tuning.events import Finished

__all__ = ["drawn"]

LONG = "a_class_with_a_name_that_goes_on_and_on_and_does_not_end_before_the_line_does"
PARAMS = {
    "epochs": 40, "batch_size": 1024, "learning_rate": 1.23456e-07, "alpha": 1e-05, "beta_1": 0.9,
    "beta_2": 0.999, "epsilon": 1e-08, "weight_decay_of_the_second_phase": 0.000123456,
    "warmup": 1234567, "gradient_clipping_by_global_norm": 3.14159,
}  # fmt: skip
TRIALS = [
    TrialRecord(PARAMS, 0, 0.123456789, accuracy=0.9618, number=1234567, converged=True),
    TrialRecord({**PARAMS, "alpha": 100.0}, 1, 1.5e-17, accuracy=1.0, number=8, seconds=1234.5),
]
PROOF = Certificate(
    "s", 4, 4, 0, 0, 0, 0, "hash", "finger", "digits", "sgd", "unit", 0.2, 0, "float32", {}, ()
)


def a_leaderboard(console):
    draw_result(console, Finished("s", "/x", PROOF, TRIALS * 5, [], 4, 2.0, 4e9), list(PARAMS))


def trials(console):
    draw_trials(console, TRIALS)


def a_confirmation(console):
    candidates = tuple(
        Candidate(t, (0.1, 0.25), {"cross_entropy": 0.2, "accuracy": 0.85}, (10.0, 20.0))
        for t in TRIALS
    )
    report = ConfirmReport(
        study="s", note=None, method="2 splits", overlap=0.25, candidates=candidates, optima=(),
        simplicity=((1,), (2,)), replaced=False,
    )  # fmt: skip
    draw_confirm(console, report, None)


def studies(console):
    when = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    summary = StudySummary(
        LONG, False, "openml:" + LONG, None, "averaged-sgd", "grid", "none", 123456, 1000000,
        1.23456e-05, 7, when, when, 12,
    )  # fmt: skip
    draw_studies(console, "/x", [summary, replace(summary, name="数字" * 30)])


def classes(console):
    each = (
        ClassReport(LONG, 0.5, 0.25, 0.333, 12345),
        ClassReport("3.14159265358979", 1, 1, 1, 7),
    )
    report = TestReport(0.4, 0.1, 0.8, (0.7, 0.9), 10, (LONG, "b"), ((12, 3), (4, 5)), each)
    draw_classes(console, report)


def a_data_set(console):
    named = (ClassCount(LONG, 123456, 7), ClassCount("0.100000000000000005551115123125", 1, 2))
    info = DataInfo(
        name="x", source="/y", n_training=123457, n_validation=None, n_test=9, n_features=784,
        dtype="uint8", scale="unit", classes=named, fingerprint="f", labels=None, left_out=(),
        notes=(),
    )  # fmt: skip
    draw_info(console, info)


def replays(console):
    outcomes = (Outcome(12.3456, False, 1.875, 1000), Outcome(0.0, True, 0.5, 1000))
    method = Method("a_sampler_of_mine", "hyperband", 1000)
    best = TrialRecord(PARAMS, 0, 0.5, number=3)
    draw_regret(console, RegretReport("s", None, best, 4096, 50, (Regret(method, outcomes),)))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "drawing", [a_leaderboard, trials, a_confirmation, studies, classes, a_data_set, replays]
)
def test_unusual_content_fits(console, drawn, drawing, width):
    console.width = width
    drawing(console)
    assert drawn
    for columns, rows in list(drawn):
        assert_fits(columns, rows, width)


def test_first_titles_take_two_lines(console):
    rows = [["1.5", "0.25"]]
    assert lines([Column("training cost"), Column("validation cost")], rows, 20) == [
        "training  validation",
        "    cost        cost",
        "     1.5        0.25",
    ]


def test_then_hyperparameters_that_are_the_same_are_said_once(console):
    console.width = 24
    columns = [
        Column("trial"),
        parameter("epochs"),
        parameter("averaging"),
        Column("cost", spare=1),
    ]
    draw(console, columns, [["7", "40", "1", "0.25"], ["8", "80", "1", "0.5"]])
    assert console.text().splitlines() == [
        "trial  epochs  cost",
        "    7      40  0.25",
        "    8      80   0.5",
        "In all rows: averaging 1",
    ]


def test_of_one_row_everything_stays_in_the_table():
    columns = [Column("trial"), parameter("averaging"), Column("cost", spare=1)]
    assert lines(columns, [["7", "1", "0.25"]], 20) == ["trial  averaging", "    7          1"]


def test_then_spare_columns_are_left_out_and_named(console):
    console.width = 20
    columns = [name("study"), Column("min", spare=1), Column("found", spare=2), Column("paid")]
    draw(console, columns, [["a-study", "1.5", "0.123", "0.25"]])
    shown = [line.rstrip() for line in console.text().splitlines()]
    assert shown[:2] == ["study    min  paid", "a-study  1.5  0.25"]
    assert " ".join(shown[2:]) == "Too narrow for: found. --json has all."


def test_then_hyperparameters_share_a_column():
    columns = [Column("trial"), parameter("epochs"), parameter("alpha"), Column("cost")]
    rows = [["7", "40", "1e-05", "0.123456"]]
    assert lines(columns, rows, 30)[0] == "trial  epochs  alpha      cost"
    columns[1:2] = [parameter("passes_over_the_data")]
    assert lines(columns, rows, 39) == [
        "trial  hyperparameters             cost",
        "    7  passes_over_the_data    0.123456",
        "       40, alpha 1e-05",
    ]


def test_then_names_are_broken():
    found = lines([name("class"), Column("n")], [["a-class-of-a-long-name", "12"]], 17)
    assert found == ["class           n", "a-class-of-a-  12", "long-name"]


def test_what_fits_is_left_as_it_is():
    columns = [name("a study"), prose("what it is"), Column("n", spare=1), parameter("alpha")]
    assert lines(columns, [["s", "words of it", "1", "2"]], 80)[0] == (
        "a study  what it is   n  alpha"
    )


def test_a_hyperparameter_called_like_a_column_stays():
    columns = [parameter("seconds"), Column("cost"), Column("seconds", spare=1)]
    rows = [["1", "0.123456", "12.5"]]
    assert lines(columns, rows, 17) == ["seconds      cost", "      1  0.123456"]


@pytest.mark.parametrize(
    ("text", "width", "found"),
    [
        ("one two three", 9, ["one two", "three"]),
        ("  an indented line", 11, ["  an", "indented", "line"]),
        ("/usr/share/datasets", 12, ["/usr/share/", "datasets"]),
        ("a_name_1e-05_of_it", 12, ["a_name_", "1e-05_of_it"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("数字数字", 5, ["数字", "数字"]),
        ("", 3, [""]),
    ],
)
def test_lines_break_between_words_or_after_a_mark(text, width, found):
    assert wrap(text, width) == found


WORDS = st.text("ab-_./ é数字0123456789e", min_size=1, max_size=60)
NAMES = WORDS.filter(lambda text: longest_number(text) < 20)  # a number has to fit, whole


@given(st.lists(NAMES, min_size=2, max_size=2), st.integers(60, 200))
def test_any_names_fit(names, width):
    columns = [name("class"), prose("what"), Column("n")]
    rows = [[names[0], names[1], "12345"]]
    for line in lines(columns, rows, width):
        assert cell_len(line) <= width


UNITS = [
    ["pytorch-weight-decay", "0.001", "SGD(weight_decay=...) on nn.Linear's weight, mean loss"],
    ["pytorch-decoupled-weight-decay", "0.001", "SGD alone, where both decays are the same"],
]


@pytest.mark.parametrize("width", [50, 59, 60, 100])
def test_a_name_is_cut_after_a_mark_before_a_word_of_a_description_is(width):
    columns = [name("L2 as"), Column("value"), prose("taken by")]
    found = lines(columns, UNITS, width)
    assert max(map(cell_len, found)) <= width
    words = {word for line in found for word in line.split()}
    assert {word for row in UNITS for word in row[2].split()} <= words
    whole = {row[0] for row in UNITS} <= words
    assert whole == (width >= 60)


def test_an_indentation_stays():
    """Where another column gives way, and where the name itself is cut."""
    columns = [name("  hyperparameter"), prose("meaning")]
    rows = [["  class_weight", "class k counts (n / (K n_k))^class_weight: 0 (none) all alike"]]
    for width in (28, 34, 38, 60):
        found = lines(columns, rows, width)
        assert next(line[:3] for line in found if line[:3].strip()) == "  h"
        assert any(line.startswith("  class_") for line in found)


def test_names_are_cut_between_words_before_they_are_within_one():
    columns = [name("column"), Column("value"), prose("becomes")]
    rows = [["bill_length_mm of penguins", "1.5", "standardised"]]
    assert lines(columns, rows, 35) == [
        "column          value  becomes",
        "bill_length_mm    1.5  standardised",
        "of penguins",
    ]
