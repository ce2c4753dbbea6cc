"""What a search says first, and how it is drawn while it runs."""

import copy
from dataclasses import replace

import pytest
from hpsoft_sgd import SGD
from small_problem import make_setup, make_trials

from hpsoft.data.validation import Validation
from hpsoft.engine.plan import make_plan
from hpsoft.engine.setup import TrainingSetup
from hpsoft.report.live.search_live import drawing, first_line, line, show_search
from hpsoft.report.live.search_progress import SearchProgress
from hpsoft.tuning.events import Opened, Wave

SETTING = make_setup()


class _Large(TrainingSetup):
    flops_per_model_epoch = 1e12


LARGE = _Large(**vars(SETTING))


@pytest.fixture
def progress(opened, clock):
    return SearchProgress(opened, 1e9, clock=clock)


def test_a_large_search_is_estimated_before_it_runs(console, opened):
    plan = make_plan(SGD.hyperparameters, make_trials())
    for work, known in ((SETTING, False), (LARGE, True)):
        with show_search(console, replace(opened, plan=plan), work, delay=0.0) as show:
            show(Wave(plan))
        last = console.text().splitlines()[-1]
        assert ("ETA unknown yet" not in last) == known
        assert "ETA " in last


class _Failing:
    """An optimizer that cannot train; its copies note it in the same list."""

    def __init__(self):
        self.used = []

    def __deepcopy__(self, memo):
        return copy.copy(self)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        self.used.append(self)
        raise ValueError


def test_an_estimate_that_fails_ends_nothing(console, opened):
    """And it is made by another optimizer than the one that trains."""
    failing = _Failing()
    with show_search(console, opened, replace(LARGE, optimizer=failing), delay=0.0) as show:
        show(Wave(opened.plan))
    assert "ETA unknown yet" in console.text()
    assert failing.used
    assert failing not in failing.used


def test_running_blocks_are_shown_until_they_end(progress, opened, events, console):
    progress.take(events.started(opened, 0, 0, 1))
    progress.take(events.started(opened, 1, 0, 1))
    console.print(drawing(progress))
    assert "batch_size 8: epochs 0 to 1, 2 models" in console.text()
    assert "batch_size 16: " in console.text()
    progress.take(events.stored(opened, 0, 0, 1, 4.0, 2))
    assert len(progress.running) == 1
    assert "best 0.25 (epochs 2, alpha 0.5, batch_size 8)" in line(progress)


def test_a_long_first_block_goes_on_telling(progress, opened, events, clock):
    """Where there is no terminal to redraw: the same line again would never be printed."""
    assert line(progress).endswith("ETA unknown yet")
    progress.take(events.started(opened, 0, 0, 1))
    clock.now += 125
    told = line(progress)
    assert told.endswith("unknown yet, training batch_size 8: epochs 0 to 1, 2 models, 2 min 05 s")
    clock.now += 5
    assert line(progress) != told
    progress.take(events.started(opened, 1, 0, 1))
    assert line(progress).endswith("2 min 10 s and 1 block more")
    progress.take(events.stored(opened, 0, 0, 1, 4.0, 2))
    assert "training" not in line(progress)


def test_a_drawing_is_never_wider_than_the_terminal(progress, opened, events, console):
    progress.take(events.stored(opened, 0, 0, 1, 4.0, 2))
    console.print(drawing(progress))
    shown = console.text().splitlines()
    assert len(shown) == 3
    assert max(map(len, shown)) <= 80


def test_a_narrow_drawing_breaks_between_words(progress, opened, events, console):
    console.width = 40
    params = {f"hyperparameter_{i}": 1.23456e-05 for i in range(10)}
    stored = events.stored(opened, 0, 0, 1, 4.0, 2)
    progress.take(replace(stored, best=replace(stored.best, params=params)))
    console.print(drawing(progress))
    shown = console.text().splitlines()
    assert max(map(len, shown)) <= 40
    assert sum(line.count("1.23456e-05") for line in shown) == 10


def test_the_first_line_says_what_is_to_be_done(opened):
    assert first_line(opened) == (
        "Study [s] in /x.journal: 8 to run = 4 models in 2 blocks on 2 cores. "
        "Compared by a validation part of 20 %."
    )


def test_the_first_line_ends_with_what_the_optimizer_says_of_its_space(opened):
    assert first_line(replace(opened, remark="One size.")).endswith("part of 20 %. One size.")


def test_the_first_line_says_why_there_is_one_core(opened):
    small = replace(opened, n_workers=1, n_cores=2)
    assert "in 2 blocks on 1 core: too little work for more. Compared" in first_line(small)
    assert "in 2 blocks on 1 core. Compared" in first_line(replace(opened, n_workers=1))


def test_the_first_line_counts_what_is_there(opened):
    resumed = Opened("s", "/x", 16, 8, opened.plan, 1, None)
    assert "8 of 16 trials are there, 8 to run" in first_line(resumed)


@pytest.mark.parametrize(
    ("budget", "is_pruned", "text"),
    [
        (5, False, "20 %. Inexact: not every point is tried."),
        (8, True, "20 %. Inexact: points that look poor end early."),
        (5, True, "Inexact: not every point is tried, and points that look poor end early."),
        (8, False, "8 to run of a grid of 8 on 2 cores. Compared by a validation part of 20 %."),
    ],
)
def test_the_first_line_says_what_is_left_out(opened, budget, is_pruned, text):
    assert first_line(replace(opened, budget=budget, is_pruned=is_pruned)).endswith(text)


@pytest.mark.parametrize(
    ("validation", "text"),
    [
        (Validation(None), "the validation part of the data"),
        (Validation(0.125), "a validation part of 12.5 %"),
        (Validation(None, 5), "5-fold cross-validation"),
        (Validation(None, 5, 2), "5-fold cross-validation, repeated 2 times"),
    ],
)
def test_the_first_line_says_what_trials_are_compared_by(opened, validation, text):
    assert first_line(replace(opened, validation=validation)).endswith(f" Compared by {text}.")
