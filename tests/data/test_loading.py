"""One way in: names, paths, and data that does not fit together."""

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from hpsoft.data import info, load
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
        DataError, match=r"no format that hpsoft reads: \.npz, \.npy, \.parquet, \.pq, "
    ):
        load(str(path))


def test_home_is_expanded(tmp_path, monkeypatch):
    """~ stands for the home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    save(tmp_path / "a.npz", X=X, y=Y)
    assert load("~/a.npz").name == "a"


@pytest.mark.parametrize("spec", [None, "digits", "mnist", "X.npy,y.npy"])
def test_target_is_for_names(spec):
    """--target for data without columns or arrays of a name is refused, not ignored."""
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
        # Two numbers a sample are no image, whatever type they have; four are.
        ((255 * X).astype(np.uint8), "standard"),
        ((255 * X).astype(np.uint8).reshape(20, 1, 2), "standard"),
        ((255 * X).astype(np.int64), "standard"),
        *[
            (np.tile(255 * X // np.ptp(X), (1, 2)).clip(0, 255).astype(kind), "unit")
            for kind in (np.uint8, np.int64, np.float32)
        ],
        *[
            (np.tile(X > 0.5, (1, 2)).astype(kind), "standard")
            for kind in (np.uint8, np.int64, np.float32)
        ],
    ],
)
def test_default_scale(tmp_path, array, scale):
    """Images and their pixels: unit; tables: standard, by the numbers. What the user says wins."""
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
        ({"X": np.where(X > 0.5, np.inf, X), "y": Y}, "Column '0' of .* row 11 .from 1. has inf"),
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
        (
            {"x_train": X, "y_train": Y, "x_test": X + np.inf, "y_test": Y},
            "the test part of .* has inf",
        ),
        (
            {"x_train": X, "y_train": Y, "x_val": X[:, :1], "y_val": Y},
            "training part has 2 features and the validation part 1",
        ),
        (
            {"x_train": X, "y_train": Y, "x_val": X, "y_val": Y + 1},
            "Class '2' is in the validation part",
        ),
        ({"x_train": X, "y_train": Y, "x_val": X, "y_val": Y[:3]}, "20 rows, but there are 3"),
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


PARTS = ("x_train", "y_train", "x_val", "y_val", "x_test", "y_test")
MEDMNIST = [f"{part}_{kind}" for part in ("train", "val", "test") for kind in ("images", "labels")]


@pytest.mark.parametrize("kind", ["npz", "folder", "npy"])
@pytest.mark.parametrize(
    "names",
    [
        PARTS,
        ("X_train", "y_train", "X_val", "y_val", "X_test", "y_test"),
        ("X_train", "y_train", "X_valid", "y_valid", "X_test", "y_test"),
        ("X", "y", "x_validation", "y_validation", "x_test", "y_test"),
        ("trainX", "trainY", "devX", "devY", "testX", "testY"),
        MEDMNIST,
    ],
    ids=["usual", "capital", "valid", "whole", "reversed", "MedMNIST"],
)
def test_a_validation_part(tmp_path, names, kind):
    """Arrays of it are the part to choose by, and the notes say so."""
    arrays = (X[:10], Y[:10], X[10:14], Y[10:14, None], X[14:], Y[14:])
    content = dict(zip(names, arrays, strict=True))
    if kind == "npz":
        path = save(tmp_path / "a.npz", **content)
    else:
        for name, array in content.items():
            np.save(tmp_path / f"{name}.npy", array)
        path = str(tmp_path / f"{names[0]}.npy" if kind == "npy" else tmp_path)
    data = load(path)
    assert data.training.validation is not None
    np.testing.assert_array_equal(data.training.validation.X, X[10:14])
    np.testing.assert_array_equal(data.training.validation.labels, Y[10:14])
    assert (len(data.training.samples), len(data.test)) == (10, 6)
    assert f"The arrays {names[2]!r} and {names[3]!r} are the validation part." in data.notes
    shown = info(data)
    assert (shown.n_training, shown.n_validation, shown.n_test) == (14, 4, 6)
    assert sum(count.training for count in shown.classes) == 14


def test_a_validation_part_without_a_test_part(tmp_path):
    """The test part is cut from the training part alone."""
    data = load(
        save(tmp_path / "a.npz", x_train=X[:10], y_train=Y[:10], x_val=X[10:], y_val=Y[10:])
    )
    assert data.training.validation is not None
    assert (len(data.training.samples), len(data.training.validation), len(data.test)) == (
        8,
        10,
        2,
    )


@pytest.mark.parametrize("options", [{"keep": ["a"]}, {"drop": ["0"]}, {"drop": ["a", "b"]}])
@pytest.mark.parametrize("spec", ["digits", "a.npz", "openml:iris"])
def test_columns_are_those_of_tables(spec, options):
    """--keep and --drop for data without named columns are refused, not ignored."""
    (name, values), *_ = options.items()
    with pytest.raises(DataError, match=f"--{name} {values[0]} .*no sense for '{spec}'"):
        load(spec, **options)


def test_a_folder_with_the_suffix_of_a_table(tmp_path):
    """It is a folder."""
    folder = tmp_path / "birds.data"
    folder.mkdir()
    np.save(folder / "X.npy", X)
    np.save(folder / "y.npy", Y)
    assert load(str(folder)).name == "birds.data"


def test_one_hot_labels(tmp_path):
    """They are classes by their columns, in every part, and the notes say so."""
    eye = np.eye(3)
    parts = {"x_train": X, "y_train": eye[Y], "x_test": X[:4], "y_test": eye[Y[:4]].astype(bool)}
    data = load(save(tmp_path / "a.npz", **parts))
    assert data.classes == ("0", "1")
    np.testing.assert_array_equal(data.training.samples.labels, Y)
    np.testing.assert_array_equal(data.test.labels, Y[:4])
    assert "The labels 'y_train' are one-hot: class i is column i, from 0." in data.notes


def test_float16_stays_as_it_is_stored(tmp_path):
    """In half the memory; scaled, it is what is asked for, and the same data as in float32."""
    from hpsoft.data.scale import Scaler

    half = save(tmp_path / "h.npz", X=X.astype(np.float16), y=Y)
    single = save(tmp_path / "s.npz", X=X.astype(np.float16).astype(np.float32), y=Y)
    data = load(half)
    assert data.training.samples.X.dtype == np.float16
    assert data.fingerprint == load(single).fingerprint
    for kind in ("raw", "unit", "standard"):
        scaled = Scaler.fit(kind, data.training.samples.X).apply(data.training.samples.X, "f4")
        assert scaled.dtype == np.float32
        expected = load(single).training.samples.X
        np.testing.assert_array_equal(scaled, Scaler.fit(kind, expected).apply(expected, "f4"))


def test_a_fraction_that_divides_nothing_is_told(tmp_path):
    X, y = np.arange(40.0)[:, None], np.arange(40) % 2
    np.savez(tmp_path / "a.npz", x_train=X, y_train=y, x_test=X[:10] + 0.5, y_test=y[:10])
    data = load(str(tmp_path / "a.npz"), test_fraction=0.3)
    assert len(data.test) == 10
    assert "--test-fraction 0.3 divides nothing: there is a test part already." in data.notes
    assert load(str(tmp_path / "a.npz")).notes == ()


def test_whole_numbers_that_floats_round_are_told(tmp_path):
    """Three numbers above 2^60 are one as floats; what has few bits is not rounded."""
    big = 2**60 + np.arange(60) % 3
    small = np.arange(60) % 7
    even = np.where(small > 3, 2**60, -(2**62))
    arrays = {"X": np.stack([small, big, even], axis=1), "y": np.arange(60) % 2}
    np.savez(tmp_path / "a.npz", **arrays)
    whole = np.array([[0], [1], [2**63 - 1], [-(2**63)]] * 10)
    np.savez(tmp_path / "b.npz", X=whole, y=np.arange(40) // 4 % 2)
    found = [
        [note for note in load(str(tmp_path / name)).notes if "2^53" in note]
        for name in ("a.npz", "b.npz")
    ]
    assert len(found[0]) == 1
    assert found[0][0].startswith("Warning: 40 whole numbers in column '1' of")
    assert "10 whole numbers in column '0'" in found[1][0]


def test_so_they_are_beside_floats(tmp_path):
    big = 2**60 + np.arange(60) % 3
    made = {"id": big, "x": np.arange(60) / 7, "label": np.arange(60) % 2}
    parquet.write_table(pa.table(made), tmp_path / "a.parquet")
    notes = load(str(tmp_path / "a.parquet")).notes
    assert sum("40 whole numbers in column 'id'" in note for note in notes) == 1
