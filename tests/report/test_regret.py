"""What `hpsoft regret` draws and says, from reports made by hand."""

import math
from dataclasses import replace
from types import SimpleNamespace

from hpsoft.assess.regret_report import Regret, RegretReport
from hpsoft.assess.replay import Method, Outcome
from hpsoft.report import regret as regrets
from hpsoft.report.html.regret_plot import regret_figure
from hpsoft.report.regret import conclusion
from hpsoft.study.records import TrialRecord


def made(trials, paid, *gaps, pruner="none"):
    outcomes = tuple(Outcome(gap, gap == 0, paid, trials) for gap in gaps)
    return Regret(Method("tpe", pruner, trials), outcomes)


def report(*regrets):
    best = TrialRecord(params={}, grid_id=0, value=1.0)
    return RegretReport("s", None, best, 4096, 3, regrets)


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


def test_the_time_is_told_beforehand(console):
    shown = [
        regrets.beforehand(150, 2, 770.4),
        regrets.beforehand(1, 1, -0.1),
    ]
    assert shown == [
        "150 replays on 2 cores: about 12 min 50 s. Ctrl-C ends them and reports those that have ended.",
        "1 replay on 1 core: about 0.0 s. Ctrl-C ends them and reports those that have ended.",
    ]


def test_a_report_that_was_ended_early_says_over_what_it_is(console):
    part = replace(report(made(9, 0.2, 0.0, 0.5)), unplayed=(Method("tpe", "median", 1000),))
    assert (part.n_replays, part.n_wanted) == (2, 6)
    text = regrets.interrupted(part)
    assert text.startswith("Interrupted: 2 of 6 replays had ended. The report is over those;")
    assert text.endswith(
        "how many of 3 each method had, none of them: tpe and median with 1,000 trials."
    )
    whole = regrets.interrupted(replace(part, unplayed=()))
    assert whole.endswith("how many of 3 each method had.")
    regrets.draw_regret(console, part)
    assert "2/3" in console.text()
    document = regrets.regret_document(part)
    assert document["interrupted"] is True
    assert document["not_replayed"][0]["n_trials"] == 1000


def test_replays_under_way_count_down(console):
    replays = SimpleNamespace(total=20)
    with regrets.show_regret(console, delay=0.0) as show:
        show(SimpleNamespace(replays=replays, done=0, n_workers=2, seconds_left=None))
        assert console.text() == ""  # nothing is known
        show(SimpleNamespace(replays=replays, done=1, n_workers=2, seconds_left=90.0))
    assert "20 replays on 2 cores: about 1 min 30 s." in console.text()
    assert "1/20 replays, ETA 1 min 30 s" in console.text()
