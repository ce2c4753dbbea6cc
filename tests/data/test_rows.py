"""Rows of a matrix: they read as a copy of them would, and are copied once."""

import numpy as np
import pytest

from hpsoft.data import Scaler, load, split
from hpsoft.data.rows import Rows
from hpsoft.data.types import TrainingData

X = np.arange(60, dtype=np.float32).reshape(20, 3)
INDEX = np.array([3, 5, 7, 11, 19])


@pytest.mark.parametrize("key", [2, slice(1, 4), np.array([4, 0, 0])])
def test_rows_read_as_their_copy(key):
    rows = Rows(X, INDEX)
    np.testing.assert_array_equal(rows[key], X[INDEX][key])
    np.testing.assert_array_equal(np.asarray(rows), X[INDEX])
    for name in ("shape", "dtype", "ndim", "itemsize", "size"):
        assert getattr(rows, name) == getattr(X[INDEX], name)
    assert len(rows) == 5


def test_rows_of_rows_are_rows_of_the_matrix():
    np.testing.assert_array_equal(np.asarray(Rows(X, INDEX).take(np.array([4, 1]))), X[[19, 5]])


def test_a_write_to_what_was_read_changes_no_data():
    rows = Rows(X, INDEX)
    rows[0:2][:] = -1
    np.asarray(rows)[:] = -1
    assert X.min() == 0


@pytest.mark.parametrize("kind", ["raw", "unit", "standard"])
def test_a_split_of_a_mapped_file_is_scaled_as_its_copy(tmp_path, kind):
    rng = np.random.default_rng(0)
    np.save(tmp_path / "X.npy", rng.normal(size=(90, 4)))
    np.save(tmp_path / "y.npy", np.arange(90) % 3)
    dataset = load(str(tmp_path / "X.npy"), scale=kind)
    parts = split(dataset.training, 0.2, 0)
    assert isinstance(parts.train.X, Rows)
    copy = np.asarray(parts.train.X)
    scaler = Scaler.fit(kind, parts.train.X)
    for name, array in Scaler.fit(kind, copy).arrays().items():
        np.testing.assert_array_equal(scaler.arrays()[name], array)
    scaled = scaler.apply(parts.train.X, np.float64)
    assert isinstance(scaled, np.ndarray)
    np.testing.assert_array_equal(scaled, scaler.apply(copy, np.float64))


def test_the_training_part_hands_out_no_row_of_the_test_part(tmp_path):
    np.save(tmp_path / "X.npy", np.arange(100.0)[:, None])
    np.save(tmp_path / "y.npy", np.arange(100) % 2)
    dataset = load(str(tmp_path / "X.npy"))
    assert isinstance(dataset.training, TrainingData)
    seen = set(np.asarray(dataset.training.samples.X).ravel())
    assert len(seen) == 80
    assert seen.isdisjoint(np.asarray(dataset.test.X).ravel())
    with pytest.raises(IndexError):
        dataset.training.samples.X[80]
