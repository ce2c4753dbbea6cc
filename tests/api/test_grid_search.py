"""`GridSearch` where GridSearchCV stood: the same call sites, the same keys, the same scores."""

import numpy as np
import optuna
import pandas as pd
import pytest
from scipy.special import softmax
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import hpsoft
from hpsoft import GridSearch
from hpsoft.api.cv_results import ranks

X, Y = load_iris(return_X_y=True)
NAMES = np.array(["setosa", "versicolor", "virginica"])[Y]
FOLDS = StratifiedKFold(3, shuffle=True, random_state=0)
NEWTON = {"alpha": [0.001, 0.01, 0.1]}
SGD = {"alpha": [0.001, 0.01], "learning_rate": [0.1, 1.0], "batch_size": 16, "epochs": [5, 20]}

PEERS = {
    "SGDClassifier": (
        GridSearchCV(
            SGDClassifier(loss="log_loss", random_state=0),
            {"alpha": [0.001, 0.01], "max_iter": [5, 20], "tol": [None]},
            cv=FOLDS,
            scoring="neg_log_loss",
        ),
        GridSearch(SGD, validation=FOLDS, metric="neg_log_loss"),
    ),
    "LogisticRegression": (
        GridSearchCV(
            LogisticRegression(tol=1e-8, max_iter=1000),
            {"C": [1 / (100 * alpha) for alpha in NEWTON["alpha"]]},
            cv=FOLDS,
            scoring="neg_log_loss",
        ),
        GridSearch(
            NEWTON, optimizer="newton", validation=FOLDS, metric="neg_log_loss", dtype="float64",
            scale="raw",
        ),
    ),
}  # fmt: skip


def used(search):
    """Use a search as code that was written for GridSearchCV does; return what comes of it."""
    search.fit(X, NAMES)
    table = pd.DataFrame(search.cv_results_)
    best = table.loc[search.best_index_]
    assert best.rank_test_score == 1
    assert best.params == search.best_params_
    assert best.mean_test_score == search.best_score_ == table.mean_test_score.max()
    return {
        "keys": {key for key in table if not key.startswith("param_")},
        "columns": {type(value) for key, value in search.cv_results_.items() if "param_" in key},
        "splits": search.n_splits_,
        "classes": search.classes_.tolist(),
        "predicted": search.predict(X).shape,
        "proba": search.predict_proba(X).shape,
        "logits": search.decision_function(X).shape,
        "features": search.n_features_in_,
        "accurate": (search.predict(X) == NAMES).mean() > 0.9,
        "scored": search.score(X, NAMES) == -log_loss(NAMES, search.predict_proba(X)),
        "refitted": search.best_estimator_.get_params().keys() >= search.best_params_.keys(),
        "timed": search.refit_time_ > 0,
        "several": search.multimetric_,
    }


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_the_same_call_sites(name):
    """Side by side."""
    peer, ours = PEERS[name]
    assert used(peer) == used(ours)


def test_converged_models_have_the_peers_scores():
    """Scaled alike, on the same folds: C = 1 / (n alpha)."""
    peer, ours = (clone(search) for search in PEERS["LogisticRegression"])
    peer.fit(X, Y)
    ours.fit(X, Y)
    for key in ("mean_test_score", "std_test_score", "split2_test_score", "rank_test_score"):
        assert np.allclose(ours.cv_results_[key], peer.cv_results_[key], rtol=1e-4), key
    assert ours.best_index_ == peer.best_index_


def test_the_scores_are_those_of_the_study():
    search = GridSearch(SGD, validation=3).fit(X, Y)
    results = search.cv_results_
    assert isinstance(search.study_, optuna.Study)
    assert len(search.study_.trials) == len(results["params"]) == 8
    assert np.allclose([-t.value for t in search.study_.trials], results["mean_test_score"])
    splits = np.array([results[f"split{k}_test_score"] for k in range(3)])
    assert np.allclose(splits.mean(axis=0), results["mean_test_score"])
    assert np.allclose(splits.std(axis=0), results["std_test_score"])
    assert results["param_epochs"].tolist() == [p["epochs"] for p in results["params"]]
    assert results["param_batch_size"].dtype.kind == "i"
    assert (results["mean_fit_time"] > 0).all()
    assert search.best_score_ == -search.study_.best_value


