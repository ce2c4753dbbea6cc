"""Every export of every kind of model, read back as its users would, against our own logits."""

import json
from pathlib import Path

import numpy as np
import pytest
from trained_models import COLUMNS, DATES, PLAIN, make_model

from hpsoft.errors import HpsoftError
from hpsoft.model.export import compare
from hpsoft.model.export.compare import gap, random_rows
from hpsoft.model.export.export import SUFFIXES, export_model
from hpsoft.model.export.sklearncolumns import random_table
from hpsoft.model.export.sklearnfile import estimator_of
from hpsoft.model.files import load, save
from hpsoft.softmax import softmax

MODELS = {
    "raw": {"scale": "raw"},
    "standard": {},
    "two classes": {"n_classes": 2, "scale": "unit"},
    "unit rows": {"scale": "l2-rows"},
    "columns": {"spans": [(0, 1), (3, 5)]},
    "columns, unit rows": {"spans": [(0, 1), (3, 5)], "scale": "l2-rows"},
    "calibrated": {"temperature": 2.5},
    "names": {"encoding": PLAIN},
    "table": {"encoding": COLUMNS, "temperature": 0.5},
    "table, two classes": {"encoding": COLUMNS, "n_classes": 2},
    "table, columns": {"encoding": COLUMNS, "spans": [(0, 1), (2, 5)]},
    "table, columns, unit rows": {
        "encoding": COLUMNS, "spans": [(1, 3), (4, 6)], "scale": "l2-rows"
    },
    "dates": {"encoding": DATES},
}  # fmt: skip


def unit(X):
    return X / np.linalg.norm(X, axis=1, keepdims=True)


def from_torch(path, model, X):
    """Return logits as nn.Linear computes them; rows are prepared as the export says."""
    from safetensors.numpy import load_file

    state = load_file(path)
    assert state["weight"].shape == (len(model.classes), model.n_features)
    if model.scale == "l2-rows":
        seen = slice(None) if model.columns is None else model.columns.index
        X = X.copy()
        X[:, seen] = unit(X[:, seen])
    return X.astype(state["weight"].dtype) @ state["weight"].T + state["bias"]


def from_onnx(path, model, X):
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (x,) = session.get_inputs()
    dtype = {"tensor(float)": np.float32, "tensor(double)": np.float64}[x.type]
    logits, p, index, label = session.run(None, {"X": X.astype(dtype)})
    np.testing.assert_allclose(p, softmax(logits.astype(float)), atol=1e-5)
    assert label.tolist() == [model.classes[k] for k in index]
    about = session.get_modelmeta().custom_metadata_map
    assert json.loads(about["classes"]) == list(model.classes)
    return logits


def from_hpsoft(path, _model, X):
    again = load(path)
    assert again.temperature == 1
    assert again.shift == 0
    assert again.divisor == 1
    return again.logits(X)


READERS = {
    "torch": from_torch,
    "onnx": from_onnx,
    "npz": from_hpsoft,
    "safetensors": from_hpsoft,
}


@pytest.fixture
def saved(tmp_path):
    def saved(**options):
        model = make_model(**options)
        path = tmp_path / "m.npz"
        save(model, path)
        return model, path

    return saved


@pytest.mark.parametrize("fmt", READERS)
@pytest.mark.parametrize("name", MODELS)
def test_an_export_computes_what_the_model_does(fmt, name, saved):
    model, path = saved(**MODELS[name])
    found = export_model(path, fmt)
    assert found.path.name == f"m{SUFFIXES[fmt]}"
    assert found.dtype == "float32"
    X = np.random.default_rng(5).normal(3, 5, (40, model.n_features))
    ours = model.logits(X) / model.temperature
    assert gap(READERS[fmt](found.path, model, X), ours) < 1e-4
    encoded = any("encoded to" in note for note in found.notes)
    assert encoded == (model.encoding in {COLUMNS, DATES})


