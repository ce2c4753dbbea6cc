"""What `hpsoft regret` draws and says, from reports made by hand."""

import math

from hpsoft.report.regret import conclusion
from hpsoft.report.regret_plot import regret_figure
from hpsoft.search.records import TrialRecord
from hpsoft.search.regret_report import Regret, RegretReport
from hpsoft.search.replay import Method, Outcome


def made(trials, paid, *gaps, pruner="none"):
    outcomes = tuple(Outcome(gap, gap == 0, paid, trials) for gap in gaps)
    return Regret(Method("tpe", pruner, trials), outcomes)


def report(*regrets):
    best = TrialRecord(params={}, grid_id=0, value=1.0)
    return RegretReport("s", None, best, 4096, regrets)


def test_a_box_a_method_and_a_place_a_number_of_trials():
    figure = regret_figure(
        report(
            made(100, 0.1, 0.5), made(1000, 0.3, 0.0, 0.01), made(100, 0.1, 0.2, pruner="median")
        )
    )
    assert [box.name for box in figure.data] == ["tpe", "tpe + median"]
    assert list(figure.data[0].x) == ["100", "1,000", "1,000"]
    assert list(figure.data[0].y) == [50.0, 0.0, 1.0]
    assert figure.layout.xaxis.type == "category"
    assert "not drawn" not in figure.layout.title.text


def test_replays_that_cannot_be_drawn_are_told_of():
    figure = regret_figure(report(made(9, 0.1, math.inf, 0.0, math.inf)))
    assert "not drawn: 2 replays without a finished trial" in figure.layout.title.text


def test_the_answer_says_how_far_the_others_are():
    text = conclusion(report(made(9, 0.2, 0.0, 0.0, 0.5)))
    assert "in 67% of the seeds (within 50.00 % in 90 %), for 20.00 % of the passes" in text


def test_paying_more_than_the_grid_is_no_saving():
    text = conclusion(report(made(9, 1.875, 0.0, 0.0)))
    assert text.startswith(
        "You could not have searched less by these methods: none that pays less"
    )
