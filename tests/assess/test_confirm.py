"""The top trials again, with other seeds or on folds."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
from small_problem import reference_cost
from small_search import SmallSearch, write_data

from hpsoft.assess import repetitions as repetitions_module
from hpsoft.assess.confirm import ConfirmConfig, confirm_winner
from hpsoft.assess.final import FinalConfig, retrain_winner
from hpsoft.data import Scaler, load, split
from hpsoft.data.validation import Validation
from hpsoft.engine.points import Progress, Validated
from hpsoft.engine.setup import Fold
from hpsoft.errors import DataError, SpaceError, StudyError
from hpsoft.softmax import cross_entropy
from hpsoft.study.leaderboard import rank
from hpsoft.study.study import find_study, trials
from hpsoft.system.steps import to_the_end


@pytest.fixture
def small(tmp_path):
    small = SmallSearch(tmp_path, write_data(tmp_path))
    small.run()
    return small


@pytest.fixture
def trained(tmp_path):
    """Trials that have come to their end."""
    small = SmallSearch(tmp_path, write_data(tmp_path))
    settings = ("epochs=60,120,240", "batch_size=32", "learning_rate=0.3,0.5", "alpha=0.1,0.2")
    small.run(settings=settings)
    return small


def config(small, **changes):
    return ConfirmConfig("s", str(small.folder / "s.journal"), **{"top": 5, "jobs": 1} | changes)


def confirmed(small, **changes):
    progress = []
    report = to_the_end(confirm_winner(config(small, **changes)), progress.append)
    assert all(isinstance(event, Progress) for event in progress)
    return report


def test_costs_are_those_of_the_one_model_loop_on_the_new_splits(small):
    """Split, scaling and order of every seed made here again, one model at a time."""
    report = confirmed(small, seeds=3)
    prepared = small.prepare()
    data = load(str(small.data)).training
    for i, seed in enumerate((1, 2, 3)):
        parts = split(data, 0.2, seed)
        scaler = Scaler.fit(prepared.identity.scale, parts.train.X)
        fold = Fold(
            X=scaler.apply(parts.train.X, np.dtype(np.float64)),
            labels=parts.train.labels,
            X_validation=scaler.apply(parts.validation.X, np.dtype(np.float64)),
            labels_validation=parts.validation.labels,
        )
        setting = replace(prepared.setting, folds=(fold,), seed=seed)
        for candidate in report.candidates:
            expected = reference_cost(setting, candidate.trial.params)
            assert candidate.costs[i] == pytest.approx(expected, rel=1e-9)


def test_candidates_are_the_top_of_the_study(small):
    ranking = rank(trials(str(small.folder / "s.journal"), "s"))
    assert [c.trial for c in confirmed(small).candidates] == ranking[:5]


@pytest.fixture
def even(tmp_path):
    """A finished search on classes of 60, 40 and 20 samples: enough for folds."""
    rng = np.random.default_rng(0)
    np.savez(
        tmp_path / "even.npz", X=rng.normal(size=(120, 5)), y=np.repeat([0, 1, 2], [60, 40, 20])
    )
    small = SmallSearch(tmp_path, tmp_path / "even.npz")
    small.run()
    return small


@pytest.fixture
def seen(monkeypatch):
    """Every setting in which trials are trained, as its folds' labels and a weak reference to
    X.
    """
    found = []

    def spy(what, setting, points, jobs):
        if what.endswith("exact optima"):  # on the same parts as the trials
            return (yield from original(what, setting, points, jobs))
        gc.collect()
        assert all(copy() is None for _, copy in found), "one copy of the data is held at a time"
        labels = [(fold.labels, fold.labels_validation) for fold in setting.folds]
        found.append((labels, weakref.ref(setting.folds[0].X)))
        return (yield from original(what, setting, points, jobs))

    original = repetitions_module.validate
    monkeypatch.setattr(repetitions_module, "validate", spy)
    return found


@pytest.mark.parametrize("how", [{"cv": 4}, {"cv": 4, "seeds": 2}])
def test_folds_are_stratified_and_use_each_sample_once(even, seen, how):
    n = how.get("seeds", 1)
    assert confirmed(even, **how).method == ("4 folds" if n == 1 else "2 times 4 folds")
    labels = load(str(even.data)).training.samples.labels
    assert len(seen) == n
    for folds, _ in seen:
        assert len(folds) == 4
        held = np.concatenate([held for _, held in folds])
        np.testing.assert_array_equal(np.bincount(held), np.bincount(labels))
        for kept, held in folds:
            assert np.abs(np.bincount(held) - np.bincount(labels) / 4).max() <= 1
            assert len(kept) + len(held) == len(labels)


@pytest.mark.parametrize(("how", "n"), [({}, 5), ({"seeds": 4}, 4), ({"cv": 4, "seeds": 3}, 3)])
def test_one_copy_of_the_data_is_held_at_a_time(even, seen, how, n):
    confirmed(even, **how)
    assert len(seen) == n


@pytest.fixture
def cross_validated(tmp_path):
    """A finished search that was told apart by folds, whose longest trials are at their optima."""
    small = SmallSearch(tmp_path, write_data(tmp_path, seed=2))
    settings = ("epochs=1,300", "batch_size=16", "learning_rate=0.5", "alpha=0.01,0.1")
    small.run(cv="3", settings=settings)
    return small


def test_a_study_of_folds_is_confirmed_on_folds_beside_exact_optima(cross_validated):
    """Each optimum is that of the same parts: what scikit-learn finds there."""
    from sklearn.linear_model import LogisticRegression

    found = confirmed(cross_validated)
    assert found.method == "3 times 3 folds"
    assert found.overlap == pytest.approx(0.5)
    assert [optimum.alpha for optimum in found.optima] == [0.01, 0.1]
    assert not found.refused
    data = load(str(cross_validated.data)).training
    parts = [p for seed in (1, 2, 3) for p in Validation(None, 3).splits(data, seed)]
    for optimum in found.optima:
        for part, cost in zip(parts, optimum.costs, strict=True):
            scaler = Scaler.fit("unit", part.train.X)
            X, X_validation = (scaler.apply(p.X, float) for p in (part.train, part.validation))
            model = LogisticRegression(
                C=1 / (len(X) * optimum.alpha), tol=1e-10, max_iter=10_000
            ).fit(X, part.train.labels)
            logits = X_validation @ model.coef_.T + model.intercept_
            expected = cross_entropy(logits, part.validation.labels)
            assert cost == pytest.approx(expected, rel=1e-5)


def test_trials_that_were_not_trained_to_the_end_are_not_recommended(cross_validated):
    """Neither is their choice kept: `final` says why it takes none of them."""
    settings = ("epochs=1,2", "batch_size=64", "learning_rate=0.01", "alpha=0.001")
    cross_validated.run(cv="3", settings=settings, study="short")
    storage = str(cross_validated.folder / "s.journal")
    found = to_the_end(confirm_winner(ConfirmConfig("short", storage, jobs=1)))
    assert found.refused
    assert find_study(storage, "short").confirmation["confirmed"] is None
    with pytest.raises(StudyError, match="recommends no trial: exact optima cost less"):
        find_study(storage, "short").confirmed("confirmed")


def test_no_trial_is_confirmed_where_all_diverge(trained, monkeypatch):
    """What was chosen by is forgotten by no one: an earlier confirmation stays."""
    before = confirmed(trained).confirmed.trial.number

    def diverging(what, setting, points, jobs):
        yield Progress(what, 0, 1, 0.0)
        lost = dict.fromkeys(("cross_entropy", "accuracy"), np.nan)
        return [
            Validated(i, lost, dict.fromkeys(lost, (np.nan,)), None) for i in range(len(points))
        ]

    monkeypatch.setattr(repetitions_module, "validate", diverging)
    with pytest.raises(
        StudyError, match="Each of the 5 trials diverged in one or more of 5 splits"
    ):
        confirmed(trained)
    with pytest.raises(StudyError, match="The one trial diverged"):
        confirmed(trained, top=1)
    assert find_study(str(trained.folder / "s.journal"), "s").confirmation["confirmed"] == before


def test_final_takes_what_was_confirmed(trained):
    storage = str(trained.folder / "s.journal")
    with pytest.raises(StudyError, match="hpsoft confirm --study s"):
        find_study(storage, "s").confirmed("confirmed")
    first = confirmed(trained)
    assert not first.replaced
    for choice, expected in (("confirmed", first.confirmed), ("one-se", first.one_se)):
        assert find_study(storage, "s").confirmed(choice) == expected.trial.number
        result = to_the_end(retrain_winner(FinalConfig("s", storage, trial=choice)))
        assert result.trial.number == expected.trial.number
    kept = find_study(storage, "s").confirmation
    assert kept["seeds"] == [1, 2, 3, 4, 5]
    assert kept["cv"] is None
    assert confirmed(trained, seeds=2).replaced
    assert find_study(storage, "s").confirmation["seeds"] == [1, 2]


def test_another_seed_of_the_final_training_is_another_model(small):
    storage = str(small.folder / "s.journal")
    costs = []
    for seed in (None, 0, 1):
        result = to_the_end(retrain_winner(FinalConfig("s", storage, seed=seed)))
        costs.append(result.test.cross_entropy)
    assert costs[0] == costs[1] != costs[2]


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"seeds": 1}, SpaceError, "takes 2 or more"),
        ({"cv": 1}, SpaceError, "--cv takes 2 or more, not 1"),
        ({"cv": 1000}, DataError, "1000 folds of 119 samples cannot be made"),
    ],
)
def test_what_makes_no_sense_is_refused(small, changes, error, message):
    with pytest.raises(error, match=message):
        confirmed(small, **changes)


def test_a_study_without_a_winner(small):
    small.run(study="t", settings=("learning_rate=1e308", "epochs=1", "batch_size=7", "alpha=1"))
    with pytest.raises(StudyError, match="no trial with a value to confirm"):
        to_the_end(confirm_winner(replace(config(small), study="t")))