def test_the_winner_is_trained_as_final_trains_it():
    """On all samples, from zero."""
    search = GridSearch(SGD, validation=0.25).fit(X, Y)
    final = search.search_.final(X, Y)
    logits = hpsoft.load_model(final.model).decision_function(X)
    assert np.allclose(search.decision_function(X), logits, atol=1e-5)
    assert np.allclose(search.predict_proba(X), softmax(logits, axis=1), atol=1e-6)
    assert np.allclose(np.exp(search.predict_log_proba(X)), search.predict_proba(X))


@pytest.mark.parametrize(
    "values",
    [["setosa", "virginica", "versicolor"], [1, 2, 3], [-1.0, 10.0, 2.0], ["10", "2", "1"]],
)
def test_the_test_labels_are_those_of_the_caller(values):
    """Not indices of classes; rows of some classes will do, others are told."""
    y, train = np.array(values)[Y], np.arange(150) % 2 == 0
    search = GridSearch({"alpha": 0.01}, optimizer="newton").fit(X[train], y[train])
    for test in (~train, ~train & (Y > 0)):
        final = search.search_.final(X[test], y[test])
        assert final.test.accuracy == search.score(X[test], y[test]) > 0.9
        assert hpsoft.load_model(final.model).score(X[test], y[test]) == final.test.accuracy
    strange = np.where(Y == 0, "strange", y.astype(str))[~train]
    with pytest.raises(hpsoft.HpsoftError, match=r"'strange' in row 1 .*is no class") as caught:
        search.search_.final(X[~train], strange)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("scale", ["raw", "standard"])
def test_weights_count_in_the_scale_of_the_winner_alone(scale):
    """As `SoftmaxRegression` has it; `final` scales as the trials were."""
    weight = np.arange(150) % 5 + 1.0
    asked = {"optimizer": "newton", "scale": scale, "dtype": "float64"}
    search = GridSearch({"alpha": 0.1}, **asked).fit(X, Y, sample_weight=weight)
    alone = hpsoft.SoftmaxRegression(alpha=0.1, **asked).fit(X, Y, weight)
    assert (search.predict_proba(X) == alone.predict_proba(X)).all()
    found = hpsoft.load_model(search.search_.final(X, Y, sample_weight=weight).model)
    apart = np.abs(found.predict_proba(X) - search.predict_proba(X)).max()
    assert (apart > 1e-4) == (scale == "standard")


@pytest.mark.parametrize(
    ("validation", "n_splits"),
    [
        (0.2, 1),
        (4, 4),
        ("2x2", 4),
        (np.int64(2), 2),
        (FOLDS, 3),
        ("auto", 10),
        ((np.arange(0, 150, 2), np.arange(1, 150, 2)), 1),
    ],
)
def test_how_samples_are_divided(validation, n_splits):
    search = GridSearch({"alpha": 0.1}, optimizer="newton", validation=validation).fit(X, Y)
    assert search.n_splits_ == n_splits
    assert f"split{n_splits - 1}_test_score" in search.cv_results_


def test_groups_and_weights_are_honoured():
    """A sample of weight 0 is none; groups stay on one side."""
    weight = np.ones(150)
    weight[::3] = 0
    asked = {"optimizer": "newton", "dtype": "float64", "scale": "raw"}
    kept = weight > 0
    weighted = GridSearch({"alpha": 0.1}, **asked).fit(X, Y, sample_weight=weight)
    without = hpsoft.SoftmaxRegression(alpha=0.1, **asked).fit(X[kept], Y[kept])
    assert np.allclose(weighted.predict_proba(X), without.predict_proba(X), atol=1e-5)
    alphas = {"alpha": [0.01, 0.1]}
    by_weight = GridSearch(alphas, **asked).fit(X, Y, sample_weight=np.arange(150) % 3 + 1.0)
    same = {"space": alphas, "cv": "none", "val_fraction": 0.2, "progress": False, **asked}
    found = hpsoft.search(X, Y, sample_weight=np.arange(150) % 3 + 1.0, **same)
    assert by_weight.search_.records[1].value == found.records[1].value
    assert found.records[1].value != hpsoft.search(X, Y, **same).records[1].value
    grouped = GridSearch({"alpha": 0.1}, **asked).fit(X, Y, groups=np.arange(150) % 30)
    assert "groups" in grouped.search_.certificate.side


