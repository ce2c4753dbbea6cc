"""Every container gives the same data, however its arrays are called and wherever they lie."""

import numpy as np
import pytest
from array_files import WRITERS, write_hdf5, write_mat, write_npz, write_safetensors
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hpsoft.data import load
from hpsoft.errors import DataError

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(30, 4)).astype(np.float32), np.arange(30) % 3
PARTS = {
    "train_emb": X[:18], "train_kind": Y[:18], "valid_emb": X[18:24], "valid_kind": Y[18:24],
    "test_emb": X[24:], "test_kind": Y[24:],
}  # fmt: skip


@pytest.fixture(params=WRITERS)
def write(request, tmp_path):
    """Return a function that writes arrays in one format and returns the path."""

    def write(arrays, name=None):
        path = tmp_path / (name or request.param)
        WRITERS[request.param](path, arrays)
        return str(path)

    return write


def rows(data):
    """Return all samples with their labels, in one order."""
    parts = [part for part in (data.training.samples, data.training.validation, data.test) if part]
    joined = [np.column_stack([np.asarray(part.X), part.labels]) for part in parts]
    found = np.concatenate(joined)
    return found[np.lexsort(found.T)]


EXPECTED = np.column_stack([X, Y])[np.lexsort(np.column_stack([X, Y]).T)]


@pytest.mark.parametrize(
    ("features", "labels"), [("X", "y"), ("embeddings", "labels"), ("emb", "kind"), ("a", "b")]
)
def test_two_arrays_of_which_one_fits_as_labels(write, features, labels):
    """By their names, or by what they are."""
    data = load(write({features: X, labels: Y}))
    np.testing.assert_array_equal(rows(data), EXPECTED)
    assert data.training.samples.X.dtype == np.float32
    assert data.classes == ("0", "1", "2")


def test_parts_of_any_names(write):
    """Arrays of the other parts are called as those of the training part."""
    data = load(write(PARTS))
    assert (len(data.training.samples), len(data.training.validation), len(data.test)) == (
        18,
        6,
        6,
    )
    np.testing.assert_array_equal(data.training.samples.X, X[:18])
    np.testing.assert_array_equal(data.test.labels, Y[24:])
    assert "The features are the array 'train_emb', the labels 'train_kind'." in data.notes


@pytest.mark.parametrize(
    ("options", "width"),
    [
        ({"features": ["a"], "target": "y2"}, 4),
        ({"features": ["b"], "target": "y1"}, 2),
        ({"features": ["b", "a"], "target": "y1"}, 6),
    ],
)
def test_named_arrays(write, options, width):
    """One or several arrays of features, side by side; labels by name."""
    data = load(write({"a": X, "b": X[:, :2], "y1": Y, "y2": (Y > 1).astype(int)}), **options)
    assert data.training.samples.n_features == width
    assert data.training.n_classes == {"y1": 3, "y2": 2}[options["target"]]


def test_what_cannot_be_told(write):
    """The error lists what is there with shapes, and how to say it; nothing is guessed."""
    path = write({"a": X, "b": X[:, :2], "y": Y})
    with pytest.raises(
        DataError, match=r"a \(30, 4\) float32, b \(30, 2\) float32, y \("
    ) as error:
        load(path)
    assert "--features a --target y" in str(error.value)
    assert load(path, features=["b"]).training.samples.n_features == 2
    with pytest.raises(DataError, match="which of them are the features"):
        load(path, target="y")
    with pytest.raises(
        DataError, match=r"no array 'c', named by --features. It holds a \(30, 4\)"
    ):
        load(path, features=["c"])
    with pytest.raises(DataError, match="'y' cannot be both --features and --target"):
        load(path, features=["y"], target="y")


def test_half_a_part(write):
    """It is not left out in silence."""
    data = load(write({"train_emb": X, "train_kind": Y, "test_emb": X[:5]}))
    assert "The array 'test_emb' has no labels beside it, and is not read." in data.notes
    assert len(data.training) + len(data.test) == len(X)


