"""Data in memory: what is a frame's column, what is a test part, what is no array."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from hpsoft.data.encoding.policy import Policy
from hpsoft.data.memory.arrays import as_array
from hpsoft.data.memory.given import Given
from hpsoft.errors import DataError, DataTypeError, DataValueError

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 3))
Y = np.array(["no", "yes"])[np.arange(60) % 2]
FRAME = pd.DataFrame(X, columns=["a", "b", "c"]).assign(
    town=np.array(["x", "y", "z"])[np.arange(60) % 3], who=np.arange(60) // 4
)


def test_the_columns_of_a_test_frame_are_found_by_name():
    """In another order, with others beside them, with weights and groups or without."""
    side = {"groups": "who", "sample_weight": np.arange(60) + 1.0}
    given = Given(FRAME[:40], Y[:40], side={**side, "sample_weight": np.arange(40) + 1.0})
    plain = given.load()
    test = FRAME[40:].assign(other=1)[["town", "other", "c", "b", "a"]]
    tested = given.load((test, Y[40:], np.ones(20)))
    assert plain.features == tested.features == ("a", "b", "c", "town=x", "town=y", "town=z")
    assert (np.asarray(tested.training.samples.X) == np.asarray(plain.training.samples.X)).all()
    assert (np.asarray(tested.test.X)[:, :3] == X[40:]).all()
    assert tested.test.weight.tolist() == [1.0] * 20
    with pytest.raises(DataValueError, match="lacks 1 of the 4 columns that X had, 'town'"):
        given.load((test.drop(columns="town"), Y[40:], None))
    with pytest.raises(DataTypeError, match="X_test is no data frame"):
        given.load((X[40:], Y[40:], None))
    with pytest.raises(DataError, match="'town' of X_test holds numbers"):
        given.load((test.assign(town=1), Y[40:], None))


def test_labels_may_be_a_column_of_both_frames():
    labelled = FRAME.assign(label=Y)
    given = Given(labelled[:40], target="label", drop=("who",))
    assert given.load((labelled[40:], None, None)).test.labels.tolist() == [0, 1] * 10
    assert given.divisible()[1].tolist() == Y[:40].tolist()
    with pytest.raises(DataTypeError, match=r"it has no column 'label', as X had. Give it, or"):
        given.load((FRAME[40:], None, None))


def test_a_name_of_the_labels_that_a_column_has():
    named = pd.Series(Y, name="a")
    assert Given(FRAME, named).load().classes == ("no", "yes")
    table = pa.table({"a": X[:, 0], "y": X[:, 1]})
    assert Given(table, np.array([1, "x"] * 30, object)).load().classes == ("1", "x")
    assert Given(table, np.eye(2)[np.arange(60) % 2]).load().classes == ("0", "1")


def test_gaps_are_filled_or_told():
    gaps = np.where(np.arange(180).reshape(60, 3) == 7, np.nan, X)
    with pytest.raises(DataError, match="missing"):
        Given(gaps, Y).load()
    filled = Given(gaps, Y, policy=Policy("median")).load()
    assert np.isfinite(np.asarray(filled.training.samples.X)).all()
    masked = np.ma.array(X, mask=np.isnan(gaps))
    assert np.isnan(as_array(masked, "X")).sum() == 1
    with pytest.raises(DataValueError, match="1 masked values"):
        as_array(np.ma.array(["a", "b"], mask=[True, False]), "y")


class FakeTensor:
    """What a tensor of PyTorch's answers, as far as it is asked."""

    def __init__(self, array, device="cpu", dtype="torch.float32", layout="torch.strided"):
        self._array, self.dtype, self.layout = array, dtype, layout
        self.device = SimpleNamespace(type=device)

    def detach(self):
        return self

    to_dense = resolve_conj = resolve_neg = detach

    def float(self):
        return FakeTensor(self._array.astype(np.float32))

    def numpy(self):
        return self._array


FakeTensor.__module__ = "torch"


def test_tensors_share_their_memory_and_lie_on_the_cpu():
    array = X.astype(np.float32)
    assert as_array(FakeTensor(array), "X") is array
    assert as_array(FakeTensor(X, dtype="torch.bfloat16"), "X").dtype == np.float32
    assert (as_array(FakeTensor(X, layout="torch.sparse_coo"), "X") == X).all()
    with pytest.raises(DataValueError, match=r"Give X\.cpu\(\)"):
        as_array(FakeTensor(array, device="cuda"), "X")
    dtype = type("dtype", (), {"__module__": "torch"})
    with pytest.raises(DataTypeError, match="X is dtype, which is no array"):
        as_array(dtype(), "X")


@pytest.mark.torch
def test_tensors_of_pytorch():
    """Those that need a gradient, halves, and labels."""
    import torch

    tensor = torch.tensor(X, dtype=torch.float32, requires_grad=True)
    found = as_array(tensor, "X")
    assert np.shares_memory(found, tensor.detach().numpy())
    assert as_array(tensor.bfloat16(), "X").dtype == np.float32
    labels = torch.arange(60) % 2
    assert Given(tensor, labels).load().classes == ("0", "1")


def test_a_test_label_that_is_no_class_is_told_with_its_row():
    given = Given(X, np.arange(60) % 2, classes=np.array(["no", "yes"]))
    with pytest.raises(DataValueError, match=r"^y_test has 'maybe' in row 2 \(from 1\)"):
        given.load((X[:3], np.array(["no", "maybe", "yes"]), None))
