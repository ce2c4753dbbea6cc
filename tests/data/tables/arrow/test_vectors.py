"""Columns of lists: embeddings as libraries write them."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from hpsoft.data import load
from hpsoft.data.tables.arrow.vectors import vector
from hpsoft.errors import DataError

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(30, 4)).astype(np.float32), np.arange(30) % 3
TEXTS = [f"text {i}" for i in range(30)]
LISTS = pa.array(list(X), pa.list_(pa.float32()))
FIXED = pa.FixedSizeListArray.from_arrays(pa.array(X.ravel()), 4)


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a table and returns its path."""

    def write(columns, name="e.parquet"):
        parquet.write_table(pa.table(columns), tmp_path / name, row_group_size=11)
        return str(tmp_path / name)

    return write


@pytest.mark.parametrize("column", [LISTS, FIXED, LISTS.cast(pa.large_list(pa.float32()))],
                         ids=["list", "fixed", "large"])  # fmt: skip
@pytest.mark.parametrize(
    "order", [("text", "emb", "label"), ("label", "id", "emb"), ("label", "emb")]
)
def test_lists_are_the_features(write, column, order):
    """Wherever they stand; what lies beside them is left out and said so."""
    columns = {"text": TEXTS, "emb": column, "label": Y, "id": np.arange(30)}
    data = load(write({name: columns[name] for name in order}))
    assert data.training.samples.X.dtype == np.float32
    assert data.training.samples.n_features == 4
    assert data.classes == ("0", "1", "2")
    assert {tuple(row) for row in np.asarray(data.test.X)} <= {tuple(row) for row in X}
    assert "Features: column 'emb' (4)." in data.notes
    for name in set(order) - {"emb", "label"}:
        assert any(f"Column {name!r} is left out" in note for note in data.notes)


def test_two_columns_of_lists_stand_side_by_side(write):
    """--features takes one of them, --keep a number beside them, in the order of the table."""
    path = write({"a": LISTS, "n": np.arange(30) * 0.5, "b": FIXED, "label": Y})
    assert load(path).training.samples.n_features == 8
    assert load(path, features=["b"]).training.samples.n_features == 4
    assert load(path, keep=["n"]).training.samples.n_features == 9
    assert load(path, keep=["1"], drop=["0"], target="3").training.samples.n_features == 5
    assert load(path, features=["n"]).training.samples.n_features == 1


@pytest.mark.parametrize(
    ("values", "dtype"),
    [(X.astype(np.float16), np.float16), ((X * 10).astype(np.int8), np.float32),
     (np.abs(X * 50).astype(np.uint8), np.uint8), (X.astype(np.float64), np.float64)],
    ids=["half", "int8", "bytes", "double"],
)  # fmt: skip
def test_types_stay(write, values, dtype):
    """As they are stored."""
    column = pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), 4)
    assert load(write({"emb": column, "label": Y})).training.samples.X.dtype == dtype


def test_images_and_tensors(write):
    """Lists of lists and Arrow's tensors keep their shape, and so the scale of images."""
    images = RNG.integers(0, 256, (30, 3, 2), np.uint8)
    nested = pa.array([image.tolist() for image in images], pa.list_(pa.list_(pa.uint8())))
    data = load(write({"image": nested, "label": Y}))
    assert (data.training.samples.n_features, data.training.scale) == (6, "unit")
    tensors = pa.FixedShapeTensorArray.from_numpy_ndarray(images)
    assert load(write({"image": tensors, "label": Y})).fingerprint == data.fingerprint


def test_one_hot_labels_in_a_list(write):
    """Where they are named."""
    hot = pa.array(np.eye(3, dtype=int)[Y].tolist())
    assert load(write({"emb": LISTS, "hot": hot}), target="hot").classes == ("0", "1", "2")


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ([[1.0, 2.0], [1.0]] * 15, "lists in column 'emb' of .* have 1 to 2 numbers"),
        (
            [[1.0, 2.0]] * 28 + [[1.0], [1.0, 2.0, 3.0]],
            "have 1 to 3 numbers: 2 as a rule, and others in 2 rows, first 1 in row 29 .from 1.",
        ),
        ([[1.0], None] * 15, "Column 'emb' of .* is missing.* in 15 rows"),
        ([[1.0, None]] * 30, "Column 'emb' of .* is missing.* in 30 rows"),
        ([[1.0, float("nan")]] * 30, "30 values are missing in 1 column of .*--missing median"),
        ([[1.0, float("inf")]] * 30, r"Column 'emb' of .* row 1 .from 1. has inf at place 1"),
        ([[]] * 30, "empty lists"),
        ([["a"]] * 30, "Column 'emb' .* holds list"),
    ],
)
def test_bad_lists(write, column, message):
    """The column, how many rows, and what to do."""
    column = pa.array(column, pa.list_(pa.float64()) if column[0] == [] else None)
    with pytest.raises(DataError, match=message):
        load(write({"emb": column, "label": Y}))


def test_the_row_that_lacks_something_is_told():
    """In the whole column, whatever its chunks are, and by row, not by element."""
    lists = [[float(i)] * 64 for i in range(20)]
    lists[7][3] = lists[7][5] = lists[12][0] = None
    column = pa.chunked_array([lists[:5], lists[5:]])
    for taken in (column, column.cast(pa.list_(pa.float64(), 64))):
        with pytest.raises(DataError, match=r"in 2 rows, first in row 8 \(from 1\)\. --missing"):
            vector(taken, "emb", Path("t"))
        with pytest.raises(DataError, match=r"in 2 rows, first in row 108 \(from 1\)"):
            vector(taken, "emb", Path("t"), 100)


def test_labels_that_are_not_there(write):
    """No list is taken for labels, and no text that is all different."""
    with pytest.raises(DataError, match="no column of labels beside a, b"):
        load(write({"a": LISTS, "b": LISTS}))
    with pytest.raises(DataError, match=r"'text' .* does not look like labels"):
        load(write({"emb": LISTS, "text": TEXTS}))


@settings(max_examples=50, deadline=None)
@given(
    st.integers(1, 4),
    st.lists(st.integers(0, 6), min_size=1, max_size=4),
    st.sampled_from(["list", "large", "fixed"]),
    st.integers(0, 3),
)
def test_a_column_is_what_python_makes_of_it(width, lengths, kind, skip):
    """The fast way, by offsets, against row by row, for any chunks and slices."""
    types = {"list": pa.list_(pa.int64()), "large": pa.large_list(pa.int64()),
             "fixed": pa.list_(pa.int64(), width)}  # fmt: skip
    chunks, start = [], 0
    for n in lengths:
        rows = [[start + i * width + j for j in range(width)] for i in range(n + skip)]
        chunks.append(pa.array(rows, types[kind])[skip:])
        start += n * width
    column = pa.chunked_array(chunks, types[kind])
    if len(column):
        np.testing.assert_array_equal(vector(column, "c", "p"), np.array(column.to_pylist()))