def test_labels_alone(write):
    """Labels without features are a mistake."""
    with pytest.raises(DataError, match="test_kind of a test part, but not"):
        load(write({"train_emb": X, "train_kind": Y, "test_kind": Y[:5]}))


def test_a_name_that_parts_share(write):
    """--features emb means train_emb, and test_emb with it."""
    data = load(write({**PARTS, "train_other": X[:18, :1], "test_other": X[24:, :1]}),
                features=["emb"])  # fmt: skip
    assert (len(data.training.samples), len(data.test)) == (18, 6)
    assert data.training.samples.n_features == 4


@pytest.mark.parametrize("dtype", [np.uint8, np.float16, np.float32, np.float64, ">f4", "<i2"])
def test_types_stay(write, dtype):
    """uint8 and float16 as they are, others as they must be."""
    images = RNG.integers(0, 2000, (30, 3, 2, 1)) % (256 if dtype == np.uint8 else 2000)
    stored = images.astype(dtype)
    path = write({"X": stored, "y": Y})
    if path.endswith(".mat") and stored.dtype == np.float16:
        stored = stored.astype(np.float64)  # MATLAB has no such type
    data = load(path, target="y", features=["X"])
    kept = {"u": np.uint8, "i": np.float32}.get(stored.dtype.kind, stored.dtype.newbyteorder("="))
    assert data.training.samples.X.dtype == kept
    assert data.training.scale == "unit"
    assert data.training.samples.X.shape == (24, 6)


@pytest.mark.parametrize("write_one", [write_npz, write_safetensors, write_hdf5, write_mat])
def test_files_of_parts(tmp_path, write_one):
    """A folder with train and test files is one data set; a file alone says what lies beside."""
    suffix = {write_npz: "npz", write_safetensors: "safetensors", write_hdf5: "h5"}.get(
        write_one, "mat"
    )
    write_one(tmp_path / f"train_cats.{suffix}", {"X": X[:20], "y": Y[:20]})
    write_one(tmp_path / f"test_cats.{suffix}", {"X": X[20:], "y": Y[20:]})
    data = load(str(tmp_path))
    assert (len(data.training.samples), len(data.test)) == (20, 10)
    alone = load(str(tmp_path / f"train_cats.{suffix}"))
    assert len(alone.training.samples) + len(alone.test) == 20
    assert any(f"test_cats.{suffix} beside it is not read" in note for note in alone.notes)
    write_one(tmp_path / f"train_dogs.{suffix}", {"X": X, "y": Y})
    with pytest.raises(DataError, match="several files of arrays: test_cats"):
        load(str(tmp_path))


def test_files_of_courses(tmp_path):
    """`*_train_images.npy` and its kin, named by the folder or by any one of them."""
    arrays = {"train_images": X[:20], "train_labels": Y[:20],
              "test_images": X[20:], "test_labels": Y[20:]}  # fmt: skip
    for name, array in arrays.items():
        np.save(tmp_path / f"digits_{name}.npy", array)
    for path in (tmp_path, *(tmp_path / f"digits_{name}.npy" for name in arrays)):
        data = load(str(path))
        np.testing.assert_array_equal(data.training.samples.X, X[:20])
        np.testing.assert_array_equal(data.test.labels, Y[20:])
    for name in arrays:
        np.save(tmp_path / f"letters_{name}.npy", arrays[name][:10])
    with pytest.raises(DataError, match="several data sets: digits, letters"):
        load(str(tmp_path))
    assert len(load(str(tmp_path / "letters_test_labels.npy")).training.samples) == 10


def test_sub_folders_of_parts(tmp_path):
    """train/X.npy and test/X.npy."""
    for part, rows_ in (("train", slice(20)), ("test", slice(20, None))):
        (tmp_path / part).mkdir()
        np.save(tmp_path / part / "X.npy", X[rows_])
        np.save(tmp_path / part / "y.npy", Y[rows_])
    data = load(str(tmp_path))
    assert (len(data.training.samples), len(data.test)) == (20, 10)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
