"""The fingerprint follows content, wherever it is stored and whatever it is called."""

import csv
import hashlib
import os
import shutil

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from hpsoft.data import Samples, load
from hpsoft.data.fingerprint import fingerprint
from hpsoft.data.tables.matrix import CHUNK_BYTES

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


def test_representation_does_not_matter(tmp_path):
    """Byte order, memory order, width of whole numbers, type of labels and name."""
    first = of(tmp_path / "a.npz")
    assert first == of(tmp_path / "b.npz", x_train=np.asfortranarray(X.reshape(40, 6)))
    assert first == of(tmp_path / "c.npz", x_train=X.astype(">i4"), y_train=Y.astype(str))
    floats = X.astype(float) / 7
    assert of(tmp_path / "d.npz", x_train=floats) == of(
        tmp_path / "e.npz", x_train=floats.astype(">f8")
    )


def test_it_is_the_sum_of_all_bytes_whatever_the_chunks():
    wide = np.tile(X.reshape(40, 6), (1, CHUNK_BYTES // 120 + 1))
    digest = hashlib.sha256(b"hpsoft data 1\0")
    digest.update((1).to_bytes(8, "little") + b"a")
    digest.update(f"|u1 {wide.shape}\0".encode() + wide.tobytes() + Y.astype("<i8").tobytes())
    assert fingerprint([Samples(wide, Y.astype(np.intp))], ("a",)) == digest.hexdigest()


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


def test_a_validation_part_counts(tmp_path):
    """Its content, its boundary, and that it is one."""
    first = of(tmp_path / "a.npz")
    parts = {"x_val": X[:4], "y_val": Y[:4]}
    changed = [
        of(tmp_path / "b.npz", **parts),
        of(tmp_path / "c.npz", **parts | {"x_val": X[4:8]}),
        of(tmp_path / "d.npz", **parts | {"y_val": Y[::-1][:4]}),
        of(tmp_path / "e.npz", x_train=X[4:], y_train=Y[4:], **parts),
    ]
    assert len({first, *changed}) == 5
    renamed = {"x_valid": X[:4], "y_valid": Y[:4]}
    assert of(tmp_path / "f.npz", **renamed) == changed[0]


def test_data_that_was_read_rightly_keeps_its_fingerprint(tmp_path, monkeypatch):
    """Studies remember it: these are what version 0.1 computed."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.Generator(np.random.PCG64(5))
    table, whole = rng.integers(-9999, 9999, (30, 3)) / 100, rng.integers(0, 256, (30, 3))
    numbers = np.arange(30) % 3
    text = np.array(["b", "a", "c"])[numbers]

    def lines(rows, labels, separator=","):
        rows = [[*row, label] for row, label in zip(rows.tolist(), labels.tolist(), strict=True)]
        return "".join(separator.join(map(str, row)) + "\n" for row in rows)

    (tmp_path / "header.csv").write_text("u,v,w,kind\n" + lines(table, text))
    (tmp_path / "none.csv").write_text(lines(table, text))
    (tmp_path / "ints.csv").write_text("u;v;w;kind\n" + lines(whole, numbers, ";"))
    (tmp_path / "tabs.csv").write_text(lines(table, numbers, "\t"))
    np.savez("x.npz", X=table, y=numbers)
    parts = {
        "x_train": table[:20],
        "y_train": text[:20],
        "x_test": table[20:],
        "y_test": text[20:],
    }
    np.savez("parts.npz", **parts)
    columns = {"u": table[:, 0], "v": table[:, 1].astype("f4"), "kind": text.tolist()}
    pq.write_table(pa.table(columns), "t.parquet")
    loaded = {name.name: load(name.name) for name in tmp_path.iterdir()}
    assert {name: data.fingerprint[:16] for name, data in loaded.items()} == {
        "header.csv": "2d2f6ad699850e8f",
        "none.csv": "2d2f6ad699850e8f",
        "ints.csv": "ae652606f0a597ed",
        "tabs.csv": "70f16b85b2dfc710",
        "x.npz": "70f16b85b2dfc710",
        "parts.npz": "dca3fb311a6c1ef1",
        "t.parquet": "fa33f8db349f74b1",
    }
    assert {data.training.scale for data in loaded.values()} == {"standard"}
