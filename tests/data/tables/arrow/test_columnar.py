"""Parquet, Arrow's file and stream, Feather of both versions give the same data."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import feather, ipc, parquet

from hpsoft.data import load
from hpsoft.data.labels import encode
from hpsoft.data.tables.arrow.plain import labels_of, objects_of
from hpsoft.errors import DataError

RNG = np.random.default_rng(0)
X, KINDS = RNG.normal(size=(30, 3)), np.array(["a", "b", "c"] * 10)
TABLE = pa.table(
    {**{f"x{i}": X[:, i] for i in range(3)}, "kind": KINDS, "__index_level_0__": range(30)}
)


def write_stream(table, path):
    with ipc.new_stream(str(path), table.schema) as writer:
        writer.write_table(table, max_chunksize=7)


def write_file(table, path):
    with ipc.new_file(str(path), table.schema) as writer:
        writer.write_table(table, max_chunksize=7)


WRITERS = {
    "a.parquet": lambda table, path: parquet.write_table(table, path, row_group_size=7),
    "b.pq": parquet.write_table,
    "a.arrow": write_file,
    "b.arrows": write_stream,
    "c.ipc": write_stream,
    "a.feather": lambda table, path: feather.write_feather(table, path, compression="zstd"),
    "b.feather": lambda table, path: feather.write_feather(table, path, version=1),
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.filterwarnings("ignore:.*Feather.*")
def test_every_form(tmp_path, name):
    """Columns by name, labels of text, the index of pandas left out."""
    WRITERS[name](TABLE, tmp_path / name)
    data = load(str(tmp_path / name))
    assert data.training.samples.n_features == 3
    assert data.classes == ("a", "b", "c")
    assert {tuple(row) for row in np.asarray(data.test.X)} <= {tuple(row) for row in X}
    assert load(str(tmp_path / name), features=["x2", "x0"]).training.samples.n_features == 2


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "b.arrows", "a.feather"])
@pytest.mark.parametrize("share", [0, 0.3, 0.9])
def test_what_is_cut_off(tmp_path, name, share):
    """Said of the file."""
    WRITERS[name](TABLE, tmp_path / name)
    raw = (tmp_path / name).read_bytes()
    (tmp_path / name).unlink()
    (tmp_path / name).write_bytes(raw[: int(share * len(raw))])
    with pytest.raises(DataError, match=rf"{name} (cannot be read|is truncated)") as error:
        load(str(tmp_path / name))
    assert "\n" not in str(error.value)


def test_encoding_is_of_text(tmp_path):
    """Other files are not read by it."""
    parquet.write_table(TABLE, tmp_path / "a.parquet")
    with pytest.raises(DataError, match="--encoding cp1252 makes no sense"):
        load(str(tmp_path / "a.parquet"), encoding="cp1252")


@pytest.mark.parametrize(
    "labels",
    [
        pa.array([3, 1, 3, 2] * 8), pa.array([True, False] * 16), pa.array(["b", " a", "7"] * 10 + ["b", "b"]),
        pa.array(["1.0", "2"] * 16), pa.array(["b", "a"] * 16).dictionary_encode(), pa.array([1.0, 2.0] * 16),
        pa.array([0.5, 2.0] * 16), pa.array(["x" * 300, "y"] * 16), pa.array([1, 2] * 16, pa.uint8()),
    ],
)  # fmt: skip
def test_labels_as_an_array_or_as_objects(labels):
    """The classes are the same; objects are the reference."""
    column = pa.chunked_array([labels.slice(0, 9), labels.slice(9)])
    fast, _, classes = encode(labels_of(column), None, "t")
    slow, _, expected = encode(objects_of(column), None, "t")
    assert classes == expected
    np.testing.assert_array_equal(fast, slow)
