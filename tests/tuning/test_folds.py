"""A search that tells its trials apart by folds: exact, resumable, certified, and passed on."""

from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from small_problem import reference_costs
from small_search import SmallSearch, stream, write_data

from hpsoft.assess.extend import extend
from hpsoft.assess.extension import compare_winners
from hpsoft.assess.final import FinalConfig, retrain_winner
from hpsoft.assess.optimum import OptimumConfig, find_optima
from hpsoft.assess.regret import RegretConfig, replay_methods
from hpsoft.data import Scaler, load
from hpsoft.data.splitting import folds
from hpsoft.engine.setup import Fold
from hpsoft.errors import StudyError
from hpsoft.report.search_result import search_document
from hpsoft.study.export import export
from hpsoft.study.study import find_study, trials
from hpsoft.system.steps import to_the_end
from hpsoft.tuning.events import Extension, Stored
from hpsoft.tuning.run import search

SETTINGS = ("epochs=1,2,4", "batch_size=7,32", "learning_rate=0.05,0.5,1e308", "alpha=0,0.01")


@pytest.fixture
def small(tmp_path):
    return SmallSearch(tmp_path, write_data(tmp_path))


def stored(small, study="s", file="s.journal"):
    return {t.grid_id: t for t in trials(str(small.folder / file), study)}


@pytest.mark.parametrize("file", ["s.journal", "s.db"])
def test_trials_are_means_of_the_one_model_loop_over_the_folds(small, file):
    """Parts, scaling and order made here again; each fold's cost is stored beside the mean."""
    finished = small.run(cv="3x2", storage=str(small.folder / file))
    assert finished.certificate.complete
    assert (finished.certificate.folds, finished.certificate.repeats) == (3, 2)
    assert finished.certificate.val_fraction is None
    found = stored(small, file=file)
    assert len(found) == 36
    settings = [_setting(small, part) for part in folds(load(str(small.data)).training, 3, 2, 0)]
    for trial in found.values():
        if trial.diverged:
            assert (trial.params["learning_rate"], trial.folds) == (1e308, ())
            continue
        curves = np.array([reference_costs(setting, trial.params) for setting in settings])
        assert trial.folds == pytest.approx(curves[:, -1], rel=1e-9)
        assert trial.value == pytest.approx(curves[:, -1].mean(), rel=1e-9)
        assert trial.error == pytest.approx(curves[:, -1].std(ddof=1) / np.sqrt(6), rel=1e-6)
        for horizon, cost in trial.intermediate.items():
            assert cost == pytest.approx(curves[:, horizon - 1].mean(), rel=1e-9)


def _setting(small, part):
    """Return a setting of one fold, scaled by what it trains on."""
    scaler = Scaler.fit("unit", part.train.X)
    X, X_validation = (scaler.apply(p.X, np.float64) for p in (part.train, part.validation))
    fold = Fold(X, part.train.labels, X_validation, part.validation.labels)
    return replace(small.prepare().setting, folds=(fold,))


@pytest.mark.parametrize("changes", [{}, {"pruner": "median"}, {"sampler": "tpe", "trials": 20}])
def test_a_search_that_was_left_goes_on_to_the_same_trials(small, changes):
    options = {"cv": "3", **changes}
    small.run(study="whole", **options)
    with closing(stream(small.prepare(**options))) as events:
        next(event for event in events if isinstance(event, Stored))
    assert 0 < len(stored(small)) < len(stored(small, "whole"))
    small.run(**options)
    found, whole = stored(small), stored(small, "whole")
    assert found.keys() == whole.keys()
    for i, trial in whole.items():
        assert (found[i].params, found[i].status) == (trial.params, trial.status)
        assert found[i].folds == pytest.approx(trial.folds, rel=1e-9)


