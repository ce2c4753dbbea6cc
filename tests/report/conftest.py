"""Consoles that remember, and the events of a search that nobody ran."""

import io
from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console

from hpsoft.engine.evaluate import Scores
from hpsoft.engine.plan import make_plan
from hpsoft.engine.schedule import Started
from hpsoft.engine.train import Snapshot
from hpsoft.optimizers.protocol import Hyperparameter, Role
from hpsoft.study.records import TrialRecord
from hpsoft.tuning.events import Opened, Stored

HYPERPARAMETERS = (
    Hyperparameter("epochs", Role.HORIZON, int, 1),
    Hyperparameter("batch_size", Role.STRUCTURAL, int, 1),
    Hyperparameter("alpha", Role.COLUMNAR, float, 0),
)
BEST = TrialRecord({"epochs": 2, "alpha": 0.5, "batch_size": 8}, 0, 0.25, accuracy=0.9, number=7)


class Clock:
    """A clock that is set by hand."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def console():
    """A plain console, 80 columns wide; `.text()` is what was printed on it."""
    return _remembering(Console(file=io.StringIO(), width=80, markup=False, highlight=False))


@pytest.fixture
def terminal():
    """The same as a terminal with colours."""
    return _remembering(
        Console(file=io.StringIO(), width=80, markup=False, force_terminal=True, highlight=False,
                color_system="standard", _environ={"TERM": "xterm"})
    )  # fmt: skip


def _remembering(console):
    console.text = console.file.getvalue
    return console


@pytest.fixture
def opened():
    """Two blocks of two models, horizons 1 and 2, on two workers: 8 trials."""
    points = [
        {"epochs": e, "batch_size": b, "alpha": a}
        for e in (1, 2) for b in (8, 16) for a in (0.5, 1.0)
    ]  # fmt: skip
    plan = make_plan(HYPERPARAMETERS, enumerate(points))
    return Opened("[s]", "/x.journal", 8, 0, plan, 2, None)


def started(opened, index, start, stop):
    return Started(opened.plan.blocks[index], start, stop, 2)


def stored(opened, index, start, horizon, seconds, n_finished, scores=(0.5, 0.25)):
    block = opened.plan.blocks[index]
    scores = Scores({"cross_entropy": np.array(scores), "accuracy": np.array(scores)})
    snapshot = Snapshot(block, (0, 1), start, horizon, scores, seconds, {})
    return Stored(snapshot, [], BEST, n_finished)


@pytest.fixture
def events():
    return SimpleNamespace(started=started, stored=stored, best=BEST)
