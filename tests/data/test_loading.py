"""One way in: names, paths, and data that does not fit together."""

import subprocess
import sys

import numpy as np
import pytest

from hpsoft.data import load
from hpsoft.errors import DataError

X = np.linspace(0, 1, 40).reshape(20, 2)
Y = np.arange(20) % 2


def save(path, **arrays):
    """Save arrays to an .npz file; return its path as text."""
    np.savez(path, **arrays)
    return str(path)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("fasion-mnist", "Did you mean 'fashion-mnist'"),
        ("nothing", "No data set 'nothing'. Known: .*A path .* will do as well"),
        ("no/such/folder", "There is no file or folder 'no/such/folder'"),
        ("none.txt", "There is no file or folder 'none.txt'"),
        ("none.npz", "There is no file or folder 'none.npz'"),
        ("none.npy", "There is no file or folder 'none.npy'"),
        ("a.npy,b.npy", "There is no file or folder 'a.npy'"),
        ("none.parquet", "There is no file or folder 'none.parquet'"),
    ],
)
def test_what_is_not_there(tmp_path, monkeypatch, spec, message):
    """Mistyped names get a suggestion, paths say that they lead nowhere."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=message):
        load(spec)


def test_other_formats(tmp_path):
    """A file of an unknown format is told which are known."""
    path = tmp_path / "a.xlsx"
    path.touch()
    with pytest.raises(
        DataError, match=r"no format that hpsoft reads: \.npz, \.npy, \.parquet, \.csv, \.tsv"
    ):
        load(str(path))


def test_home_is_expanded(tmp_path, monkeypatch):
    """~ stands for the home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    save(tmp_path / "a.npz", X=X, y=Y)
    assert load("~/a.npz").name == "a"


@pytest.mark.parametrize("spec", [None, "digits", "mnist", "a.npz"])
def test_target_is_for_tables(spec):
    """--target for data without named columns is refused, not ignored."""
    with pytest.raises(DataError, match="--target kind makes no sense"):
        load(spec, target="kind")


def test_scale_is_checked_before_anything_is_read():
    """A mistyped scale is the first error."""
    with pytest.raises(DataError, match=r"No scale 'unti'. .*Did you mean 'unit'"):
        load("no-such-data", scale="unti")


@pytest.mark.parametrize(
    ("array", "scale"),
    [
        (X, "standard"),
        (X.astype(np.float32).reshape(20, 1, 2), "standard"),
        (X.reshape(20, 2, 1, 1), "standard"),
        (np.repeat(X, 2, axis=1).reshape(20, 2, 2), "unit"),
        ((255 * X).astype(np.uint8), "standard"),
    ],
)
def test_default_scale(tmp_path, array, scale):
    """Images: unit; tables: standard. What the user says wins."""
    path = save(tmp_path / "a.npz", X=array, y=Y)
    assert load(path).training.scale == scale
    assert load(path, scale="raw").training.scale == "raw"


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"X": X, "y": Y[:19]}, "X has 20 rows, but there are 19 labels"),
        ({"X": X, "y": Y * 0}, "one class only"),
        ({"X": X[:0], "y": Y[:0]}, "is empty"),
        ({"X": X[:, 0], "y": Y}, r"X of .* has shape \(20,\)"),
        ({"X": np.where(X > 0.5, np.inf, X), "y": Y}, "inf at row 10, column 0"),
        ({"X": X.astype(str), "y": Y}, "not numbers"),
        ({"X": X[:2], "y": Y[:2]}, "no class has a sample to spare"),
        (
            {"x_train": X, "y_train": Y, "x_test": X[:, :1], "y_test": Y},
            "training part has 2 features and the test part 1",
        ),
        (
            {"x_train": X, "y_train": Y, "x_test": X[:3], "y_test": Y[:2]},
            "X has 3 rows, but there are 2 labels",
        ),
        ({"x_train": X, "y_train": Y, "x_test": X, "y_test": Y + 1}, "Class '2' .* absent"),
        ({"x_train": X, "y_train": Y, "x_test": X + np.inf, "y_test": Y}, "X of the test part"),
    ],
)
def test_data_that_cannot_be_learnt_from(tmp_path, arrays, message):
    """Every check names the file and what is wrong in one paragraph."""
    path = save(tmp_path / "a.npz", **arrays)
    with pytest.raises(DataError, match=message) as error:
        load(path)
    assert "a.npz" in str(error.value) or "to spare" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("fraction", [0, 1])
def test_test_fraction_outside_its_range(tmp_path, fraction):
    """Fractions that leave a part empty are refused."""
    with pytest.raises(DataError, match="must lie between 0 and 1"):
        load(save(tmp_path / "a.npz", X=X, y=Y), test_fraction=fraction)


def test_test_split_follows_the_seed(tmp_path):
    """The same seed gives the same test part, another seed another."""
    path = save(tmp_path / "a.npz", X=X, y=Y)
    np.testing.assert_array_equal(load(path, seed=3).test.X, load(path, seed=3).test.X)
    assert not np.array_equal(load(path, seed=3).test.X, load(path, seed=4).test.X)


def test_importing_costs_little():
    """Neither the package nor the embedded digits import a library that is slow to start."""
    heavy = "{'sklearn', 'scipy', 'pandas', 'pyarrow', 'pooch', 'requests', 'platformdirs'}"
    code = f"import sys, hpsoft.data as d; d.load('digits'); assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
