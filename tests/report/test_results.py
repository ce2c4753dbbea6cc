"""What is said of a finished search, a final model and a plan in unusual cases."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hpsoft_sgd import SGD

from hpsoft.assess.final import Training
from hpsoft.data.sources.catalog import ClassCount
from hpsoft.data.spec import DataSpec
from hpsoft.model.metrics import ClassReport, TestReport
from hpsoft.report import search_notes as notes
from hpsoft.report import search_result as report
from hpsoft.report.data import _draw_classes
from hpsoft.report.model import final as final_report
from hpsoft.report.model.classes import draw_classes
from hpsoft.report.plan import draw_plan
from hpsoft.report.studies import draw_studies
from hpsoft.report.trials import draw_trials, trials_document
from hpsoft.study.certificate import Certificate
from hpsoft.study.records import NOT_IN_GRID, TrialRecord
from hpsoft.study.summaries import StudySummary
from hpsoft.tuning.config import SearchConfig
from hpsoft.tuning.dry_run import Work
from hpsoft.tuning.edges import Edge
from hpsoft.tuning.events import Extension, Finished
from hpsoft.tuning.noise import Difference, Standing

PROOF = Certificate(
    "s", 4, 4, 0, 0, 0, 0, "hash", "finger", "digits", "sgd", "unit", 0.2, 0, "float32", {}, ()
)
SPACE = {"epochs": (1, 2), "alpha": (0.5,), "batch_size": (8,)}


@pytest.fixture
def finished(events):
    return Finished("s", "/x.journal", PROOF, [events.best], [], 4, 2.0, 4e9)


@pytest.fixture
def prepared():
    """What notes need to know of a search to offer commands."""
    return SimpleNamespace(
        config=SearchConfig(storage="/x.journal", seed=3),
        identity=SimpleNamespace(source=DataSpec("a b.csv"), optimizer="sgd"),
        optimizer=SGD(),
        grid=SimpleNamespace(space=SPACE),
    )


def test_speed_is_that_of_this_run(finished):
    assert notes.speed_line(finished) == "4 trials in 2.0 s: 2 trials/s, 2 GFLOP/s"
    assert report.gflops_per_second(replace(finished, seconds=0.0)) == 0


def test_trials_of_others_are_told(finished, prepared, console):
    proof = replace(PROOF, strangers=2)
    notes.draw_notes(console, replace(finished, certificate=proof), prepared)
    assert "2 trials in the study are not of this grid" in console.text()


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ({"n_diverged": 4}, "Every trial diverged: there is no winner."),
        (
            {"n_diverged": 1, "n_pruned": 3},
            "Every trial was pruned or diverged: there is no winner.",
        ),
        ({"n_finished": 0, "missing": 4}, ""),
    ],
)
def test_where_nothing_won_it_says_why(finished, prepared, console, counts, text):
    proof = replace(PROOF, **counts)
    notes.draw_notes(console, replace(finished, certificate=proof, leaderboard=[]), prepared)
    assert text in console.text()
    assert text or "Warning" not in console.text()


TPE, MEDIAN, SHORT = {"sampler": "tpe"}, {"pruner": "median"}, {"n_finished": 3, "missing": 1}
UNKNOWN = "inexact, a better point may be among the"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (TPE | SHORT, f"3/4 grid points tried: {UNKNOWN} others (sampler tpe, pruner none)"),
        (
            MEDIAN | {"n_pruned": 2},
            f"4/4 grid points tried, 2 of them pruned: {UNKNOWN} pruned (sampler grid, pruner median)",
        ),
        (
            TPE | MEDIAN | SHORT | {"n_pruned": 1},
            f"3/4 grid points tried, 1 of them pruned: {UNKNOWN} others or the pruned (sampler tpe, pruner median)",
        ),
        (TPE, "4/4 grid points, each with exactly one finished trial"),
        (MEDIAN | SHORT, "3/4 grid points have a finished trial"),
        (
            TPE | {"duplicates": 1},
            "4/4 grid points have a finished trial; 1 finished trial more repeat some of them",
        ),
        (TPE | {"n_grid": None}, f"4 points tried: {UNKNOWN} others (sampler tpe, pruner none)"),
    ],
)
def test_the_certificate_names_what_is_not_known(changes, text):
    assert report.certificate_line(replace(PROOF, **changes)) == text


def test_an_incomplete_certificate_says_why():
    text = report.incomplete(replace(PROOF, missing=1, duplicates=2))
    assert "1 grid point without a finished trial. Did another program" in text


@pytest.mark.parametrize(
    ("can_grow", "command"),
    [
        (True, "hpsoft search --study s --storage /x.journal --extend"),
        (
            False,  # another study then, with all values of the grid
            "hpsoft search --data 'a b.csv' --seed 3 --set epochs=1,2,4 --study s-wider --storage /x.journal",
        ),
    ],
)
def test_an_edge_comes_with_the_whole_command(finished, prepared, console, can_grow, command):
    edge = Edge("epochs", 2, "largest", 4)
    notes.draw_notes(console, replace(finished, edges=[edge], can_grow=can_grow), prepared)
    assert "The winner's epochs = 2 is the largest that was tried." in console.text()
    assert f"  {command}\n" in console.text()


def test_a_winner_that_has_not_settled_is_said_with_what_does(finished, prepared, console):
    jumping = Standing(n_ranked=4, n_as_good=0, variation=0.3, is_settled=False)
    notes.draw_notes(console, replace(finished, standing=jumping), prepared)
    assert "The winner has not settled: its cost varies by 0.3" in " ".join(console.text().split())
    assert (
        "  hpsoft search --data 'a b.csv' --seed 3 --optimizer newton --study s-newton "
        "--storage /x.journal\n" in console.text()
    )
    prepared.identity.optimizer = "newton"  # which is at its optimum, or says that it is not
    console.file.seek(0)
    console.file.truncate()
    notes.draw_notes(console, replace(finished, standing=jumping), prepared)
    assert "has not settled" not in console.text()


def test_a_winner_among_many_is_said_with_what_tells_them_apart(finished, prepared, console):
    one_of_many = Standing(n_ranked=4000, n_as_good=1234, variation=0.0, is_settled=True)
    notes.draw_notes(console, replace(finished, standing=one_of_many), prepared)
    assert "1,234 other trials of 4,000 are as good as the winner" in console.text()
    assert "  hpsoft confirm --study s --storage /x.journal\n" in console.text()


@pytest.mark.parametrize(
    ("gap", "text", "next_command"),
    [
        (0.02, "The larger grid has not helped", " --trial 7\n"),
        (-0.02, "the winner costs 0.02 +- 0.01 less than trial 7", "/x.journal\n"),
    ],
)
def test_a_larger_grid_that_does_not_help_is_said_to(
    finished, prepared, console, gap, text, next_command
):
    before = replace(finished.leaderboard[0], number=7)
    extension = Extension(before, finished.leaderboard[0], Difference(gap, 0.01))
    notes.draw_notes(console, replace(finished, extension=extension), prepared)
    assert text in " ".join(console.text().split())
    assert console.text().endswith(next_command)


def test_another_tools_study_is_listed(console):
    summary = StudySummary(
        "x",
        True,
        None,
        None,
        None,
        None,
        None,
        3,
        None,
        None,
        None,
        None,
        datetime(2026, 1, 2, tzinfo=UTC),
        0,
    )
    never = replace(summary, foreign=False, changed=None)
    draw_studies(console, "/x", [summary, never])
    assert "(another tool's)" in console.text()
    assert "2026-01-02 00:00" in console.text()
    assert console.text().splitlines()[2].split() == ["x", "-", "-", "3", "-", "-", "0"]


def test_trials_of_another_tool_and_diverged_ones(console):
    record = TrialRecord({"a": 1}, NOT_IN_GRID, None, number=0)
    draw_trials(console, [record, replace(record, params={"b": 2.5})])
    assert "diverged" in console.text()
    (document, _) = trials_document("x", [record, record])["trials"]
    assert document["grid_id"] is None
    assert document["diverged"] is True


def test_a_plan_of_one_structure(console, opened):
    plan = opened.plan
    whole = replace(plan, blocks=tuple(replace(b, structure={}) for b in plan.blocks[:1]))
    prepared = SimpleNamespace(
        study="s", identity=SimpleNamespace(data="d"), grid=SimpleNamespace(space=SPACE),
        n_workers=lambda plan: 1, jobs=2, config=SearchConfig(), design=SimpleNamespace(is_grid=True),
        remark="One batch size [here].",
    )  # fmt: skip
    work = Work(whole, whole.n_trials)
    draw_plan(console, prepared, work, SimpleNamespace(seconds=1.0, memory_bytes=1e6))
    assert "    1  all" in console.text()
    assert "One batch size [here].\n" in console.text()
    assert "1 to 2" in console.text()
    assert "About 1.0 s and 1 MB memory on 1 core: too little work for more\n" in console.text()
    prepared.config = SearchConfig(storage="x.db")
    draw_plan(console, prepared, work, SimpleNamespace(seconds=1.0, memory_bytes=1e6))
    assert "storing is not counted" in " ".join(console.text().split())


def _test_report(n_classes):
    classes = tuple(map(str, range(n_classes)))
    row = (1,) * n_classes
    each = tuple(ClassReport(name, 0.5, 0.5, 0.5, 1) for name in classes)
    return TestReport(0.4, 0.1, 0.8, (0.7, 0.9), 10, classes, (row,) * n_classes, each)


@pytest.mark.parametrize("n_classes", [100, 1000])
def test_of_many_classes_the_worst_and_the_most_confused_are_shown(console, n_classes):
    draw_classes(console, _test_report(n_classes))
    text = console.text()
    assert f"All {n_classes:,} classes and the confusion matrix are in --json" in text
    assert f"The 10 worst of {n_classes:,} classes, by F1" in text
    assert "The most confused pairs of classes" in text
    assert len(text.splitlines()) < 35


def test_classes_that_count_by_weight_are_shown_so(console):
    """All columns but n, the confusion matrix, and pairs of many classes."""
    few, row = _test_report(2), (1.5, 0.25)
    each = tuple(replace(c, weight=1.75) for c in few.per_class)
    weighted = replace(few, weighted=True, per_class=each, confusion_weight=(row, row))
    draw_classes(console, weighted)
    lines = console.text().splitlines()
    assert lines[0] == "All but the column n counts samples by their weight."
    assert lines[1].split() == ["#", "class", "n", "weight", "prec.", "recall", "F1"]
    assert lines[2].split() == ["0", "0", "1", "1.75", "0.500", "0.500", "0.500"]
    assert lines[-1].split() == ["1", "1.5", "0.25"]
    many, row = _test_report(30), (0.5,) * 30
    each = tuple(replace(c, weight=15.0) for c in many.per_class)
    draw_classes(
        console, replace(many, weighted=True, per_class=each, confusion_weight=(row,) * 30)
    )
    assert "taken for  weight  of the class" in console.text()
    assert console.text().splitlines()[-2].split() == []
    assert "0           1             0.5        3.33 %" in console.text()


def test_training_is_drawn_as_a_bar(console):
    console.print(final_report._drawing([], ""))
    console.print(final_report._drawing([Training(1, 4, 2.0)], "1/4 passes, ETA 6.0 s"))
    assert "1/4 passes, ETA 6.0 s ━━━━━━" in console.text()


def test_training_in_a_file_is_a_line_now_and_then(console):
    with final_report.show_training(console) as show:
        show(Training(1, 1, 0.1))
        show(Training(1, 1, 0.1))
    assert console.text().splitlines() == ["Training on training + validation data: 1 pass ..."]


def test_the_time_left_of_a_training(console):
    with final_report.show_training(console, delay=0.0) as show:
        show(Training(1, 4, 2.0))
    assert console.text().splitlines()[1] == "1/4 passes, ETA 6.0 s"


def test_of_many_classes_data_info_shows_the_first(console):
    """The rest are counts; all are in --json. One more than fits is shown."""
    classes = tuple(ClassCount(f"c{i}", 3 + i, 1) for i in range(30))
    _draw_classes(console, classes)
    text = console.file.getvalue()
    assert "c19" in text
    assert "c20" not in text
    assert "and 10 other classes of 23 to 32 training samples, 275 in all, and 10 test" in text
    _draw_classes(console, classes[:21])
    assert console.file.getvalue().count("c20") == 1