@pytest.mark.parametrize("metric", ["accuracy", "f1_macro", "balanced-accuracy", None])
def test_scores_are_the_metrics(metric):
    search = GridSearch(NEWTON, optimizer="newton", metric=metric).fit(X, Y)
    if metric is None:
        assert search.best_score_ < 0
        metric = "accuracy"
    name = metric.replace("-", "_")
    assert search.score(X, Y) == cross_val_score(search.best_estimator_, X, Y, scoring=name, cv=[(np.arange(150), np.arange(150))])[0]  # fmt: skip


@pytest.mark.parametrize(("n_jobs", "jobs"), [(1, 1), (np.int64(2), 2), (-1, None), (None, None)])
def test_so_many_processes_are_asked_for(n_jobs, jobs):
    search = GridSearch({"alpha": 0.1}, optimizer="newton", n_jobs=n_jobs).fit(X, Y)
    assert search.search_._ready.prepared.config.jobs == jobs


def test_top_5_of_many_classes():
    rng = np.random.default_rng(0)
    y = np.arange(120) % 8
    features = rng.normal(size=(120, 4)) + y[:, None] / 4
    search = GridSearch({"alpha": 0.1}, optimizer="newton", metric="top-5").fit(features, y)
    assert 0.6 < search.score(features, y) <= 1


def test_it_works_with_scikit_learns_tools():
    """In a pipeline, cloned, cross-validated, with names."""
    search = GridSearch({"alpha": [0.01, 0.1]}, optimizer="newton")
    pipeline = make_pipeline(StandardScaler(), clone(search))
    assert cross_val_score(pipeline, X, NAMES, cv=2).min() > 0.85
    frame = pd.DataFrame(X, columns=["a", "b", "c", "d"])
    search.fit(frame, Y)
    assert search.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    assert (search.predict(frame) == search.best_estimator_.predict(frame)).all()
    assert search.best_estimator_.model_.features == ("a", "b", "c", "d")
    assert search.get_params()["optimizer"] == "newton"


def test_without_refit_there_is_no_winner_to_predict_by():
    search = GridSearch({"alpha": [0.01, 0.1]}, optimizer="newton", refit=False).fit(X, Y)
    assert search.best_params_["alpha"] == 0.01
    assert not hasattr(search, "predict")
    with pytest.raises(AttributeError, match="predict"):
        search.predict(X)
    with pytest.raises(NotFittedError):
        GridSearch().predict(X)
    with pytest.raises(NotFittedError):
        _ = GridSearch().study_


def test_diverged_trials_rank_last():
    space = {"alpha": 0.01, "learning_rate": [0.1, 1e308], "batch_size": 16, "epochs": 2}
    search = GridSearch(space, sampler="random", trials=2, n_jobs=-1).fit(X, Y)
    order = np.argsort(search.cv_results_["param_learning_rate"])
    assert search.cv_results_["rank_test_score"][order].tolist() == [1, 2]
    assert np.isnan(search.cv_results_["mean_test_score"][order][1])
    assert ranks(np.array([1.0, 1.0, 0.5])).tolist() == [1, 1, 3]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"validation": None}, "validation takes a share"),
        ({"metric": "auc"}, "No metric 'auc'"),
        ({"space": {"alhpa": 1}}, "alpha"),
        ({"optimizer": "sdg"}, "Did you mean 'sgd'"),
    ],
)
def test_parameters_that_make_no_sense(options, told):
    with pytest.raises((ValueError, TypeError), match=told) as caught:
        GridSearch(**options).fit(X, Y)
    assert isinstance(caught.value, hpsoft.HpsoftError)


def test_one_class_cannot_be_searched():
    with pytest.raises(ValueError, match="one class only"):
        GridSearch().fit(X, Y * 0)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
# A check whose weights leave one class fits and predicts that, warned of the other: no error.
@pytest.mark.filterwarnings("default::hpsoft.DataWarning")
@parametrize_with_checks([GridSearch({"alpha": [0.01, 0.1]}, optimizer="newton", dtype="float64")])
@pytest.mark.slow
def test_it_keeps_scikit_learns_contract(estimator, check):
    check(estimator)
