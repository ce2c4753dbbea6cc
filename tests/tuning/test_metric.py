"""The winner is chosen by any metric: in the study, in Optuna, and in all that follows."""

from dataclasses import replace

import numpy as np
import optuna
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_search import SmallSearch, write_data

from hpsoft.assess.confirm import ConfirmConfig, confirm_winner
from hpsoft.assess.optimum import OptimumConfig, find_optima
from hpsoft.assess.regret import RegretConfig, replay_methods
from hpsoft.errors import SpaceError, StudyError
from hpsoft.softmax.metric import ACCURACY, CHOOSING, CROSS_ENTROPY, MACRO_F1, metric_named
from hpsoft.space.points import points_of
from hpsoft.study.export import export
from hpsoft.study.find import studies
from hpsoft.study.frozen_trial import Converter, to_record
from hpsoft.study.leaderboard import rank, sort_trials
from hpsoft.study.records import NOT_IN_GRID, TrialRecord
from hpsoft.study.study import find_study
from hpsoft.system.steps import to_the_end
from hpsoft.tuning.edges import edges
from hpsoft.tuning.noise import chosen_by_accuracy, is_as_good, standing


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A grid by cross-entropy, the same by macro-F1, and by accuracy over folds."""
    folder = tmp_path_factory.mktemp("metric")
    made = SmallSearch(folder, write_data(folder))
    made.run(study="cost")
    made.run(study="f1", metric="macro-f1")
    made.run(study="folds", metric="accuracy", cv="3")
    return made


def storage(small):
    return str(small.folder / "s.journal")


def test_the_same_trials_are_ranked_by_another_metric(small):
    cost, f1 = (find_study(storage(small), name) for name in ("cost", "f1"))
    by_cost = {t.grid_id: t for t in cost.trials}
    for trial in f1.trials:
        twin = by_cost[trial.grid_id]
        assert trial.metric is MACRO_F1
        assert (trial.diverged, trial.pruned) == (twin.diverged, False)
        mine, its = ([t.score(name) for name in CHOOSING] for t in (trial, twin))
        assert [score is None for score in mine] == [score is None for score in its]
        sure = [score for score in its if score is not None]
        assert [score for score in mine if score is not None] == pytest.approx(sure, rel=1e-9)
    expected = sorted(
        (t for t in cost.trials if t.value is not None),
        key=lambda t: (-t.others["macro_f1"], t.value),
    )
    assert [t.grid_id for t in f1.ranking] == [t.grid_id for t in expected]


def test_stock_optuna_agrees(small):
    """It maximises, knows the value and has its best trial among ours, which ties by cost."""
    backend = optuna.storages.journal.JournalFileBackend(storage(small))
    study = optuna.load_study(study_name="f1", storage=optuna.storages.JournalStorage(backend))
    assert study.direction is optuna.study.StudyDirection.MAXIMIZE
    winner = find_study(storage(small), "f1").ranking[0]
    assert study.best_value == winner.value == study.trials[winner.number].value
    last = max(study.best_trial.intermediate_values)
    assert study.best_trial.intermediate_values[last] == study.best_value


def test_another_metric_is_another_search(small):
    with pytest.raises(StudyError, match="metric macro-f1 there, cross-entropy here"):
        small.run(study="f1")
    with pytest.raises(StudyError, match="metric cross-entropy there, accuracy here"):
        small.run(study="cost", metric="accuracy")
    again = small.run(study="f1", metric="macro-f1")
    assert (again.n_run, again.certificate.complete) == (0, True)
    assert again.certificate.metric == "macro_f1"


def test_best_compares_one_metric_alone(small):
    """That of the latest study; what is left out is said."""
    best = find_study(storage(small), "best")
    assert best.name == "folds"
    assert "chosen by another metric (cross-entropy, macro-F1)" in best.note
    found = {summary.name: summary for summary in studies(storage(small))}
    assert {name: found[name].metric for name in found} == {
        "cost": "cross_entropy", "f1": "macro_f1", "folds": "accuracy",
    }  # fmt: skip
    for name, summary in found.items():
        winner = find_study(storage(small), name).ranking[0]
        assert (summary.best_value, summary.best_trial) == (winner.value, winner.number)


def test_folds_have_means_and_errors_of_every_metric(small):
    winner = find_study(storage(small), "folds").ranking[0]
    assert winner.value == winner.accuracy == pytest.approx(np.mean(winner.folds))
    for name in ("cross_entropy", "balanced_accuracy", "macro_f1"):
        folds = winner.scores_by_fold(name)
        assert winner.score(name) == pytest.approx(np.mean(folds))
        assert winner.error_of(name) == pytest.approx(np.std(folds, ddof=1) / np.sqrt(3))


def test_exports_have_columns_of_all(small):
    header = export(find_study(storage(small), "folds"), "csv").decode().splitlines()[0]
    assert "value,cross_entropy,balanced_accuracy,macro_f1,seconds" in header
    assert "standard_error,cross_entropy_error" in header
    header = export(find_study(storage(small), "cost"), "csv").decode().splitlines()[0]
    assert "value,accuracy,balanced_accuracy,macro_f1,seconds" in header


@pytest.mark.parametrize("changes", [{"sampler": "tpe", "trials": 12}, {"pruner": "halving"}])
def test_samplers_and_pruners_follow_the_metric(small, changes):
    """A pruner that took the lowest for the best would leave the worst trials."""
    found = small.run(study=f"s{len(changes)}", metric="accuracy", **changes)
    whole = find_study(storage(small), "cost")
    most = max(trial.accuracy for trial in whole.ranking)
    assert found.leaderboard[0].value >= most - 0.05
    assert all(t.value is None for t in found.leaderboard if t.pruned)


def test_confirm_regret_and_optimum_compare_by_it(small):
    report = to_the_end(
        confirm_winner(ConfirmConfig("folds", storage(small), top=3, seeds=1, cv=2))
    )
    assert report.metric is ACCURACY
    for candidate in report.candidates:
        assert candidate.mean == pytest.approx(1 - candidate.scores["accuracy"])
        assert 0 <= candidate.scores["auroc"] <= 1
        assert 0 <= candidate.scores["average_precision"] <= 1
    kept = find_study(storage(small), "folds").confirmation
    best = report.confirmed
    assert kept["means"][str(best.trial.number)] == pytest.approx(best.scores["accuracy"])
    replays = to_the_end(replay_methods(RegretConfig("f1", storage(small), trials=(6,), seeds=2)))
    outcomes = replays.regrets[0].outcomes
    assert all(0 <= outcome.gap <= 1 for outcome in outcomes)
    assert all(outcome.found == (outcome.gap == 0) for outcome in outcomes)
    optima = to_the_end(find_optima(OptimumConfig("f1", storage(small), top=1)))
    assert optima.best_optimum.loss(MACRO_F1) == 1 - optima.best_optimum.scores["macro_f1"]
    assert all(distance.reproduced for distance in optima.distances)


@given(
    st.sampled_from(list(CHOOSING.values())),
    st.floats(0, 1),
    st.lists(st.floats(0, 1), max_size=3),
)
@settings(max_examples=30)
def test_a_record_comes_back_as_it_was_stored(metric, value, folds):
    grid = points_of({"a": (1.0, 2.0)})
    names = [m for m in CHOOSING if m not in {metric.name, "accuracy"}]
    record = TrialRecord(
        grid.params(1), 1, value, accuracy=value, number=0, metric=metric, folds=tuple(folds),
        others=dict.fromkeys(names, 0.5),
        others_by_fold=dict.fromkeys([*names, "accuracy"], tuple(folds)),
    )  # fmt: skip
    trial = Converter(grid).to_optuna(record)
    back = replace(to_record(trial, 1, metric), number=0)
    assert (back.value, back.accuracy, back.folds) == (value, value, tuple(folds))
    assert (back.others, back.others_by_fold) == (record.others, record.others_by_fold)


def trial(value, cost=1.0, folds=(), a=1.0, **others):
    fields = {"metric": ACCURACY, "accuracy": value, "others": {"cross_entropy": cost}}
    return TrialRecord({"a": a}, int(a), value, folds=tuple(folds), **{**fields, **others})


def test_ties_go_by_cross_entropy_then_by_smaller_values():
    tied = [
        trial(0.9, 0.5, a=3.0),
        trial(0.9, 0.4, a=2.0),
        trial(0.9, 0.4, a=1.0),
        trial(0.8, 0.1),
    ]
    assert rank(tied) == [tied[2], tied[1], tied[0], tied[3]]
    assert sort_trials(tied, sort="value") == sort_trials(tied, sort="accuracy") == rank(tied)
    assert sort_trials(tied, sort="cost", top=1) == [tied[3]]


def test_old_trials_lack_the_new_metrics():
    old = TrialRecord({"a": 1.0}, NOT_IN_GRID, 0.5, accuracy=0.9)
    assert [old.score(name) for name in CHOOSING] == [0.5, 0.9, None, None, None]
    assert sort_trials([old], sort="macro-f1") == [old]


def test_noise_and_edges_know_which_way_is_better():
    winner, near, far = trial(0.95), trial(0.9495, a=2.0), trial(0.9, a=4.0)
    assert is_as_good(near, winner)
    assert not is_as_good(far, winner)
    assert standing([winner, near, replace(far, params={"a": 4.0})], "a").n_as_good == 1
    sure = [trial(0.9, folds=(0.8, 0.9, 1.0)), trial(0.8, folds=(0.7, 0.8, 0.9))]
    assert not is_as_good(sure[1], sure[0])
    assert is_as_good(sure[0], sure[1])
    perfect = [trial(1.0), trial(0.9, a=2.0)]
    assert edges(perfect, {"a": (1.0, 2.0)}, [], 10) == []


def by_cost(cost, accuracy, folds=()):
    by_fold = {"accuracy": tuple(folds)} if folds else {}
    costs = tuple(cost for _ in folds)
    return TrialRecord(
        {"a": cost}, 0, cost, accuracy=accuracy, folds=costs, others_by_fold=by_fold
    )


def test_where_accuracy_chooses_otherwise_it_is_said():
    """By more than noise: of folds by their differences, of one part by the binomial error."""
    winner, other = by_cost(0.5, 0.80), by_cost(0.6, 0.85)
    assert chosen_by_accuracy([winner, other], 1000).trial is other
    assert chosen_by_accuracy([winner, other], 20) is None
    assert chosen_by_accuracy([winner], 1000) is None
    winner, other = by_cost(0.5, 0.8, (0.7, 0.9)), by_cost(0.6, 0.85, (0.75, 0.95))
    assert chosen_by_accuracy([winner, other], 20).gain.mean == pytest.approx(0.05)
    noisy = by_cost(0.6, 0.85, (0.95, 0.75))
    assert chosen_by_accuracy([winner, noisy], 20) is None
    assert chosen_by_accuracy([trial(0.8), trial(0.9, a=2.0)], 1000) is None
    assert chosen_by_accuracy([], 10) is None
    rounded = by_cost(0.5, 1 + 2**-52)  # of weighted samples, in studies of before
    assert chosen_by_accuracy([rounded, by_cost(0.6, 0.9)], 10) is None


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("acuracy", "Did you mean 'accuracy'"),
        ("auroc", "hpsoft confirm` and `hpsoft final` measure it"),
        ("top-5", "needs more than 5 classes, and the data has 3"),
    ],
)
def test_what_cannot_choose_is_refused(small, name, message):
    with pytest.raises(SpaceError, match=message):
        small.prepare(metric=name)


def test_names_are_taken_as_scikit_learn_has_them():
    assert metric_named("f1_macro") is MACRO_F1
    assert metric_named("Log_Loss") is CROSS_ENTROPY
    assert metric_named("balanced_accuracy").option == "balanced-accuracy"
