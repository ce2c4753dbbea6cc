"""What `hpsoft confirm` says, from reports made by hand."""

import shlex

import numpy as np

from hpsoft.report.confirm import conclusion, draw_confirm
from hpsoft.search.confirm_report import Candidate, ConfirmReport
from hpsoft.search.records import TrialRecord


def made(number, value, *costs):
    trial = TrialRecord({"epochs": number + 1}, number, value, number=number)
    n = len(costs)
    return Candidate(trial, costs, (0.5,) * n, (1.0,) * n)


def report(*candidates, study="s"):
    simplicity = tuple((c.trial.params["epochs"],) for c in candidates)
    return ConfirmReport(study, None, "2 splits", candidates, simplicity, replaced=False)


def test_the_conclusion_in_words():
    text = conclusion(report(made(0, 1.0, 1.25, 1.15), made(1, 1.1, 1.2, 1.0)))
    assert "trial 0, costs 1.20000, +0.2 against the 1.00000 that it was chosen by" in text
    assert "Trial 1 is better by 0.1" in text
    assert "margin to the second was 0.1; it is -0.1 now" in text
    assert "Rank correlation between repetitions 1.00, with the study -1.00" in text


def test_a_winner_that_diverges_is_told_in_words(console):
    """No inf and no nan, in the table and below it."""
    found = report(made(0, 1.0, np.inf, 0.5), made(1, 1.1, 1.2, 1.0))
    draw_confirm(console, found, None)
    text = console.text()
    assert "trial 0, diverged in 1: it has no mean cost" in " ".join(text.split())
    assert "Trial 1 is the best" in text
    assert "diverged" in text
    assert "inf" not in text
    assert "nan" not in text


def test_ties_have_no_rank_correlation():
    text = conclusion(report(made(0, 1.0, 1.2, 1.2), made(1, 1.0, 1.2, 1.2)))
    assert "Trials tie" in text
    assert "nan" not in text


def test_the_next_command_can_be_pasted(console):
    draw_confirm(console, report(made(0, 1.0, 1.2, 1.1), study="it's mine"), "my studies.journal")
    command = next(line for line in console.text().splitlines() if "hpsoft final" in line)
    assert shlex.split(command) == [
        "hpsoft", "final", "--study", "it's mine", "--storage", "my studies.journal",
        "--trial", "confirmed",
    ]  # fmt: skip
