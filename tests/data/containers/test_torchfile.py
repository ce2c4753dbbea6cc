"""Files of torch: tensors by their keys and places, and never more than data."""

import numpy as np
import pytest

from hpsoft.data import load
from hpsoft.errors import DataError

pytestmark = pytest.mark.torch
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(30, 4)).astype(np.float32), np.arange(30) % 3


@pytest.fixture
def save(tmp_path):
    """Return a function that saves something by torch and returns the path."""
    import torch

    def save(content, name="a.pt", **options):
        torch.save(content, tmp_path / name, **options)
        return str(tmp_path / name)

    return save


def tensors(**more):
    import torch

    return {"emb": torch.from_numpy(X), "kind": torch.from_numpy(Y), **more}


@pytest.mark.parametrize("options", [{}, {"_use_new_zipfile_serialization": False}])
@pytest.mark.parametrize(
    "shape",
    [lambda t: t, lambda t: tuple(t.values()), lambda t: {"train": t, "epoch": 3}],
    ids=["flat", "tuple", "nested"],
)
def test_dictionaries_and_tuples(save, shape, options):
    """Nested or not, in both formats of torch."""
    data = load(save(shape(tensors()), **options))
    assert set(map(tuple, np.asarray(data.test.X).tolist())) <= set(map(tuple, X.tolist()))
    assert (data.classes, data.training.samples.X.dtype) == (("0", "1", "2"), np.float32)


@pytest.mark.parametrize("labels", [["a", "b", "c"] * 10, np.array(["a", "b", "c"] * 10)])
def test_labels_as_text(save, labels):
    """Lists and arrays of NumPy beside the tensors."""
    assert load(save({"emb": X, "kind": labels})).classes == ("a", "b", "c")


@pytest.mark.parametrize("kind", ["bfloat16", "float16", "float64", "uint8"])
def test_types(save, kind):
    """bfloat16 becomes float32, all others stay."""
    import torch

    path = save({"X": torch.from_numpy(X * 10).to(getattr(torch, kind)), "y": torch.from_numpy(Y)})
    wanted = {"bfloat16": "float32"}.get(kind, kind)
    assert load(path).training.samples.X.dtype == wanted


def test_what_is_more_than_data_is_never_loaded(save, tmp_path):
    """A model, or whatever would run code."""
    import torch

    with pytest.raises(
        DataError, match=r"objects of the class .*Linear.* run any code.* torch\.save"
    ):
        load(save(torch.nn.Linear(2, 2)))

    class Evil:
        def __reduce__(self):
            return (open, (str(tmp_path / "owned"), "w"))

    with pytest.raises(DataError, match="run any code"):
        load(save({"X": Evil()}))
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize("content", [b"", b"x" * 50, b"PK\x03\x04" + b"0" * 60])
def test_damaged_files(tmp_path, content):
    (tmp_path / "a.pt").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.pt"):
        load(str(tmp_path / "a.pt"))


def test_a_checkpoint_has_no_data_set(save):
    """What is there is listed."""
    import torch

    with pytest.raises(DataError, match=r"weight \(2, 4\) float32.*cannot be told"):
        load(save(torch.nn.Linear(4, 2).state_dict()))


@pytest.mark.parametrize("options", [{}, {"_use_new_zipfile_serialization": False}])
def test_damaged_files_are_told_in_our_words(save, tmp_path, options):
    """Cut off anywhere, or changed: torch's own paragraph reaches nobody."""
    path = save(tensors(), **options)
    whole = (tmp_path / "a.pt").read_bytes()
    for end in (0, 60, len(whole) // 2, len(whole) - 10):
        (tmp_path / "a.pt").write_bytes(whole[:end])
        with pytest.raises(DataError, match=r"a\.pt is truncated: it ends before its content"):
            load(path)
    (tmp_path / "a.pt").write_bytes(b"hello\n" * 20)
    with pytest.raises(DataError, match=r"it is no file of torch\.save's, or was changed since"):
        load(path)
