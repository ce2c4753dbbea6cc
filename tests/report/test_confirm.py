"""What `hpsoft confirm` says, from reports made by hand."""

import shlex

import numpy as np

from hpsoft.assess.confirm_report import Candidate, ConfirmReport, ExactOptimum
from hpsoft.report.confirm import conclusion, confirm_document, draw_confirm
from hpsoft.study.records import TrialRecord


def made(number, value, *costs):
    trial = TrialRecord({"epochs": number + 1}, number, value, number=number)
    n = len(costs)
    return Candidate(trial, costs, {"accuracy": 0.5}, (1.0,) * n)


def report(*candidates, study="s", optima=()):
    simplicity = tuple((c.trial.params["epochs"],) for c in candidates)
    return ConfirmReport(study, None, "2 splits", 0.25, candidates, optima, simplicity, False)


def test_the_conclusion_in_words():
    text = conclusion(report(made(0, 1.0, 1.25, 1.15), made(1, 1.1, 1.2, 1.0)))
    assert "trial 0, costs 1.20000, +0.2 against the 1.00000 that it was chosen by" in text
    assert "Trial 1 is the best (epochs 2): 0.1 +- 0.061 less than the winner." in text
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


def test_a_better_trial_may_be_no_more_than_noise():
    text = conclusion(report(made(0, 1.0, 1.25, 1.15), made(1, 1.1, 1.0, 1.35)))
    assert "0.025 +- 0.28 less than the winner, no more than noise." in text


def test_the_best_of_those_compared_may_be_worse_than_a_winner_that_jumps():
    """It is told as what it is, and the difference without a minus sign."""
    calm = [made(i, 1.0, *(1.2 + 0.001 * j for j in range(5))) for i in (1, 2)]
    found = report(made(0, 0.9, 0.6, 0.6, 0.6, 0.6, 2.2), *calm)
    assert found.outliers[0]
    text = conclusion(found)
    assert "Trial 1 is the best of the 2 trials that are compared (epochs 2): 0.28 +- " in text
    assert " more than the winner" in text
    jumps = report(calm[0], made(3, 1.0, 1.1, 1.1, 1.1, 1.1, 3.0), calm[1])
    assert "It stays the best of the 2 trials that are compared." in conclusion(jumps)


def test_trials_that_jump_are_named(console):
    calm = [made(i, 1.0, *(1.2 + 0.001 * j for j in range(5))) for i in (1, 2)]
    draw_confirm(console, report(made(0, 0.9, 0.9, 0.9, 0.9, 0.9, 3.0), *calm), None)
    text = " ".join(console.text().split())
    assert "far above the other trials' on some parts: 0 (on 1 of 5 parts)." in text
    assert "Such trials are left out of the choice." in text
    console.file.seek(0)
    console.file.truncate()
    costs = [[0.9] * 5 for _ in range(3)]
    for i, row in enumerate(costs):
        row[i] = 3.0
    draw_confirm(console, report(*(made(i, 0.9, *row) for i, row in enumerate(costs))), None)
    assert "none is left out" in " ".join(console.text().split())


def test_an_exact_optimum_that_is_better_takes_the_place_of_a_recommendation(console):
    found = report(made(0, 1.0, 1.25, 1.15), optima=(ExactOptimum(0.5, (1.1, 1.0)),))
    draw_confirm(console, found, None)
    text = " ".join(console.text().split())
    assert "The exact optimum of alpha 0.5 costs 1.05000 on the same parts" in text
    assert "No trial is recommended" in text
    assert "--trial confirmed" not in text
    document = confirm_document(found)
    assert document["confirmed"] is document["one_se"] is None
    assert document["optima"] == [{"alpha": 0.5, "mean": 1.05, "costs": [1.1, 1.0]}]


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


class _Unrelated(ConfirmReport):
    """Ranks that have next to nothing to do with each other."""

    stability, agreement = -0.004, -0.0


def test_no_correlation_has_no_sign():
    pair = made(0, 1.0, 1.25, 1.15), made(1, 1.1, 1.2, 1.0)
    text = conclusion(_Unrelated(**vars(report(*pair))))
    assert "Rank correlation between repetitions 0.00, with the study 0.00." in text
