"""A trained model, to file and back."""

import json
from pathlib import Path

import numpy as np
import pytest
from small_problem import make_setup

from hpsoft.errors import HpsoftError
from hpsoft.model.files import TrainedModel, check_path, full_weights, load, save

SUFFIXES = [".npz", ".safetensors"]


@pytest.fixture
def model():
    rng = np.random.default_rng(0)
    return TrainedModel(
        weights=rng.normal(size=(4, 3)).astype(np.float32),
        bias=rng.normal(size=3).astype(np.float32),
        shift=rng.normal(size=4),
        divisor=np.array(2.0),
        metadata={"classes": ["Größe", "b", "c"], "params": {"alpha": 1e-7, "epochs": 3}},
    )


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_saved_model_is_the_same_model(model, tmp_path, suffix):
    """All arrays bit for bit with their dtypes, all metadata, and so all logits."""
    save(model, tmp_path / f"m{suffix}")
    loaded = load(tmp_path / f"m{suffix}")
    for name in ("weights", "bias", "shift", "divisor"):
        ours, theirs = getattr(loaded, name), getattr(model, name)
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)
    assert loaded.metadata == model.metadata
    X = make_setup().folds[0].X
    np.testing.assert_array_equal(loaded.logits(X), model.logits(X))


def test_logits_are_of_the_scaled_samples(model):
    X = np.arange(8, dtype=np.uint8).reshape(2, 4)
    expected = ((X - model.shift) / 2) @ model.weights.astype(float) + model.bias
    np.testing.assert_allclose(model.logits(X), expected, rtol=1e-12)
    assert model.logits(X).dtype == np.float64


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_hold_no_pickle(model, tmp_path, suffix):
    path = tmp_path / f"m{suffix}"
    save(model, path)
    assert json.dumps(model.metadata["params"])[1:-1].encode() in path.read_bytes().replace(
        b"\0", b""
    ).replace(b"\\", b"")
    if suffix == ".npz":
        with np.load(path, allow_pickle=False) as file:
            assert set(file) == {"weights", "bias", "shift", "divisor", "metadata"}
            assert all(file[name].dtype != object for name in file)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_is_replaced_whole_or_not_at_all(model, tmp_path, suffix, monkeypatch):
    """A full disk leaves the model that was there, and no draft."""
    path = tmp_path / f"m{suffix}"
    save(model, path)
    before = path.read_bytes()

    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(
        HpsoftError, match=r"Cannot save the model to .*: No space left on device\."
    ):
        save(model, path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_model_is_saved_over_an_older_one(model, tmp_path):
    path = tmp_path / "m.npz"
    path.write_bytes(b"old")
    save(model, path)
    np.testing.assert_array_equal(load(path).weights, model.weights)


@pytest.mark.parametrize("name", ["m", "m.pkl", "m.npy"])
def test_the_suffix_names_the_format(model, tmp_path, name):
    for act in (check_path, load, lambda path: save(model, path)):
        with pytest.raises(HpsoftError, match=r"does not end in \.safetensors or \.npz"):
            act(tmp_path / name)


def test_no_such_folder(tmp_path):
    with pytest.raises(HpsoftError, match=r"there is no folder .*nowhere\."):
        check_path(tmp_path / "nowhere" / "m.npz")


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "content", [b"", b"PK\3\4 cut", b"\x08\0\0\0\0\0\0\0{}      ", b"junk" * 99]
)
def test_files_that_are_no_model(tmp_path, suffix, content):
    path = tmp_path / f"m{suffix}"
    path.write_bytes(content)
    with pytest.raises(HpsoftError, match="is no model that hpsoft can read"):
        load(path)


def test_a_file_of_other_arrays_is_no_model(tmp_path):
    np.savez(tmp_path / "m.npz", weights=np.ones(3))
    with pytest.raises(HpsoftError, match="is no model that hpsoft can read"):
        load(tmp_path / "m.npz")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_missing_file(tmp_path, suffix):
    with pytest.raises(HpsoftError, match=r"There is no file .*gone"):
        load(tmp_path / f"gone{suffix}")


@pytest.mark.parametrize("n_given", [2, 3])
def test_full_weights_add_the_implied_class(n_given):
    rng = np.random.default_rng(0)
    state = {"weights": rng.normal(size=(4, n_given, 1)), "bias": rng.normal(size=(n_given, 1))}
    weights, bias = full_weights(state, 3)
    assert (weights.shape, bias.shape) == ((4, 3), (3,))
    np.testing.assert_array_equal(weights[:, :n_given], state["weights"][..., 0])
    if n_given == 2:
        np.testing.assert_allclose(weights.sum(axis=1), 0, atol=1e-15)
        np.testing.assert_allclose(bias.sum(), 0, atol=1e-15)
