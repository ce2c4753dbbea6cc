"""Rows of one part, where a column or an array says of which part each row is."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from hpsoft.data.encoding.encoding import Encoding
from hpsoft.data.encoding.number import Number
from hpsoft.data.stream.incoming import Asked, Wanted
from hpsoft.data.stream.opening import open_rows
from hpsoft.errors import DataError

RNG = np.random.default_rng(0)
N = 200
X = RNG.normal(size=(N, 2)).round(3)
Y = RNG.integers(0, 3, N)
PART = np.array(["train", "Test", "valid"])[np.arange(N) % 7 % 3]
NAMED = Wanted(
    2,
    Encoding((Number("a"), Number("b"))),
    label="y",
    known=frozenset(["part"]),
    split="part",
    chunk_cells=1,  # 64 rows at a time
)
ARRAYS = replace(NAMED, encoding=None)


def table():
    return pa.table({"part": PART, "b": X[:, 1], "a": X[:, 0], "y": Y})


def csv(path):
    rows = (",".join(map(str, row.values())) for row in table().to_pylist())
    path.write_text("\n".join(["part,b,a,y", *rows]))


def shards(path):
    path.mkdir()
    parquet.write_table(table().slice(0, 90), path / "train-00000-of-00002.parquet")
    parquet.write_table(table().slice(90), path / "train-00001-of-00002.parquet")


def folder(path):
    path.mkdir()
    for name, array in {"X": X, "y": Y, "part": PART}.items():
        np.save(path / f"{name}.npy", array)


FORMS = {
    "t.csv": (csv, NAMED),
    "t.parquet": (lambda path: parquet.write_table(table(), path), NAMED),
    "shards": (shards, NAMED),
    "lists.parquet": (
        lambda path: parquet.write_table(pa.table({"X": list(X), "part": PART, "y": Y}), path),
        ARRAYS,
    ),
    "t.npz": (lambda path: np.savez(path, X=X, y=Y, part=PART), ARRAYS),
    "arrays": (folder, ARRAYS),
    "pair": (folder, ARRAYS),
    "plain.csv": (csv, ARRAYS),
}


def read(path, wanted, **asked):
    """Return X, labels and places of all rows, and what was opened."""
    spec = f"{path}/X.npy,{path}/y.npy" if path.name == "pair" else str(path)
    opened = open_rows(spec, wanted, Asked(**asked))
    chunks = list(opened.chunks())
    assert opened.n_rows in {None, sum(map(len, chunks))}
    found = np.concatenate([np.asarray(chunk.table.numbers) for chunk in chunks])
    labels = np.concatenate([chunk.labels for chunk in chunks])
    rows = [np.empty(0, int) if chunk.rows is None else chunk.rows for chunk in chunks]
    return found, labels, np.concatenate(rows), opened


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("part", [None, "train", "val", "test", "all"])
def test_the_rows_of_the_part_are_read_and_no_other(name, part, tmp_path):
    """All rows were read before, those that the model was trained on among them."""
    write, wanted = FORMS[name]
    write(tmp_path / name)
    found, labels, rows, opened = read(tmp_path / name, wanted, part=part)
    said = {"train": "train", "val": "valid", "test": "Test", None: "Test"}
    expected = np.arange(N) if part == "all" else np.flatnonzero(said[part] == PART)
    X_read = X[:, ::-1] if name == "plain.csv" else X  # by position
    np.testing.assert_allclose(found, X_read[expected])
    assert labels.tolist() == Y[expected].astype(str).tolist()
    assert part == "all" or rows.tolist() == expected.tolist()
    assert ("test rows are predicted" in " ".join(opened.notes)) == (part is None)


@pytest.mark.parametrize("name", FORMS)
def test_data_without_parts_have_none_to_ask_for(name, tmp_path):
    """It was ignored by tables. Without the word, or with all, every row is read."""
    write, wanted = FORMS[name]
    write(tmp_path / name)
    other = replace(wanted, split=None)
    for part in (None, "all"):
        assert len(read(tmp_path / name, other, part=part)[0]) == N
    with pytest.raises(DataError, match=r"has no test part, which --part test asks for"):
        read(tmp_path / name, other, part="test")


def test_rows_of_no_part_and_parts_without_rows(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b,part\n" + "1,2,train\n" * 20 + "1,2,fold 3\n1,2,\n")
    with pytest.raises(DataError, match=r"names no part in 2 of 22 rows, first in row 21 \(from 1\), "
                                        "which says 'fold 3'"):  # fmt: skip
        read(path, NAMED)
    path.write_text("a,b,part\n" + "1,2,train\n" * 20)
    with pytest.raises(DataError, match=r"none of 20 rows is of the test part\. --part names"):
        read(path, NAMED)
    np.savez(tmp_path / "t.npz", X=X, part=PART[:-1])
    with pytest.raises(
        DataError, match=r"'X' has 200 rows, and 'part', which says .*, 199 values"
    ):
        read(tmp_path / "t.npz", ARRAYS)


def test_yes_and_no_by_the_name_of_the_column(tmp_path):
    wanted = Wanted(1, Encoding((Number("a"),)), split="is_test")
    (tmp_path / "t.csv").write_text("a,is_test,y\n1,0,x\n2,1,x\n3,1,y\n")
    assert read(tmp_path / "t.csv", wanted)[0].tolist() == [[2], [3]]


def test_the_column_of_the_labels_says_of_no_part(tmp_path):
    (tmp_path / "t.csv").write_text("a,b,part\n1,2,train\n1,2,test\n")
    assert len(read(tmp_path / "t.csv", NAMED, labels="part")[0]) == 2
