"""Whether an optimizer reached its optimum: kept, shown, and never part of a result."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from hpsoft_sgd import SGD
from small_problem import GRID, make_setup, make_trials
from small_search import SmallSearch, write_data

from hpsoft.engine.plan import make_plan
from hpsoft.engine.train import Task, train
from hpsoft.study.export import export
from hpsoft.study.records import TrialRecord
from hpsoft.study.study import find_study, trials

NEWTON = {"optimizer": "newton", "settings": ("iterations=1,15", "alpha=1,100,10000")}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A finished search by Newton's method."""
    folder = tmp_path_factory.mktemp("newton")
    small = SmallSearch(folder, write_data(folder))
    small.finished = small.run(**NEWTON)
    small.storage = folder / "s.journal"
    return small


class Telling(SGD):
    """SGD that says of every other model that it converged."""

    def init(self, problem, models):
        odd = np.arange(len(models)) % 2 == 1
        return {**super().init(problem, models), "converged": odd}


def snapshot(optimizer, **changes):
    """Train the first block of the small grid for a pass."""
    setting = make_setup(optimizer=optimizer)
    trials = make_trials({**GRID, "batch_size": (5,), **changes})
    block = make_plan(SGD.hyperparameters, trials).blocks[0]
    return train(setting, Task(block, tuple(range(len(block.models))), None, 0, 1))


def test_a_snapshot_has_what_the_state_says():
    assert snapshot(SGD()).converged is None
    assert snapshot(Telling()).converged.tolist() == [False, True] * 3


def test_a_model_that_left_did_not_converge():
    """And the others keep their own word."""
    found = snapshot(Telling(), learning_rate=(0.1, 1e308), alpha=(0.0, 0.1))
    assert np.isnan(found.scores.cross_entropy).tolist() == [False, False, True, True]
    assert found.converged.tolist() == [False, True, False, False]


def test_the_study_keeps_it(small):
    """One Newton step reaches no optimum here, fifteen do."""
    found = trials(small.storage, "s")
    assert {r.params["iterations"]: r.status for r in found} == {1: "max_iter", 15: "converged"}


def test_other_optimizers_do_not_say(tmp_path):
    small = SmallSearch(tmp_path, write_data(tmp_path))
    small.run(settings=("epochs=1", "batch_size=32", "learning_rate=0.05,1e308", "alpha=0"))
    found = trials(tmp_path / "s.journal", "s")
    assert [(r.converged, r.status) for r in found] == [(None, None), (None, "diverged")]
    assert b"converged" not in export(find_study(tmp_path / "s.journal", "s"), "csv")


def test_it_is_no_part_of_a_result():
    record = TrialRecord({"alpha": 1.0}, 0, 0.5, converged=True)
    assert record == replace(record, converged=False) == replace(record, converged=None)


def test_exports_have_it(small):
    rows = list(
        csv.DictReader(io.StringIO(export(find_study(small.storage, "s"), "csv").decode()))
    )
    assert {row["iterations"]: row["converged"] for row in rows} == {"1": "False", "15": "True"}
    document = json.loads(export(find_study(small.storage, "s"), "json"))
    assert {trial["converged"] for trial in document["trials"]} == {True, False}


def test_a_finished_search_is_finished_with_it(small):
    assert small.run(**NEWTON).n_run == 0
