"""Parquet tables."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from hpsoft.data import load
from hpsoft.data.sources.paths import read_path
from hpsoft.data.tables.arrow import parquet
from hpsoft.data.tables.columns import Wish
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
    path = write({"a": [1.5, 2, 3, 4], "b": [1, 2, 3, 4], "c": [True, False] * 2, "kind": labels})
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
        ({"a": [{"b": 1}, {"b": 2}], "y": [0, 1]}, "Column 'a' .* holds struct"),
        ({"a": [1, None], "y": [0, 1]}, "1 value is missing in 1 column .* 'a' 1 .from row 2."),
        ({"a": [1.0, float("nan")], "y": [0, 1]}, "1 value is missing .*'a' 1 .*--missing"),
        ({"a": [1.0, float("inf")], "y": [0, 1]}, "'a' of .* not finite .*: row 2 .* has inf"),
        ({"a": [1, 2], "y": ["p", None]}, "column 'y'.* 1 of 2 are missing.*--missing drop-rows"),
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


N = 60
SPECIES = [("x", "y", "z")[i % 3] for i in range(N)]
SIZES = [(7 * i % 60) / 8 for i in range(N)]


@pytest.mark.parametrize(
    ("columns", "n_features", "note"),
    [
        ({"Unnamed: 0": range(N), "a": SIZES, "kind": SPECIES}, 1, "it counts the rows, 0 to 59"),
        ({"n": range(1, N + 1), "a": SIZES, "kind": SPECIES}, 1, "it counts the rows, 1 to 60"),
        ({"a": SIZES, "id": range(0, 7 * N, 7), "kind": SPECIES}, 1, "tells the rows apart"),
        ({"id": [f"bird {i}" for i in range(N)], "a": SIZES, "k": SPECIES}, 1, "names the rows"),
        ({"id": [i // 2 for i in range(N)], "a": SIZES, "kind": SPECIES}, 2, None),
    ],
)
def test_row_numbers(write, columns, n_features, note):
    """As in a CSV."""
    columns = {name: list(values) for name, values in columns.items()}
    source = parquet.read_parquet(write(columns))
    assert source.X.shape == (N, n_features)
    assert (note is None) == (len(source.notes) == 1)
    assert note is None or note in source.notes[1]


@pytest.mark.parametrize("name", ["label", "Species", "target"])
def test_labels_by_name(write, name):
    """As in a CSV."""
    source = parquet.read_parquet(write({name: SPECIES, "a": SIZES, "b": SIZES[::-1]}))
    assert source.labels.tolist() == SPECIES
    assert source.notes == (f"Labels: column {name!r}, by its name.",)


def test_labels_by_being_text(write):
    """Categories are text as well."""
    for column in (pa.array(SPECIES), pa.array(SPECIES).dictionary_encode()):
        source = parquet.read_parquet(write({"kind": column, "a": SIZES, "b": SIZES[::-1]}))
        assert source.labels.tolist() == SPECIES


@pytest.mark.parametrize("target", [None, "b"])
def test_measurements_are_no_labels(write, target):
    """Guessed or named."""
    with pytest.raises(DataError, match=r"'b' .*--target"):
        load(str(write({"a": SIZES, "b": SIZES})), target=target)


@pytest.mark.parametrize("dtype", [pa.uint8(), pa.int64(), pa.float64()])
def test_pixels(write, dtype):
    """They are scaled as those of other files."""
    columns = {
        f"p{i}": pa.array([(37 * i + 11 * j) % 256 for j in range(N)], dtype) for i in range(16)
    }
    assert load(str(write({**columns, "label": SPECIES}))).training.scale == "unit"


def test_whole_numbers_beyond_2_53_are_told_beside_gaps(tmp_path):
    ids = [None if k % 9 == 0 else 2**53 + 1 + k for k in range(60)]
    table = pa.table({"id": pa.array(ids), "x": np.arange(60) / 7, "y": np.arange(60) % 2})
    pq.write_table(table, tmp_path / "t.parquet")
    notes = read_path(str(tmp_path / "t.parquet"), Wish(target="y"), None, ()).notes
    n = sum(k is not None and k % 2 for k in ids)
    assert any(f"{n} whole numbers in column 'id'" in note for note in notes)
