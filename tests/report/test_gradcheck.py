"""What `hpsoft gradcheck` prints."""

import json

import pytest

from hpsoft.maths.gradcheck import CheckResult
from hpsoft.report.gradcheck import draw_gradcheck, gradcheck_document
from hpsoft.report.text.console import output
from hpsoft.report.text.jsondoc import dumps

GOOD = CheckResult("first", "a = b", "complex step", 1.5e-16, 1e-14, passed=True)
BAD = CheckResult("second [x]", "[red]c = d[/]", "symbolic", None, None, passed=False, note="no")
NAN = CheckResult("third", "e = f", "complex step", float("nan"), 1e-14, passed=False, note="nan")
UNDONE = CheckResult("all", "", "symbolic", None, None, passed=None, note="SymPy is missing")


@pytest.fixture
def draw(capsys):
    def text(*results):
        draw_gradcheck(output(), results)
        return capsys.readouterr().out

    return text


def test_all_passed(draw):
    """One row each, and a line that sums up."""
    text = draw(GOOD, GOOD)
    assert "All 2 checks passed." in text
    assert "1.5e-16" in text


def test_failures_are_named(draw):
    """Text in brackets is printed as it is."""
    text = draw(GOOD, BAD)
    assert "1 of 2 checks failed: second [x]" in text
    assert "[red]c = d[/]" in text
    assert "FAILED" in text


def test_what_was_not_checked_is_said(draw):
    """And counts neither as passed nor as failed."""
    text = draw(GOOD, UNDONE)
    assert "Not checked symbolically: SymPy is missing." in text
    assert "All 1 checks passed." in text


def test_document_is_strict_json():
    """NaN becomes null."""
    document = json.loads(dumps(gradcheck_document([GOOD, NAN], 3, 7)))
    assert (document["seed"], document["trials"], document["passed"]) == (3, 7, False)
    assert document["checks"][0]["deviation"] == 1.5e-16
    assert document["checks"][1]["deviation"] is None