def test_other_folds_are_another_search(small):
    small.run(cv="3")
    for cv, message in (
        ("4", r"folds of the cross-validation 3 there, 4 here"),
        ("3x2", r"repetitions of its folds 1 there, 2 here"),
        ("none", r"validation fraction none there, 0.2 here"),
    ):
        with pytest.raises(StudyError, match=message):
            small.run(cv=cv)
    assert small.run(cv="3").n_run == 0


def test_processes_find_what_one_finds(small):
    one, two = (
        small.run(cv="3", study=f"s{jobs}", cores=jobs, least_seconds=0) for jobs in (1, 2)
    )
    assert [t.params for t in one.leaderboard] == [t.params for t in two.leaderboard]
    for ours, theirs in zip(one.leaderboard, two.leaderboard, strict=True):
        assert ours.folds == pytest.approx(theirs.folds, rel=1e-9)


def test_the_mean_the_error_and_the_folds_are_shown_and_exported(small):
    finished = small.run(cv="3")
    best = finished.leaderboard[0]
    winner = search_document(finished)["winner"]
    assert (winner["value"], winner["folds"]) == (best.value, list(best.folds))
    assert winner["standard_error"] == pytest.approx(np.std(best.folds, ddof=1) / np.sqrt(3))
    header, *rows = (
        export(find_study(str(small.folder / "s.journal"), "s"), "csv").decode().splitlines()
    )
    columns = header.split(",")
    assert {"standard_error", "fold_1", "fold_2", "fold_3"} <= set(columns)
    row = dict(zip(columns, rows[best.number].split(","), strict=True))
    assert [float(row[f"fold_{i}"]) for i in (1, 2, 3)] == list(best.folds)


def test_the_study_is_finished_compared_and_replayed(small):
    """`final`, `optimum` and `regret` know folds; `confirm` has tests of its own."""
    settings = ("epochs=1,2,300", "batch_size=16", "learning_rate=0.2,0.5", "alpha=0.01,0.1")
    small.run(cv="3", settings=settings)
    where = str(small.folder / "s.journal")
    assert find_study(where, "s").description.identity.folds == 3
    result = to_the_end(retrain_winner(FinalConfig("s", where)))
    assert result.n_train == 120
    assert result.trial == trials(where, "s", top=1)[0]
    report = to_the_end(find_optima(OptimumConfig("s", where, jobs=1)))
    assert all(distance.reproduced for distance in report.distances)
    assert all(distance.training_gap > 0 for distance in report.distances)
    best = min(report.distances, key=lambda d: d.training_gap)
    assert best.training_gap < 1e-3
    replayed = to_the_end(replay_methods(RegretConfig("s", where, seeds=2, trials=(4,))))
    assert replayed.best.value == result.trial.value


def test_winners_before_and_after_a_growth_are_trained_on_other_folds(small):
    settings = ("epochs=1,2", "batch_size=7,32", "learning_rate=0.05,0.1", "alpha=0,0.01")
    before = small.run(cv="3", settings=settings).leaderboard[0]
    extended = extend(small.prepare(cv="3", settings=()))
    assert extended.winner == before
    finished = search(extended.prepared)
    after = finished.leaderboard[0]
    assert after.params != before.params
    found = to_the_end(compare_winners(extended.prepared, before, after))
    assert isinstance(found, Extension)
    parts = [p for seed in (1, 2, 3) for p in folds(load(str(small.data)).training, 3, 1, seed)]
    gaps = []
    for i, part in enumerate(parts):
        setting = replace(_setting(small, part), seed=1 + i // 3)
        costs = [reference_costs(setting, trial.params)[-1] for trial in (before, after)]
        gaps.append(costs[1] - costs[0])
    assert found.difference.mean == pytest.approx(np.mean(gaps), rel=1e-9)
    assert found.difference.error == pytest.approx(
        np.std(gaps, ddof=1) * np.sqrt(1 / 9 + 1 / 2), rel=1e-6
    )
    assert found.is_worse == (np.mean(gaps) > 0)
