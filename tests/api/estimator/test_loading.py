"""`load_model`: what `hpsoft final` saves is the estimator that the same values fit."""

import doctest
import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from fake_plugins import having, install
from readmes import READMES
from sklearn.base import clone
from sklearn.metrics import get_scorer
from small_search import SmallSearch, write_data
from typer.testing import CliRunner

import hpsoft
from hpsoft import HpsoftError, SoftmaxRegression, load_model
from hpsoft.api.estimator import classifier as classifier_module
from hpsoft.api.estimator import loading as loading_module
from hpsoft.api.estimator.loading import estimator_of
from hpsoft.assess.final import FinalConfig, retrain_winner
from hpsoft.cli.app import app
from hpsoft.data import load
from hpsoft.model.export.export import export_model
from hpsoft.model.files import load as load_trained
from hpsoft.model.strengths import strengths_of
from hpsoft.report.model.final import strengths_lines
from hpsoft.softmax import l2 as l2_module
from hpsoft.system.steps import to_the_end


@pytest.fixture(scope="module")
def final(tmp_path_factory):
    """The model of a small search, the estimator's data, and where the model lies."""
    folder = tmp_path_factory.mktemp("final")
    small = SmallSearch(folder, write_data(folder))
    small.run(settings=("epochs=3", "batch_size=7", "learning_rate=0.5", "alpha=0.01"))
    path = folder / "m.safetensors"
    config = FinalConfig(study="s", storage=str(folder / "s.journal"), model_out=path)
    result = to_the_end(retrain_winner(config))
    dataset = load(str(small.data))
    labels = np.array(dataset.classes)[dataset.training.samples.labels]
    return result, dataset, np.asarray(dataset.training.samples.X), labels, path


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_it_is_what_final_trains(final, dtype):
    """The same values, order of samples and scaling: the same weights, bit for bit."""
    result, dataset, X, labels, path = final
    values = {**result.params, "scale": dataset.training.scale, "random_state": 0}
    model = SoftmaxRegression(**values, dtype=dtype).fit(X, labels)
    saved = load_trained(path)
    exact = dtype == "float64"  # as the study was
    np.testing.assert_allclose(model.model_.weights, saved.weights, rtol=0 if exact else 1e-4)
    np.testing.assert_allclose(model.model_.bias, saved.bias, rtol=0 if exact else 1e-4)
    assert model.model_.weights.dtype == dtype


def test_a_model_is_a_fitted_estimator(final):
    result, dataset, X, labels, path = final
    model = load_model(path)
    test = np.asarray(dataset.test.X)
    names = np.array(dataset.classes)
    assert model.classes_.tolist() == names.tolist()
    assert model.score(test, names[dataset.test.labels]) == result.test.accuracy
    expected = load_trained(path).logits(test)
    np.testing.assert_array_equal(model.decision_function(test), expected)
    assert (model.n_features_in_, model.alpha, model.epochs) == (6, 0.01, 3)
    again = clone(model).fit(X, labels)
    np.testing.assert_array_equal(again.coef_, model.coef_)
    with pytest.raises(ValueError, match="6 features"):
        model.predict(test[:, :3])


def test_an_estimator_is_saved_and_loaded(tmp_path):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 3)), np.arange(30) % 3 * 5
    model = SoftmaxRegression(epochs=5, averaging=0).fit(X, y)
    for name in ("m.npz", "m.safetensors"):
        model.save(tmp_path / name)
        again = load_model(str(tmp_path / name))
        np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))
        assert again.classes_.tolist() == [0, 5, 10]
        assert again.predict(X).dtype.kind == "i"
        assert again.params_ == model.params_
        assert again.l2_as("sklearn-C") == model.l2_as("sklearn-C") == pytest.approx(1)


def test_names_of_features_columns_and_temperature_are_kept(final):
    """A model of some columns takes all, with names; a temperature divides its logits."""
    _, dataset, X, _, path = final
    whole = load_trained(path)
    kept = {
        **whole.metadata,
        "columns": [[1, 3], [4, 5]],
        "n_features": 6,
        "features": list("abcdef"),
        "temperature": 2.0,
    }
    some = replace(whole, weights=whole.weights[:3], metadata=kept)
    model = estimator_of(some)
    assert model.feature_names_in_.tolist() == list("abcdef")
    assert model.n_features_in_ == 6
    with pytest.warns(UserWarning, match="feature names"):
        logits = model.decision_function(X)
    np.testing.assert_allclose(
        logits,
        X[:, [1, 2, 4]] / 255 @ whole.weights[:3] / 2 + whole.bias / 2
        if dataset.training.scale == "unit"
        else some.logits(X) / 2,
    )
    np.testing.assert_allclose(X @ model.coef_.T + model.intercept_, logits, atol=1e-12)
    assert not model.coef_[:, [0, 3, 5]].any()


KINDS = {
    "texts that are numbers": ["10", "2", "1"],
    "texts": np.array(["b", "c", "a"], object),
    "numbers": [1, 10, 2],
    "huge numbers": np.array([1, 2**64 - 1, 2], np.uint64),
    "floats": [0.0, 10.0, 2.0],
    "truths": [False, True, True],
}


