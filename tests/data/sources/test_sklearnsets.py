"""Digits and OpenML."""

import importlib.util
from types import SimpleNamespace
from urllib.error import URLError

import numpy as np
import pytest
import sklearn.datasets
from scipy.sparse import csr_array

from hpsoft.data import fetch, load
from hpsoft.data.encoding.policy import Policy
from hpsoft.data.sources.sklearnsets import read_digits, read_openml
from hpsoft.errors import DataError


def test_digits_are_scikit_learns(monkeypatch):
    """Read directly or through scikit-learn, they are the same arrays."""
    direct = read_digits()
    X, labels = sklearn.datasets.load_digits(return_X_y=True)
    np.testing.assert_array_equal(direct.X, X)
    np.testing.assert_array_equal(direct.labels, labels)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    imported = read_digits()
    np.testing.assert_array_equal(imported.X, direct.X)
    np.testing.assert_array_equal(imported.labels, direct.labels)


def test_digits_as_a_data_set():
    """Bytes, ten classes, a fifth held out for the test, scaled to unit."""
    data = load("digits")
    assert (len(data.training.samples), len(data.test)) == (1437, 360)
    assert data.training.samples.X.dtype == np.uint8
    assert data.classes == tuple("0123456789")
    assert (data.training.scale, data.source) == ("unit", "embedded in scikit-learn")


@pytest.fixture
def openml(monkeypatch):
    """Replace scikit-learn's fetch_openml; return what it was asked and what it answers."""
    state = SimpleNamespace(asked=None, error=None)
    state.bunch = SimpleNamespace(
        data=np.arange(20.0).reshape(10, 2) / 3,
        target=np.array(["x", "y"] * 5, dtype=object),
        feature_names=["a", "b"],
        categories={"class": ["x", "y"]},
    )

    def fetch_openml(**kwargs):
        state.asked = kwargs
        if state.error:
            raise state.error
        return state.bunch

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", fetch_openml)
    return state


@pytest.mark.parametrize(
    ("spec", "asked"), [("openml:iris", {"name": "iris"}), ("openml:61", {"data_id": 61})]
)
def test_openml_by_name_or_id(openml, spec, asked):
    """A number is an id, all else a name."""
    data = load(spec)
    assert asked.items() <= openml.asked.items()
    assert openml.asked["target_column"] == "default-target"
    assert (data.name, data.classes, data.training.scale) == (spec, ("x", "y"), "standard")
    assert fetch(spec) == ()


def test_openml_target(openml):
    """--target is handed on."""
    load("openml:iris", target="kind")
    assert openml.asked["target_column"] == "kind"


def test_openml_sparse(openml):
    """Sparse data is made dense."""
    openml.bunch.data = csr_array(openml.bunch.data)
    assert load("openml:iris").training.samples.X.shape == (8, 2)


def test_openml_categories(openml):
    """Categories come as numbers of their names; a missing one as NaN."""
    openml.bunch.categories["b"] = ["red", "green"]
    openml.bunch.data[:, 1] = [0, 1, 1, 0, 1] * 2
    data = load("openml:iris")
    assert data.features == ("a", "b=green", "b=red")
    openml.bunch.data[3, 1] = np.nan
    with pytest.raises(DataError, match=r"1 value is missing in 1 column of OpenML, iris.*'b' 1"):
        load("openml:iris")
    assert load("openml:iris", policy=Policy("drop-rows")).features == data.features


def test_openml_without_categories(openml):
    """Numbers have names as well, and are not copied."""
    source = read_openml("openml:iris")
    assert source.X is openml.bunch.data
    assert load("openml:iris").features == ("a", "b")


def test_openml_without_target(openml):
    """A data set without default labels asks for --target."""
    openml.bunch.target = None
    with pytest.raises(DataError, match="Choose one with --target"):
        load("openml:iris")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (URLError("no route"), "no route"),
        (ValueError("Dataset iriss not found."), "Dataset iriss not found"),
        (KeyError("knd"), "knd"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_openml_failures(openml, error, reason):
    """Whatever scikit-learn raises becomes one paragraph."""
    openml.error = error
    with pytest.raises(DataError, match=f"cannot be fetched: .*{reason}"):
        load("openml:iris")


def test_openml_needs_a_name():
    """openml: alone names nothing."""
    with pytest.raises(DataError, match="openml:mnist_784"):
        load("openml:")


def test_openml_offline(monkeypatch, tmp_path):
    """A real call that cannot connect gives a DataError, and no warning before it."""
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nothing listens there
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))
    with pytest.raises(
        DataError, match=r"'no-such-set' cannot be fetched: .*Check its name or id"
    ):
        load("openml:no-such-set")