@given(data=st.data(), suffix=st.sampled_from(["safetensors", "h5", "mat"]))
def test_garbage_never_gives_a_traceback(tmp_path, data, suffix):
    """Any bytes changed or cut off: the file is still read, or a DataError is raised."""
    path = tmp_path / f"a.{suffix}"
    path.unlink(missing_ok=True)
    {"safetensors": write_safetensors, "h5": write_hdf5, "mat": write_mat}[suffix](
        path, {"X": X, "y": Y}
    )
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw))) if data.draw(st.booleans()) else len(raw)
    path.unlink()
    path.write_bytes(raw[:cut])
    try:
        assert load(str(path)).training.n_classes >= 2
    except DataError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right


def test_the_choice_is_named_in_the_study(tmp_path):
    """And loads the same again."""
    from hpsoft.data.spec import DataSpec, load_again

    write_npz(tmp_path / "a.npz", {"a": X, "b": X[:, :2], "y": Y})
    spec = DataSpec(str(tmp_path / "a.npz"), "y", features=("b",))
    assert DataSpec.from_attribute(spec.to_attribute()) == spec
    assert load_again(spec, spec.load().fingerprint).training.samples.n_features == 2
    assert "features" not in DataSpec("a.npz").to_attribute()
    assert "encoding" not in DataSpec("a.npz").to_attribute()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"features": 1.0}, "likely to be the features, 'X' and 'features'.*--features X or"),
        (
            {"labels": 1},
            "likely to be the labels, 'y' and 'labels'.*--target y or --target labels",
        ),
        ({"images": None}, "The array 'images' holds the same as 'X'."),
        ({"labels": None}, "The array 'labels' holds the same as 'y'."),
    ],
)
def test_two_likely_arrays(tmp_path, more, message):
    """Equal ones are told, others refused, unless one of them is named."""
    X, y = np.arange(60.0).reshape(20, 3), np.arange(20) % 2
    (name, plus), same = (
        next(iter(more.items())),
        {"features": X, "images": X[:, :, None], "labels": y},
    )
    np.savez(tmp_path / "t.npz", X=X, y=y, **{name: same[name] + (plus or 0)})
    path = str(tmp_path / "t.npz")
    if plus is None:
        assert any(message in note for note in load(path).notes)
        return
    with pytest.raises(DataError, match=message):
        load(path)
    assert len(load(path, features=["X"], target="y").training) == 16


def test_an_array_of_another_length_is_no_rival(tmp_path):
    """As the names of the classes."""
    np.savez(
        tmp_path / "t.npz",
        X=np.ones((20, 3)) * np.arange(20)[:, None],
        y=np.arange(20) % 2,
        classes=["a", "b"],
    )
    assert load(str(tmp_path / "t.npz")).training.n_classes == 2


@pytest.mark.parametrize(
    ("role", "array", "message"),
    [
        ("groups", "y", "Array 'y' of .* is the labels and cannot be the groups of --groups too"),
        ("split", "X", "Array 'X' of .* is the features and cannot be the parts of --split too"),
        ("sample_weight", "X", "is the features and cannot be the weights of --sample-weight too"),
    ],
)
def test_side_columns_that_are_needed(tmp_path, role, array, message):
    np.savez(tmp_path / "t.npz", X=np.arange(60.0).reshape(20, 3), y=np.arange(20) % 2)
    with pytest.raises(DataError, match=message):
        load(str(tmp_path / "t.npz"), side={role: array})


def test_side_columns_beside_nothing_that_is_known(tmp_path):
    np.savez(tmp_path / "t.npz", a=np.ones((20, 3)), b=np.ones((20, 2)), w=np.ones(20))
    with pytest.raises(DataError, match="it cannot be told which"):
        load(str(tmp_path / "t.npz"), side={"sample_weight": "w"})


def test_features_and_target_swapped(tmp_path):
    np.savez(tmp_path / "t.npz", X=np.arange(60.0).reshape(20, 3), y=np.arange(20) % 2)
    with pytest.raises(DataError, match=r"look swapped\. Say --features X --target y"):
        load(str(tmp_path / "t.npz"), features=["y"], target="X")
