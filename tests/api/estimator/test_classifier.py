"""The classifier as it is used: in pipelines, searches and with data frames; what it says."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import hpsoft
from hpsoft import HpsoftError, SoftmaxRegression
from hpsoft.softmax.l2 import from_sklearn

X, Y = load_iris(return_X_y=True)
NAMES = ["sepal length", "sepal width", "petal length", "petal width"]
SPECIES = np.array(["setosa", "versicolor", "virginica"])[Y]
FEW = {"epochs": 20}


def few(**options):
    return SoftmaxRegression(**FEW | options)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"alpha": 0.1, "averaging": 0},
        {"class_weight": "balanced"},
        {"class_weight": 0.5},
        {"class_weight": {0: 3, 2: 0.5}},
        {"scale": "unit"},
        {"scale": "raw", "batch_size": 16},
        {"scale": "l2-rows"},
        {"dtype": "float32"},
        {"dtype": np.float32, "random_state": None},
        {"optimizer": "newton", "epochs": "auto"},
    ],
    ids=str,
)
def test_it_learns_and_is_coherent(options):
    """Probabilities sum to one in float64, and classes, logits and coefficients agree."""
    model = few(**options).fit(X, Y)
    probabilities, logits = model.predict_proba(X), model.decision_function(X)
    assert probabilities.dtype == logits.dtype == np.float64
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=0, atol=1e-15)
    np.testing.assert_allclose(np.exp(model.predict_log_proba(X)), probabilities, rtol=1e-12)
    rows = X / np.linalg.norm(X, axis=1)[:, None] if model.scale == "l2-rows" else X
    np.testing.assert_allclose(rows @ model.coef_.T + model.intercept_, logits, atol=1e-9)
    assert (model.predict(X) == logits.argmax(axis=1)).all()
    assert model.score(X, Y) > (0.6 if model.scale in {"unit", "l2-rows"} else 0.8)
    assert (model.coef_.shape, model.intercept_.shape) == ((3, 4), (3,))
    assert model.n_iter_ == model.params_.get("epochs", 30)


def test_two_classes_have_one_vector():
    two = Y > 0
    model = few().fit(X, two)
    assert (model.coef_.shape, model.intercept_.shape) == ((1, 4), (1,))
    logits = model.decision_function(X)
    np.testing.assert_allclose(X @ model.coef_[0] + model.intercept_, logits, atol=1e-9)
    np.testing.assert_allclose(model.predict_proba(X)[:, 1], 1 / (1 + np.exp(-logits)))
    assert model.classes_.tolist() == [False, True]
    assert (model.predict(X) == (logits > 0)).all()


@pytest.mark.parametrize("n_classes", [2, 3])
def test_the_exact_optimum_is_that_of_logistic_regression(n_classes):
    """alpha is that of C = 1 by default, also where samples have weights."""
    weight, some = np.random.default_rng(0).integers(0, 4, len(Y)), n_classes > Y
    data, labels, weight = StandardScaler().fit_transform(X[some]), Y[some], weight[some]
    ours = SoftmaxRegression(optimizer="newton", scale="raw").fit(data, labels, weight)
    theirs = LogisticRegression(tol=1e-9, max_iter=2000).fit(data, labels, weight)
    np.testing.assert_allclose(ours.predict_proba(data), theirs.predict_proba(data), atol=1e-6)
    assert ours.converged_
    assert ours.params_["alpha"] == from_sklearn(1, weight.sum(), n_classes)
    assert ours.l2_as("sklearn-C") == pytest.approx(1)
    assert ours.l2_as("sklearn-C", n_samples=2 * weight.sum()) == pytest.approx(0.5)


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def test_frames_give_names_and_the_same_model(frame):
    named = frame(dict(zip(NAMES, X.T, strict=True)))
    labels = {pd.DataFrame: pd.Series, pl.DataFrame: pl.Series}[frame](SPECIES)
    model = few().fit(named, labels)
    assert model.feature_names_in_.tolist() == NAMES
    assert model.classes_.tolist() == ["setosa", "versicolor", "virginica"]
    probabilities = few().fit(X, Y).predict_proba(X)
    np.testing.assert_allclose(model.predict_proba(named), probabilities, rtol=1e-9)
    assert set(model.predict(named)) == set(SPECIES)
    assert model.score(named, labels) > 0.9
    with pytest.raises(ValueError, match="feature names"):
        model.predict(named[NAMES[::-1]])


def test_pipelines_hand_it_frames():
    pipeline = make_pipeline(StandardScaler(), few(scale="raw")).set_output(transform="pandas")
    pipeline.fit(pd.DataFrame(X, columns=NAMES), SPECIES)
    assert pipeline[-1].feature_names_in_.tolist() == NAMES
    assert cross_val_score(pipeline, X, SPECIES, cv=3).mean() > 0.85


def test_a_search_varies_any_hyperparameter_of_the_optimizer():
    search = GridSearchCV(few(), {"averaging": [0, 1], "alpha": [1e-3, 1e3]}, cv=3).fit(X, Y)
    assert search.best_params_["alpha"] == 1e-3
    assert "averaging" in search.best_estimator_.get_params()


def test_parameters_are_kept_cloned_and_shown():
    model = few(averaging=0, optimizer="sgd")
    assert model.get_params()["averaging"] == 0
    assert clone(model).get_params() == model.get_params()
    assert repr(model) == "SoftmaxRegression(averaging=0, epochs=20)"
    assert model.set_params(averaging=1, alpha=2.0) is model
    assert (model.averaging, model.alpha) == (1, 2.0)
    assert few().set_params(optimizer="newton", damping=1.0, epochs="auto").damping == 1.0
    assert "averaging" not in few().get_params()
    assert "averaging" in model._repr_html_()
    assert "averaging" not in few()._repr_html_()


def test_a_hyperparameter_that_is_set_as_an_attribute_is_fitted_by():
    """Whether it was given before or not; other attributes are what they are."""
    model = few(averaging=0)
    model.averaging = 1
    assert model.get_params()["averaging"] == model.averaging == 1
    later = few()
    later.averaging, later.note = 0, "mine"
    assert later.get_params()["averaging"] == 0
    assert "note" not in later.get_params()
    assert later.note == "mine"
    later.optimizer = 3  # which `fit` tells
    later.remark = 1
    assert later.remark == 1
    later.optimizer = "sgd"
    assert later.fit(X, Y).params_["averaging"] == 0
    assert model.fit(X, Y).params_["averaging"] == 1


@pytest.mark.parametrize("options", [{"averagin": 1}, {"optimizer": "none", "damping": 1}])
def test_a_parameter_that_nobody_has_is_told(options):
    with pytest.raises(ValueError, match=r"No parameter '(averagin|damping)'"):
        few().set_params(**options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alpha": -1}, "alpha = -1 is outside its domain"),
        ({"alpha": "much"}, "alpha takes numbers, not 'much'"),
        ({"learning_rate": 0}, "domain > 0"),
        ({"epochs": 1.5}, "whole"),
        ({"optimizer": "sdg"}, "No optimizer 'sdg'.*Did you mean 'sgd'"),
        ({"averagin": 1}, "No hyperparameter.*'averagin'.*Did you mean 'averaging'"),
        ({"optimizer": "newton"}, "No hyperparameter.*'epochs'"),
        ({"scale": "robust"}, "No scale 'robust'"),
        ({"class_weight": "balance"}, "No value of class_weight 'balance'"),
        ({"class_weight": 2.0}, "class_weight = 2.0 is outside"),
        ({"class_weight": {7: 1}}, "class_weight names class 7, which y has not"),
        ({"class_weight": {0: -1}}, "class_weight of class 0 is -1"),
        ({"class_weight": {0: "a"}}, "class_weight of class 0 is 'a'"),
        ({"class_weight": {0: 0, 1: 0, 2: 0}}, "All weights of class_weight are zero"),
        ({"dtype": "float16"}, "No dtype 'float16'"),
        ({"dtype": "double precision"}, "No dtype 'double precision'"),
        ({"dtype": None}, "No dtype 'None'"),
        ({"learning_rate": 1e308, "dtype": "float32"}, "diverges with .*learning_rate=1e\\+308"),
        ({"random_state": "x"}, "random_state takes a whole number .* not 'x'"),
        ({"random_state": -1}, "random_state takes .* not -1"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_a_value_error(options, message):
    with pytest.raises(ValueError, match=message) as caught:
        few(**options).fit(X, Y)
    assert isinstance(caught.value, HpsoftError)


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        (np.ones(3), r"shape \(3,\), and X has 150"),
        (np.full(150, -1.0), r"sample_weight\[0\] is -1.0; 150 of 150"),
        (["a"] * 150, "a number a sample"),
        (np.zeros(150), "All weights of sample_weight are zero"),
        (np.where(np.arange(150) == 3, np.nan, 1), r"sample_weight\[3\] is nan"),
    ],
)
def test_weights_that_are_none_are_told(weight, message):
    with pytest.raises(ValueError, match=message) as caught:
        few().fit(X, Y, weight)
    assert isinstance(caught.value, HpsoftError)


def test_one_weight_for_all_is_none():
    ours = few().fit(X, Y, 2).predict_proba(X)
    np.testing.assert_allclose(ours, few(alpha=1 / 300).fit(X, Y).predict_proba(X), rtol=1e-9)


def test_features_beyond_the_range_are_told():
    with pytest.raises(ValueError, match="too large for float32"):
        few(scale="raw").fit((X * 1e18).astype(np.float32), Y)


def test_bytes_are_trained_on_as_they_are():
    """Without scaling nothing is converted as a whole; the model is that of the same numbers."""
    pixels = (X * 20).astype(np.uint8)
    ours = few(scale="raw").fit(pixels, Y)
    theirs = few(scale="raw").fit(pixels.astype(float), Y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-9)


def test_an_optimum_that_is_not_reached_is_warned_of():
    from sklearn.exceptions import ConvergenceWarning

    with pytest.warns(ConvergenceWarning, match="newton stopped after 1 passes"):
        model = SoftmaxRegression(optimizer="newton", iterations=1).fit(X, Y)
    assert model.converged_ is False


def test_strengths_of_l2_in_other_units():
    model = few(alpha=0.5).fit(X, Y)
    assert model.l2_as("sklearn-C", n_samples=10) == pytest.approx(0.2)
    assert model.l2_as("glmnet-lambda") == 0.5
    with pytest.raises(ValueError, match="Did you mean 'sklearn-C'"):
        model.l2_as("sklearn-c")
    with pytest.raises(ValueError, match="n_samples takes numbers above 0, not 0"):
        model.l2_as("sklearn-C", n_samples=0)


def test_a_fitted_one_is_pickled_by_whoever_wants_to():
    """scikit-learn's contract; hpsoft itself reads no pickle."""
    model = few(averaging=0).fit(X, SPECIES)
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))
    assert again.get_params() == model.get_params()


def test_names_of_the_package_are_the_classes_themselves():
    assert hpsoft.SoftmaxRegression.__name__ == "SoftmaxRegression"
    assert hpsoft.load_model.__module__.startswith("hpsoft.api")