@pytest.mark.filterwarnings("ignore:X does not have valid feature names:UserWarning")
@pytest.mark.parametrize("name", MODELS)
def test_scikit_learn(name, saved):
    """Columns of a table are taken as they are, wherever they hold no dates."""
    import skops.io

    model, path = saved(**MODELS[name])
    found = export_model(path, "sklearn")
    trusted = ["numpy.dtype"] if "trusted" in found.notes[0] else []
    made = skops.io.load(found.path, trusted=trusted)
    if model.encoding == COLUMNS:
        X, table = random_table(COLUMNS, 60, seed=3)
        ours = model.logits(np.asarray(COLUMNS.apply(table)))
    else:
        X = np.random.default_rng(5).normal(3, 5, (40, model.n_features))
        ours = model.logits(X)
    p = softmax(ours / model.temperature)
    np.testing.assert_allclose(made.predict_proba(X), p, atol=1e-9)
    assert made.predict(X).tolist() == [model.classes[k] for k in p.argmax(axis=1)]


def test_classes_that_are_whole_numbers_are_integers_for_scikit_learn(saved):
    model, _ = saved(classes=["-1", "2", "10"])
    assert estimator_of(model).classes_.tolist() == [-1, 2, 10]
    model, _ = saved(classes=["01", "1", "2"])
    assert estimator_of(model).classes_.tolist() == ["01", "1", "2"]


def test_names_of_features_go_with_it(saved):
    model, path = saved(encoding=PLAIN)
    assert estimator_of(model).feature_names_in_.tolist() == ["a", "b", "c"]
    found = export_model(path, "npz", path.with_name("x.npz"))
    with np.load(found.path) as file:
        assert file["features"].tolist() == ["a", "b", "c"]
        assert file["classes"].tolist() == list(model.classes)


@pytest.mark.parametrize("fmt", READERS)
def test_where_float32_loses_too_many_digits_weights_are_float64(fmt, tmp_path):
    """A feature of mean 1e7 and deviation 1."""
    model = make_model()
    model.shift[:] = 1e7
    save(model, tmp_path / "m.npz")
    found = export_model(tmp_path / "m.npz", fmt)
    assert found.dtype == "float64"
    assert any("float64" in note for note in found.notes)
    X = random_rows(model)
    assert gap(READERS[fmt](found.path, model, X), model.logits(X)) < 1e-5


@pytest.mark.parametrize("fmt", SUFFIXES)
def test_nothing_is_written_where_an_export_disagrees(fmt, tmp_path):
    """Whatever the reason: here features of mean 1e17 and deviation 1 lose all digits."""
    model, path = make_model(), tmp_path / "m.npz"
    model.shift[:] = 1e17
    save(model, path)
    with pytest.raises(HpsoftError, match=r"differ from the model's by .* nothing is written"):
        export_model(path, fmt)
    assert [file.name for file in path.parent.iterdir()] == ["m.npz"]


def test_a_gap_is_relative_to_the_largest_logit_of_a_row():
    ours = np.array([[1.0, -2.0], [4.0, 0.0]])
    assert gap(ours + np.array([[0.02, 0], [0, 0]]), ours) == pytest.approx(
        0.02 / 3
    )  # the mean of 2 and 4
    assert gap(ours[:1], ours) == np.inf
    assert np.isnan(gap(ours * np.nan, ours))
    assert gap(ours * 0, ours * 0) == 0
    with pytest.raises(compare.DisagreementError):
        compare.check_agreement(ours * np.nan, ours, "x")


@pytest.mark.parametrize(
    ("fmt", "out", "says"),
    [
        ("onxx", None, "No format 'onxx'.*Did you mean 'onnx'"),
        ("npz", "m.npz", "is the model itself"),
        ("torch", "a.pt", r"does not end in \.safetensors, as what is written does"),
        ("npz", "no/a.npz", "there is no folder"),
        ("npz", "", "is a folder"),
    ],
)
def test_bad_words(fmt, out, says, saved, monkeypatch):
    _, path = saved()
    out = None if out is None else path.parent / out
    with pytest.raises(HpsoftError, match=says):
        export_model(path, fmt, out)


