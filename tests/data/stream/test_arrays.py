"""Arrays of every form, as rows for a model that knows no names."""

import bz2
import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from array_files import WRITERS
from pyarrow import feather, parquet
from scipy.io import savemat
from sklearn.datasets import dump_svmlight_file, load_digits

from hpsoft.data.stream.incoming import Asked, Wanted
from hpsoft.data.stream.opening import open_rows
from hpsoft.errors import DataError

RNG = np.random.default_rng(0)
X = RNG.normal(size=(150, 4)).astype(np.float32)
Y = RNG.integers(0, 3, 150)
WANTED = Wanted(4)


def whole(spec, wanted=WANTED, **asked):
    """Return all rows, their labels, and what was opened; files are read in several chunks."""
    opened = open_rows(str(spec), replace(wanted, chunk_cells=4 * 67), Asked(**asked))
    chunks = list(opened.chunks())
    assert len(chunks) > 1 or sum(map(len, chunks)) < 67
    rows = np.concatenate([np.asarray(chunk.table.numbers) for chunk in chunks])
    labels = None
    if chunks[0].labels is not None:
        labels = np.concatenate([chunk.labels for chunk in chunks])
    assert opened.n_rows in {None, len(rows)}
    return rows, labels, opened


def same(found, labels, *, rtol=0.0):
    np.testing.assert_allclose(found, X, rtol=rtol)
    assert labels is None or labels.tolist() == Y.astype(str).tolist()


@pytest.mark.parametrize("name", WRITERS)
def test_containers(name, tmp_path):
    WRITERS[name](tmp_path / name, {"X": X, "y": Y})
    rows, labels, opened = whole(tmp_path / name)
    same(rows, labels)
    assert labels is not None
    assert opened.notes == ()


@pytest.mark.parametrize("name", WRITERS)
def test_without_labels_the_array_that_fits_is_the_features(name, tmp_path):
    WRITERS[name](tmp_path / name, {"vec": X, "more": X[:, :2]})
    rows, labels, opened = whole(tmp_path / name)
    same(rows, labels)
    assert labels is None
    assert opened.notes == ("Features: 'vec'.",)


def test_numpy_files(tmp_path):
    np.save(tmp_path / "emb.npy", X)
    rows, labels, _ = whole(tmp_path / "emb.npy")
    same(rows, labels)
    np.save(tmp_path / "y.npy", Y)
    for spec in (tmp_path / "emb.npy", f"{tmp_path}/emb.npy,{tmp_path}/y.npy"):
        rows, labels, _ = whole(spec)
        same(rows, labels)
        assert labels is not None
    with pytest.raises(DataError, match=r"no pair of \.npy"):
        open_rows(f"{tmp_path}/emb.npy,{tmp_path}/y.txt", WANTED)


def test_a_file_that_is_called_as_a_part(tmp_path):
    np.save(tmp_path / "x_test.npy", X)
    np.save(tmp_path / "x_train.npy", X[:70] + 1)
    np.save(tmp_path / "y_train.npy", Y[:70])
    assert len(whole(tmp_path / "x_test.npy")[0]) == 150
    rows, labels, _ = whole(tmp_path / "x_train.npy")
    assert (len(rows), len(labels)) == (70, 70)


def test_bfloat16(tmp_path):
    bits = (X.view(np.uint32) >> 16).astype("<u2").tobytes()
    about = {"X": {"dtype": "BF16", "shape": list(X.shape), "data_offsets": [0, len(bits)]}}
    header = json.dumps(about).encode()
    content = len(header).to_bytes(8, "little") + header + bits
    (tmp_path / "b.safetensors").write_bytes(content)
    same(whole(tmp_path / "b.safetensors")[0], None, rtol=0.01)


@pytest.mark.parametrize(("zero", "packed"), [(True, False), (False, True)])
def test_svmlight(tmp_path, zero, packed):
    sparse = X.astype(np.float64)
    sparse[sparse < 0.3] = 0
    path = tmp_path / "a.svm"
    dump_svmlight_file(sparse, Y, str(path), zero_based=zero)
    if packed:
        content = b"# made\n" * 300 + path.read_bytes()
        path = tmp_path / "a.svm.bz2"
        path.write_bytes(bz2.compress(content))
    rows, labels, opened = whole(path)
    np.testing.assert_allclose(rows, sparse)
    assert labels.tolist() == Y.astype(str).tolist()
    assert f"begin at {0 if zero else 1}" in opened.notes[0]


def test_svmlight_that_does_not_fit(tmp_path):
    (tmp_path / "a.svm").write_text("1 3:0.5\n0 9:1\n")
    with pytest.raises(DataError, match="index 9, and the model takes 4 features"):
        whole(tmp_path / "a.svm")
    (tmp_path / "a.svm").write_text("1 3:0.5\n0 2:x\n")
    with pytest.raises(DataError, match="lines 1 to 2"):
        whole(tmp_path / "a.svm")


@pytest.mark.parametrize("write", [parquet.write_table, feather.write_feather])
@pytest.mark.parametrize("with_labels", [True, False])
def test_columns_of_lists(tmp_path, write, with_labels):
    columns = {"id": np.arange(150), "emb": X.tolist(), "len": Y * 2}
    if with_labels:
        columns["label"] = Y
    table = pa.table(columns)
    path = tmp_path / ("a.parquet" if write is parquet.write_table else "a.feather")
    write(table, path)
    rows, labels, opened = whole(path)
    same(rows, labels, rtol=1e-6)
    assert (opened.label == "label") == with_labels
    assert (labels is not None) == with_labels


