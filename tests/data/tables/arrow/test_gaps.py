"""Rows that lack a list are left out where --missing says so, and counted."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import feather, parquet

from hpsoft.data import load
from hpsoft.data.encoding.policy import Policy
from hpsoft.errors import DataError

DROP = Policy("drop-rows")
N = 24


def write(path, kind, lists, chunk=10):
    table = {
        "emb": pa.array(lists, kind),
        "w": [None if i == 9 else 1.0 + i for i in range(N)],
        "label": [i % 2 for i in range(N)],
    }
    if path.suffix == ".feather":
        feather.write_feather(pa.table(table), path, chunksize=chunk)
    else:
        parquet.write_table(pa.table(table), path, row_group_size=chunk)
    return str(path)


def lists(**gaps):
    found = [[float(i), 1.0 + i % 3] for i in range(N)]
    for row, value in gaps.items():
        found[int(row[1:])] = value
    return found


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("t.parquet", pa.list_(pa.float32())),
        ("t.feather", pa.list_(pa.float32(), 2)),  # pyarrow 17 writes none of that to Parquet
        ("t.parquet", pa.large_list(pa.float64())),
    ],
)
def test_flat(tmp_path, name, kind):
    """No list, and a list with a null in it; a weight that is missing too."""
    path = write(tmp_path / name, kind, lists(r3=None, r14=[1.0, None]))
    with pytest.raises(DataError, match="--missing drop-rows leaves such rows out"):
        load(path, drop=["w"])
    data = load(path, policy=DROP, side={"sample_weight": "w"})
    assert "2 of 24 rows lack a list ('emb' 2) and are left out." in data.notes
    X = np.vstack([np.asarray(data.training.samples.X), np.asarray(data.test.X)])
    assert sorted(X[:, 0]) == [i for i in range(N) if i not in {3, 9, 14}]
    weight = np.concatenate([data.training.samples.weight, data.test.weight])
    np.testing.assert_array_equal(np.sort(weight), np.sort(X[:, 0]) + 1)


def test_lists_of_lists(tmp_path):
    """A null anywhere below counts."""
    nested = [[[float(i), 2.0], [3.0, 4.0]] for i in range(N)]
    nested[5] = [[1.0, 2.0], [None, 4.0]]
    nested[6] = [[1.0, 2.0], None]
    path = write(tmp_path / "t.parquet", pa.list_(pa.list_(pa.float32())), nested)
    data = load(path, policy=DROP, drop=["w"])
    assert len(data.training) + len(data.test) == N - 2
    assert data.training.samples.n_features == 4


def test_all_and_none(tmp_path):
    """Nothing is said where nothing is missing; where everything is, an error."""
    kind = pa.list_(pa.float32())
    path = write(tmp_path / "t.parquet", kind, lists())
    assert not any("lack" in note for note in load(path, policy=DROP, drop=["w"]).notes)
    path = write(tmp_path / "t.parquet", kind, [[None, 1.0]] * N)
    with pytest.raises(DataError, match=r"Every row of .* lacks a list"):
        load(path, policy=DROP, drop=["w"])


def test_parts(tmp_path):
    """Each part says its own."""
    kind = pa.list_(pa.float32())
    write(tmp_path / "train.parquet", kind, lists(r3=None))
    write(tmp_path / "test.parquet", kind, lists(r3=None, r4=None))
    notes = load(str(tmp_path), policy=DROP, drop=["w"]).notes
    assert "1 of 24 rows lack a list ('emb' 1) and are left out." in notes
    assert "Of the test part, 2 of 24 rows lack a list ('emb' 2) and are left out." in notes
