"""What `hpsoft optimum` says."""

from dataclasses import replace

import pytest

from hpsoft.assess.optimum import Distance, Optimum, OptimumReport
from hpsoft.engine.points import Progress
from hpsoft.report.live.retraining import Retraining, show_retraining
from hpsoft.report.optimum import (
    conclusion,
    draw_optimum,
    draw_optimum_notes,
    optimum_document,
)
from hpsoft.study.records import TrialRecord

TRIAL = TrialRecord({"alpha": 0.1, "epochs": 2}, 0, 0.6, number=7)
BEST = Optimum(0.1, 0.4, 0.5, 0.9, converged=True)
FAR = Distance(TRIAL, 0.1, 0.45, 0.05, 0.6, 0.1, reproduced=True)
REPORT = OptimumReport("[s]", None, (BEST,), (FAR,), TRIAL, BEST)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.6, "can still win"), (0.5, "cannot help"), (0.4, "stopping early")],
)
def test_the_conclusion_follows_from_the_costs(value, text):
    assert text in conclusion(replace(REPORT, best_trial=replace(TRIAL, value=value)))


def test_without_an_optimum_nothing_is_compared():
    """No alpha of the study has a minimum that Newton found."""
    none = replace(REPORT, best_optimum=None)
    assert "found no minimum" in conclusion(none)
    assert optimum_document(none)["best_optimum"] is None


def test_tables(console):
    draw_optimum(console, REPORT)
    text = console.text()
    assert "converged" in text
    assert "5.00e-02" in text
    assert "+1.00e-01" in text
    assert max(map(len, text.splitlines()[:-1])) <= 80  # the last is the conclusion


def test_notes_say_what_is_not_as_it_should_be(console):
    draw_optimum_notes(console, REPORT)
    assert not console.text()
    odd = replace(
        REPORT,
        note="Took [s].",
        optima=(replace(BEST, converged=False),),
        distances=(replace(FAR, reproduced=False),),
    )
    draw_optimum_notes(console, odd)
    for text in ("Took [s].", "did not converge for alpha 0.1", "1 trial of 1 did not give"):
        assert text in " ".join(console.text().split())
    draw_optimum(console, odd)
    assert "max_iter" in console.text()


def test_the_document_has_all_figures():
    document = optimum_document(REPORT)
    assert document["verdict"] == "longer helps"
    assert document["trials"][0]["trial"] == 7
    assert document["trials"][0]["stored_validation_cost"] == 0.6


def test_progress(console, clock):
    """A line when the work changes; the time left as an upper bound."""
    half, work = Progress("optima", 5, 10, 3.0), Retraining(clock)
    assert work.line() == ""
    work.take(Progress("optima", 0, 10, 0.0))
    assert work.line() == "optima: 0%, ETA unknown yet"
    work.take(half)
    assert work.line() == "optima: 50%, ETA at most 3.0 s"
    clock.now += 1
    assert work.line() == "optima: 50%, ETA at most 2.0 s"
    with show_retraining(console) as show:
        show(half)
        show(half)
        show(replace(half, what="trials"))
    assert console.text().count("Training") == 2