def test_the_model_is_not_written_over_by_another_name(saved, monkeypatch):
    """A path from this folder, or a link to it, is the model as well."""
    _, path = saved()
    before = path.read_bytes()
    monkeypatch.chdir(path.parent)
    (path.parent / "link.npz").symlink_to(path)
    for out in (Path(path.name), Path("link.npz"), Path("..", path.parent.name, path.name)):
        with pytest.raises(HpsoftError, match="is the model itself"):
            export_model(path, "npz", out)
    with pytest.raises(HpsoftError, match="is the model itself"):
        export_model(Path("link.npz"), "npz", path)
    assert path.read_bytes() == before


def test_a_full_disk(saved, monkeypatch):
    _, path = saved()

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(HpsoftError, match="No space left on device"):
        export_model(path, "torch")


@pytest.mark.parametrize(
    ("name", "fmt", "extra"),
    [("onnx", "onnx", "onnx"), ("onnxruntime", "onnx", "onnx"), ("skops.io", "sklearn", "skops")],
)
def test_a_library_that_is_not_installed(name, fmt, extra, saved, monkeypatch):
    import sys

    _, path = saved()
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(HpsoftError, match=rf"takes {name}.*pip install 'hpsoft\[{extra}\]'"):
        export_model(path, fmt)


def test_what_onnxruntime_gives_is_looked_at(saved, monkeypatch):
    from onnxruntime import InferenceSession

    _, path = saved()
    real = InferenceSession.run

    def other(self, *given):
        logits, p, index, label = real(self, *given)
        return [logits, p, index, label[::-1]]

    monkeypatch.setattr(InferenceSession, "run", other)
    with pytest.raises(HpsoftError, match="other probabilities or classes"):
        export_model(path, "onnx")


def test_scikit_learn_that_predicts_otherwise(saved, monkeypatch):
    from sklearn.linear_model import LogisticRegression

    _, path = saved()
    monkeypatch.setattr(
        LogisticRegression, "predict", lambda self, X: np.repeat(self.classes_[:1], len(X))
    )
    with pytest.raises(HpsoftError, match="predicts other classes"):
        export_model(path, "sklearn")


@pytest.mark.torch
def test_torch_loads_the_state(saved):
    import torch
    from safetensors.torch import load_file

    model, path = saved()
    found = export_model(path, "torch")
    head = torch.nn.Linear(model.n_features, len(model.classes))
    head.load_state_dict(load_file(found.path))
    X = random_rows(model)
    with torch.no_grad():
        logits = head(torch.tensor(X, dtype=torch.float32)).numpy()
    assert gap(logits, model.logits(X)) < 1e-5


@pytest.mark.parametrize("frame", ["pandas", "polars"])
def test_scikit_learn_takes_frames_by_name(frame, saved):
    """In any order of the columns, and with others beside them; without a warning."""
    import importlib

    model, path = saved(encoding=COLUMNS)
    rows, table = random_table(COLUMNS, 20, seed=4)
    columns = {c.name: rows[:, i].tolist() for i, c in enumerate(COLUMNS.columns)}
    columns = {"id": list(range(20)), **dict(reversed(columns.items()))}
    export_model(path, "sklearn", path.with_name("a.skops"))
    made = skops_load(path.with_name("a.skops"))
    found = made.predict_proba(importlib.import_module(frame).DataFrame(columns))
    ours = softmax(model.logits(np.asarray(COLUMNS.apply(table))))
    np.testing.assert_allclose(found, ours, atol=1e-9)


def skops_load(path):
    import skops.io

    return skops.io.load(path, trusted=["numpy.dtype"])
