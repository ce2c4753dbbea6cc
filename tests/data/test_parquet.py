"""Parquet tables."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from hpsoft.data import load, parquet
from hpsoft.data.columns import Wish
from hpsoft.errors import DataError


@pytest.fixture
def write(tmp_path):
    """Return a function that writes columns to a.parquet and returns its path."""

    def write(columns, names=None):
        path = tmp_path / "a.parquet"
        table = pa.table(columns) if names is None else pa.table(columns, names=names)
        pq.write_table(table, path)
        return path

    return write


@pytest.mark.parametrize(
    "labels", [["x", "y", "x", "y"], [1, 5, 1, 5], [True, False, True, False]]
)
def test_columns_become_features_and_labels(write, labels):
    """The last column holds the labels unless another is named."""
    path = write({"a": [1.5, 2, 3, 4], "b": [1, 2, 3, 4], "c": [True] * 4, "kind": labels})
    data = load(str(path), test_fraction=0.5)
    assert data.training.samples.X.shape == (2, 3)
    assert data.classes == tuple(map(str, sorted(set(labels))))
    assert data.training.scale == "standard"


def test_bytes_stay_bytes(write):
    """Columns of uint8 give X of uint8."""
    column = pa.array([1, 2], pa.uint8())
    source = parquet.read_parquet(write({"a": column, "b": column, "y": ["p", "q"]}))
    assert source.X.dtype == np.uint8


def test_target_and_index(write):
    """--target chooses; the index that pandas adds is no feature and no label."""
    path = write({"y": [0, 1, 0, 1], "a": [1, 2, 3, 4], "__index_level_0__": [7, 8, 9, 10]})
    source = parquet.read_parquet(path, Wish("y"))
    assert source.X.tolist() == [[1], [2], [3], [4]]
    path = write({"a": [0, 1, 0, 1], "b": [1, 2, 1, 2], "__index_level_0__": [7, 8, 9, 10]})
    assert parquet.read_parquet(path).labels.tolist() == [1, 2, 1, 2]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"a": ["p", "q"], "y": [0, 1]}, "Column 'a' .* holds string"),
        ({"a": [1, None], "y": [0, 1]}, "Column 'a' .* 1 of its values are missing"),
        (
            {"a": [1.0, float("nan")], "y": [0, 1]},
            "Column 'a' of .* not finite .*: row 1 .from 0. has nan",
        ),
        ({"a": [1, 2], "y": ["p", None]}, "Label 1 .* missing"),
        ({"y": [1, 2]}, "has 1 column"),
        ({"a": pa.array([], pa.float64()), "y": pa.array([], pa.int64())}, "no rows"),
    ],
)
def test_bad_tables(write, columns, message):
    """Errors name the column."""
    with pytest.raises(DataError, match=message):
        load(str(write(columns)))


def test_duplicate_names(write):
    """Two columns of one name are refused."""
    path = write([pa.array([1, 2])] * 3, names=["a", "a", "y"])
    with pytest.raises(DataError, match="more than one column called 'a'"):
        load(str(path))


def test_mistyped_target(write):
    """The nearest column is suggested."""
    with pytest.raises(DataError, match="Did you mean 'kind'"):
        load(str(write({"a": [1, 2], "kind": [0, 1]})), target="kinds")


@pytest.mark.parametrize("content", [b"", b"PAR1 no more PAR1", b"text"])
def test_broken_files(tmp_path, content):
    """A file that is no Parquet is named."""
    (tmp_path / "a.parquet").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.parquet cannot be read"):
        load(str(tmp_path / "a.parquet"))
