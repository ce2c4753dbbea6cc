"""Data and parameters that make no sense: errors of hpsoft's, and of the kinds of Python's."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.exceptions import NotFittedError

import hpsoft
from hpsoft import GridSearch, HpsoftError, SoftmaxRegression

X = np.random.default_rng(0).normal(size=(12, 3))
Y = np.arange(12) % 3


def worded(*words):
    return np.array(words * (12 // len(words)), dtype=object)


FAULTS = {
    "nan": (np.where(X > 1, np.nan, X), Y, ValueError, "contains NaN"),
    "infinite": (np.where(X > 1, np.inf, X), Y, ValueError, "infinity"),
    "lengths": (X, Y[:5], ValueError, r"\[12, 5\]"),
    "one axis": (X[:, 0], Y, ValueError, "Reshape your data"),
    "three axes": (X[:, :, None], Y, ValueError, "dim 3"),
    "empty": (X[:0], Y[:0], ValueError, r"0 sample\(s\)"),
    "complex": (X + 1j, Y, ValueError, "Complex data"),
    "text": (X.astype(str).astype(object) + "a", Y, ValueError, "could not convert string"),
    "sparse": (sparse.csr_array(X), Y, TypeError, "Sparse data"),
    "one-hot": (X, np.eye(3)[Y], ValueError, "1d array"),
    "continuous": (X, X[:, 0], ValueError, "continuous"),
    "no y": (X, None, ValueError, "requires y"),
    "None": (X, worded("a", None, "b"), ValueError, "None in row 2 .*4 of 12 are so.*Leave"),
    "mixed": (X, worded("a", 1, "b"), ValueError, "texts and other labels, 1 for one; 4 of 12"),
}


@pytest.mark.parametrize("estimator", [SoftmaxRegression(), GridSearch({})], ids=["one", "grid"])
@pytest.mark.parametrize("name", FAULTS)
def test_of_data(name, estimator):
    X, y, kind, told = FAULTS[name]
    with pytest.raises(kind, match=f"(?s){told}") as caught:
        estimator.fit(X, y)
    assert isinstance(caught.value, HpsoftError)


def test_of_what_is_predicted():
    model = SoftmaxRegression(epochs=1).fit(X, Y)
    with pytest.raises(ValueError, match=r"3 features") as caught:
        model.predict(X[:, :2])
    assert isinstance(caught.value, HpsoftError)
    with pytest.raises(NotFittedError):
        SoftmaxRegression().predict(X)


def test_of_a_path(tmp_path):
    model = SoftmaxRegression(epochs=1).fit(X, Y)
    calls = {
        "There is no file": lambda: hpsoft.load_model(tmp_path / "nix.safetensors"),
        "does not end in .safetensors or .npz": lambda: model.save(tmp_path / "x.pkl"),
        "there is no folder": lambda: model.save(tmp_path / "nix" / "x.npz"),
    }
    for told, call in calls.items():
        with pytest.raises(ValueError, match=told) as caught:
            call()
        assert isinstance(caught.value, HpsoftError)
    assert not list(tmp_path.iterdir())


def test_a_path_that_cannot_be_written_is_called_as_save_calls_it(tmp_path, monkeypatch):
    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(ValueError, match=r"Permission denied\. Choose another path"):
        SoftmaxRegression(epochs=1).fit(X, Y).save(tmp_path / "x.npz")


def test_strengths_say_which_number_is_wrong():
    model = SoftmaxRegression(alpha=0.1, epochs=1)
    assert model.l2_as("sklearn-C", n_samples=100, n_classes=3) == pytest.approx(0.1)
    assert model.l2_as("sklearn-C", n_samples=100, n_classes=2) == pytest.approx(0.2)
    with pytest.raises(ValueError, match="Say n_classes as well"):
        model.l2_as("sklearn-C", n_samples=100)
    with pytest.raises(ValueError, match="n_classes takes numbers above 1, not 1"):
        model.l2_as("sklearn-C", n_samples=100, n_classes=1)
    with pytest.raises(NotFittedError):
        SoftmaxRegression().l2_as("sklearn-C", n_samples=100, n_classes=3)
    with pytest.raises(ValueError, match="n_samples takes numbers above 0, not -3") as caught:
        model.fit(X, Y).l2_as("sklearn-C", n_samples=-3)
    assert isinstance(caught.value, HpsoftError)
    assert model.l2_as("sklearn-C", n_samples=100) == pytest.approx(0.1)


def test_a_grid_calls_options_as_it_does():
    for told, options in {
        "validation takes a number of folds": {"validation": "x"},
        "validation takes a number of folds, a splitter": {"validation": (1, 2, 3)},
        "validation has no folds": {"validation": []},
        "n_jobs takes": {"n_jobs": 0},
        "storage takes a path": {"storage": 3},
        "folder .*nix does not exist": {"storage": "/nix/gs.journal"},
        "kind of storage": {"storage": "x.txt"},
    }.items():
        with pytest.raises((ValueError, TypeError), match=told) as caught:
            GridSearch({}, optimizer="newton", **options).fit(X, Y)
        assert isinstance(caught.value, HpsoftError)
        assert "--" not in str(caught.value)