def test_columns_of_lists_that_the_model_names(tmp_path):
    two = pa.table(
        {"emb": X.tolist(), "other": (X + 1).tolist(), "one_hot": np.eye(3)[Y].tolist()}
    )
    parquet.write_table(two, tmp_path / "a.parquet")
    wanted = Wanted(4, blocks=(("emb", 4),))
    rows, labels, _ = whole(tmp_path / "a.parquet", wanted, labels="one_hot")
    same(rows, labels, rtol=1e-6)
    assert len(labels) == 150
    rows, _, _ = whole(tmp_path / "a.parquet", Wanted(4), features=("other",))
    np.testing.assert_allclose(rows, X + 1, rtol=1e-6)
    with pytest.raises(DataError, match=r"takes 4 features, and .* hold 11"):
        whole(tmp_path / "a.parquet")


def test_parts_of_a_container(tmp_path):
    parts = {"x_train": X, "y_train": Y, "x_test": X[:70], "y_test": Y[:70], "x_val": X[:80]}
    np.savez(tmp_path / "a.npz", **parts)
    rows, labels, opened = whole(tmp_path / "a.npz")
    assert (len(rows), len(labels)) == (70, 70)
    assert "the test part is predicted" in opened.notes[0]
    for part, n in {"train": 150, "val": 80, "all": 300}.items():
        opened = open_rows(str(tmp_path / "a.npz"), WANTED, Asked(part=part))
        assert sum(map(len, opened.chunks())) == opened.n_rows == n
    with pytest.raises(DataError, match=r"No part 'tst'.*Did you mean 'test'"):
        open_rows(str(tmp_path / "a.npz"), WANTED, Asked(part="tst"))
    np.savez(tmp_path / "b.npz", X=X, y=Y)
    with pytest.raises(
        DataError, match=r"no test part, which --part test asks for: it has no parts"
    ):
        open_rows(str(tmp_path / "b.npz"), WANTED, Asked(part="test"))


def test_arrays_that_the_user_or_the_model_names(tmp_path):
    arrays = {"a": X[:, :1], "b": X[:, 1:], "klass": Y, "a_test": X[:9, :1], "b_test": X[:9, 1:]}
    np.savez(tmp_path / "a.npz", **arrays, klass_test=Y[:9])
    wanted = Wanted(4, blocks=(("a", 1), ("b", 3)))
    rows, labels, opened = whole(tmp_path / "a.npz", wanted, labels="klass", part="all")
    same(rows, labels)
    assert opened.label == "klass"
    rows, labels, _ = whole(tmp_path / "a.npz", features=("b", "a"), labels="klass_test")
    np.testing.assert_array_equal(rows[:, 0], X[:, 1])


def test_several_sets_the_fitting_one_is_taken(tmp_path):
    arrays = {"one_images": X, "one_labels": Y, "two_images": X[:, :2], "two_labels": Y}
    np.savez(tmp_path / "a.npz", **arrays)
    same(*whole(tmp_path / "a.npz")[:2])


def test_images_whose_last_axis_is_that_of_the_samples(tmp_path):
    savemat(tmp_path / "a.mat", {"X": X.reshape(150, 2, 2).transpose(1, 2, 0), "y": Y})
    rows, labels, _ = whole(tmp_path / "a.mat")
    same(rows, labels)


@pytest.mark.parametrize(
    ("arrays", "asked", "says"),
    [
        ({"X": X[:, :3]}, {}, r"takes 4 features a sample, and the features are X \(150, 3\)"),
        ({"X": X, "y": Y[:9]}, {}, "'X' has 150 rows, and there are 9 labels in 'y'"),
        ({"X": X.astype(str)}, {}, "holds <U.* values, not numbers"),
        ({"p": X, "q": X}, {}, "cannot be told which of them are the features, 4 a sample"),
        ({"X": X}, {"features": ("Xx",)}, "no array 'Xx', named by --features"),
        ({"X": X}, {"labels": "z"}, "no array 'z', named by --labels"),
    ],
)
def test_arrays_that_do_not_fit(tmp_path, arrays, asked, says):
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(DataError, match=says):
        whole(tmp_path / "a.npz", **asked)


def test_digits_and_idx_files(tmp_path):
    digits = load_digits()
    rows, labels, _ = whole("digits", Wanted(64))
    np.testing.assert_array_equal(rows, digits.data)
    assert labels.tolist() == digits.target.astype(str).tolist()
    with pytest.raises(DataError, match="has 64 features a sample, and the model takes 4"):
        open_rows("digits", WANTED)
    images = np.arange(5 * 4, dtype=np.uint8)
    header = b"\0\0\x08\3" + b"".join(n.to_bytes(4, "big") for n in (5, 2, 2))
    (tmp_path / "test-images-idx3-ubyte").write_bytes(header + images.tobytes())
    for spec in (tmp_path, tmp_path / "test-images-idx3-ubyte"):
        rows, labels, _ = whole(spec)
        assert labels is None
        np.testing.assert_array_equal(rows, images.reshape(5, 4))
    (tmp_path / "test-images-idx3-ubyte").rename(tmp_path / "test-labels-idx1-ubyte")
    with pytest.raises(DataError, match="IDX files of labels, and no images"):
        open_rows(str(tmp_path), WANTED)


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("", "DATA is empty"),
        ("nowhere.csv", "There is no file"),
        ("digit", "Did you mean 'digits'"),
    ],
)
def test_no_such_data(spec, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=says):
        open_rows(spec, WANTED)


def test_an_empty_folder(tmp_path):
    with pytest.raises(DataError, match="no data that hpsoft can read"):
        open_rows(str(tmp_path), WANTED)
