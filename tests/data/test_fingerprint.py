"""The fingerprint follows content, wherever it is stored and whatever it is called."""

import csv
import os
import shutil

import numpy as np
import pytest

from hpsoft.data import load, matrix

RNG = np.random.default_rng(1)
X = RNG.integers(0, 256, (40, 2, 3), np.uint8)
Y = np.arange(40, dtype=np.uint8) % 10
CONTENT = {"x_train": X, "y_train": Y, "x_test": X[:10], "y_test": Y[:10]}


def of(path, **content):
    """Return the fingerprint of arrays saved to an .npz file."""
    np.savez(path, **(CONTENT | content))
    return load(str(path)).fingerprint


def test_storage_does_not_matter(tmp_path, write_idx):
    """.npz, compressed or not, .npy and IDX, .gz or not, agree."""
    roles = ("train-images", "train-labels", "test-images", "test-labels")
    arrays = dict(zip(roles, CONTENT.values(), strict=True))
    np.savez_compressed(tmp_path / "b.npz", **CONTENT)
    (tmp_path / "npy").mkdir()
    for name, array in CONTENT.items():
        np.save(tmp_path / "npy" / f"{name}.npy", array)
    paths = [
        tmp_path / "b.npz",
        tmp_path / "npy",
        write_idx(tmp_path / "gz", arrays),
        write_idx(tmp_path / "plain", arrays, compressed=False),
    ]
    assert {load(str(path)).fingerprint for path in paths} == {of(tmp_path / "a.npz")}


def test_representation_does_not_matter(tmp_path, monkeypatch):
    """Byte order, memory order, width of whole numbers, type of labels, name and chunks."""
    first = of(tmp_path / "a.npz")
    assert first == of(tmp_path / "b.npz", x_train=np.asfortranarray(X.reshape(40, 6)))
    assert first == of(tmp_path / "c.npz", x_train=X.astype(">i4"), y_train=Y.astype(str))
    floats = X.astype(float) / 7
    assert of(tmp_path / "d.npz", x_train=floats) == of(
        tmp_path / "e.npz", x_train=floats.astype(">f8")
    )
    monkeypatch.setattr(matrix, "CHUNK_BYTES", 20)
    assert first == of(tmp_path / "a.npz")


@pytest.mark.parametrize("name", CONTENT)
def test_every_array_counts(tmp_path, name):
    """One changed value anywhere changes the fingerprint."""
    array = CONTENT[name].copy()
    array.flat[0] = array.flat[-1]
    assert of(tmp_path / "a.npz") != of(tmp_path / "b.npz", **{name: array})


def test_dtype_shape_and_names_count(tmp_path):
    """So do the dtype of X, the boundary of the parts and the names of the classes."""
    first = of(tmp_path / "a.npz")
    names = np.array(list("abcdefghij"))
    changed = [
        of(tmp_path / "b.npz", x_train=X + 0.5, x_test=X[:10] + 0.5),
        of(tmp_path / "c.npz", x_train=(X + 0.5).astype("f4"), x_test=X[:10] + 0.5),
        of(tmp_path / "d.npz", y_train=names[Y], y_test=names[Y[:10]]),
        of(tmp_path / "e.npz", x_test=X[:11], y_test=Y[:11]),
    ]
    assert len({first, *changed}) == 5


def test_scale_does_not_count_but_split_does(tmp_path):
    """The scale is recorded beside it; another test part is other data."""
    path = tmp_path / "a.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([*row, y] for row, y in zip(X.reshape(40, 6), Y, strict=True))
    first = load(str(path)).fingerprint
    moved = shutil.copy(path, tmp_path / "b.csv")
    assert os.fspath(moved) != os.fspath(path)
    assert first == load(str(moved), scale="raw").fingerprint
    assert first != load(str(path), seed=1).fingerprint
    assert first != load(str(path), test_fraction=0.4).fingerprint