@pytest.mark.parametrize("name", KINDS)
def test_labels_of_every_kind_are_the_same_ones_again(name, tmp_path):
    """And ascend: a scorer of probabilities finds the columns that it takes for each class."""
    y = np.array(KINDS[name])[np.arange(30) % 3]
    X = np.random.default_rng(0).normal(size=(30, 3)) + (np.arange(30) % 3)[:, None]
    model = SoftmaxRegression(epochs=5).fit(X, y)
    model.save(tmp_path / "m.npz")
    again = load_model(tmp_path / "m.npz")
    assert again.classes_.tolist() == model.classes_.tolist()
    assert again.score(X, y) == model.score(X, y)
    cost = get_scorer("neg_log_loss")
    assert cost(again, X, y) == cost(model, X, y)
    asked = {"optimizer": "newton", "space": {"alpha": 0.1}, "cv": "none", "progress": False}
    found = load_model(hpsoft.search(X[:24], y[:24], **asked).final(X[24:], y[24:]).model)
    assert found.classes_.tolist() == model.classes_.tolist()
    ours = -np.log(found.predict_proba(X)[np.arange(30), np.searchsorted(found.classes_, y)])
    assert cost(found, X, y) == pytest.approx(-ours.mean())
    assert found.score(X, y) > 0.4


def test_names_of_features_find_their_columns(tmp_path):
    """By the command line too, in whatever order they come; no name comes twice."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(60, 3)), columns=["a", "b", "c"])
    y = np.where(frame.b > 0, "up", "down")
    SoftmaxRegression(epochs=5).fit(frame, y).save(tmp_path / "m.npz")
    assert load_model(tmp_path / "m.npz").feature_names_in_.tolist() == ["a", "b", "c"]
    frame[["c", "b", "a"]].assign(label=y).to_csv(tmp_path / "d.csv", index=False)
    asked = ["predict", str(tmp_path / "m.npz"), str(tmp_path / "d.csv"), "--json"]
    run = CliRunner().invoke(app, asked)
    assert json.loads(run.stdout)["test"]["accuracy"] > 0.9
    frame.assign(label=y, more=1).to_csv(tmp_path / "d.csv", index=False)
    run = CliRunner().invoke(app, [*asked, "-q"])
    assert run.exit_code == 2
    assert "a column that the model does not know: 'more'" in " ".join(run.stderr.split())
    twice = frame.set_axis(["a", "b", "a"], axis=1)
    for estimator in (SoftmaxRegression(), hpsoft.GridSearch()):
        with pytest.raises(ValueError, match="X has 2 columns called 'a'") as caught:
            estimator.fit(twice, y)
        assert isinstance(caught.value, HpsoftError)


@pytest.mark.parametrize("scale", ["standard", "unit"])
def test_weights_of_classes_and_scale_are_those_of_the_fit(scale, tmp_path):
    """Of an export with the scale in its weights too: a clone fits the like anew."""
    rng = np.random.default_rng(0)
    X, y = 10 * rng.normal(size=(40, 3)), np.array([7, 8, 9, 7])[np.arange(40) % 4]
    weights = {7: 3, 9: 0.5}
    model = SoftmaxRegression(epochs=5, class_weight=weights, scale=scale).fit(X, y)
    model.save(tmp_path / "m.npz")
    export_model(tmp_path / "m.npz", "npz", tmp_path / "folded.npz")
    for name in ("m.npz", "folded.npz"):
        again = load_model(tmp_path / name)
        assert again.class_weight == weights
        np.testing.assert_allclose(clone(again).fit(X, y).coef_, model.coef_, rtol=1e-4)


def test_what_is_no_model_is_told(tmp_path):
    with pytest.raises(HpsoftError, match="There is no file"):
        load_model(tmp_path / "none.npz")
    (tmp_path / "m.npz").write_bytes(b"no model")
    with pytest.raises(HpsoftError, match="no model that hpsoft can read"):
        hpsoft.load_model(tmp_path / "m.npz")


def test_strengths_are_told_as_far_as_they_are_known(final):
    """None of models that do not say for how many samples, or of an optimizer that has gone."""
    result, *_, path = final
    model = load_trained(path)
    assert {one.unit: one.value for one in result.strengths}["sklearn-C"] == pytest.approx(
        1 / (0.01 * result.n_train)
    )
    assert "of scikit-learn" in strengths_lines(result.strengths)[0]
    old = {name: value for name, value in model.metadata.items() if name != "n_train"}
    assert strengths_of(replace(model, metadata=old)) == ()
    assert strengths_lines(()) == []
    with pytest.raises(ValueError, match="Say n_samples as well"):
        estimator_of(replace(model, metadata=old)).l2_as("sklearn-C")
    without = {**model.metadata, "params": {"epochs": 3}}
    with pytest.raises(ValueError, match="no alpha"):
        estimator_of(replace(model, metadata=without)).l2_as("sklearn-C")
    gone = {**model.metadata, "optimizer": "gone"}
    assert strengths_of(replace(model, metadata=gone)) == ()


def test_a_decoupled_alpha_is_no_l2(final, tmp_path, monkeypatch):
    install(tmp_path, "x-decoupled", "decoupled", having("decoupled = True"))
    monkeypatch.syspath_prepend(tmp_path)
    model = load_trained(final[-1])
    model = replace(model, metadata={**model.metadata, "optimizer": "decoupled"})
    assert strengths_lines(strengths_of(model)) == [
        "alpha elsewhere: weight_decay 0.01 of PyTorch's AdamW"
    ]
    with pytest.raises(ValueError, match="No sklearn-C leads to the same model: decoupled takes"):
        estimator_of(model).l2_as("sklearn-C")
    assert estimator_of(model).l2_as("pytorch-decoupled-weight-decay") == 0.01


def test_the_readme_does_what_it_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(
        r"^```python\n(.*?)^```",
        READMES["hpsoft/api/estimator/README.md"],
        re.DOTALL | re.MULTILINE,
    )
    exec(block, {})
    score, strength, *_ = capsys.readouterr().out.splitlines()
    assert float(score) > 0.95
    assert float(strength) == pytest.approx(1 / (1e-3 * 150))


@pytest.mark.parametrize("module", [classifier_module, loading_module, l2_module])
def test_examples_of_docstrings(module):
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed
