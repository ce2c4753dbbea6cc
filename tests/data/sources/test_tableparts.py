"""Folders of tables: shards, and parts as the hub and people lay them out."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import ipc, parquet

from hpsoft.data import load
from hpsoft.data.encoding.policy import Policy
from hpsoft.errors import DataError

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(40, 3)), np.arange(40) % 4
HUB = {
    "train-00000-of-00002": slice(0, 12), "train-00001-of-00002": slice(12, 24),
    "validation-00000-of-00001": slice(24, 32), "test-00000-of-00001": slice(32, 40),
}  # fmt: skip


def table(rows, *, lists=False, labels=True):
    columns = {"emb": list(X[rows])} if lists else {f"x{i}": X[rows, i] for i in range(3)}
    return pa.table({**columns, **({"label": Y[rows]} if labels else {})})


def write(path, rows, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        names = [f"x{i}" for i in range(3)] + ["label"]
        lines = [",".join(map(str, (*X[i], Y[i]))) for i in range(40)[rows]]
        path.write_text("\n".join([",".join(names), *lines, ""]))
    elif path.suffix == ".arrow":
        found = table(rows, **options)
        with ipc.new_stream(str(path), found.schema) as writer:
            writer.write_table(found)
    else:
        parquet.write_table(table(rows, **options), path)


@pytest.mark.parametrize("lists", [False, True])
@pytest.mark.parametrize(
    "layout",
    [
        "{name}.parquet", "data/{name}.parquet", "{part}/{name}.parquet", "{part}/{number}.parquet",
        "default/{part}/{number}.parquet", "{part}/data-{rest}.arrow",
    ],
)  # fmt: skip
def test_the_hub_and_its_kin(tmp_path, layout, lists):
    """All shards of a part, in their order; every part is used."""
    for name, rows in HUB.items():
        part, number, *_ = name.split("-")
        place = layout.format(name=name, part=part, number=number, rest=name.partition("-")[2])
        write(tmp_path / place, rows, lists=lists)
    (tmp_path / "dataset_infos.json").write_text("{}")
    data = load(str(tmp_path))
    np.testing.assert_array_equal(data.training.samples.X, X[:24])
    np.testing.assert_array_equal(data.training.validation.X, X[24:32])
    np.testing.assert_array_equal(data.test.labels, Y[32:])
    assert data.name == tmp_path.name


@pytest.mark.parametrize("names", [("train.csv", "test.csv"), ("birds_train.csv", "birds_test.csv"),
                                   ("train.parquet", "test.parquet")])  # fmt: skip
def test_a_file_a_part(tmp_path, names):
    """The columns of the training part are those of the test part."""
    for name, rows in zip(names, (slice(0, 30), slice(30, 40)), strict=True):
        write(tmp_path / name, rows)
    data = load(str(tmp_path))
    np.testing.assert_array_equal(data.training.samples.X, X[:30])
    np.testing.assert_array_equal(data.test.X, X[30:])
    assert f"{names[1]} is the test part." in data.notes


def test_shards_without_parts(tmp_path):
    """As Spark writes them: one table, which is divided."""
    for i in range(4):
        name = f"part-{i:05d}-3f2a9c1e-77aa-4d2c-9e61-0a1b2c3d4e5f-c000.snappy.parquet"
        write(tmp_path / name, slice(10 * i, 10 * i + 10))
    (tmp_path / "_SUCCESS").touch()
    data = load(str(tmp_path))
    assert len(data.training.samples) + len(data.test) == 40


def test_a_shard_alone(tmp_path):
    """It is read, and said to be one of several."""
    write(tmp_path / "train-00000-of-00002.parquet", slice(0, 20))
    data = load(str(tmp_path / "train-00000-of-00002.parquet"))
    assert any("one of 2 files of a table; name the folder" in note for note in data.notes)


def test_a_test_part_without_labels(tmp_path):
    """It is not used, and said so: no such column, or -1 everywhere."""
    write(tmp_path / "train.parquet", slice(0, 30))
    write(tmp_path / "test.parquet", slice(30, 40), labels=False)
    data = load(str(tmp_path))
    assert (len(data.training.samples), len(data.test)) == (24, 6)
    assert any("test.parquet has no labels, column 'label'" in note for note in data.notes)
    hidden = table(slice(30, 40)).set_column(3, "label", pa.array([-1] * 10))
    parquet.write_table(hidden, tmp_path / "test.parquet")
    data = load(str(tmp_path))
    assert any("All labels of test.parquet are -1" in note for note in data.notes)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["train-00000-of-00003", "train-00002-of-00003"], "lacks 1 of 3 shards of train, .*train-00001-of-00003"),
        (["cats", "dogs"], "several tables: cats, dogs"),
        (["fine/train-0", "coarse/train-0"], "several tables: coarse, fine"),
        (["test"], "has test.parquet, but no training part"),
        (["test", "train.csv"], "has test.parquet, and its training part train.csv in another format"),
    ],
)  # fmt: skip
def test_what_cannot_be_told(tmp_path, files, message):
    """Missing shards and several tables are errors."""
    for name in files:
        write(tmp_path / (name if "." in name else f"{name}.parquet"), slice(0, 20))
    with pytest.raises(DataError, match=message):
        load(str(tmp_path))


def test_shards_of_other_columns(tmp_path):
    """The column that is in one of them only."""
    write(tmp_path / "train-0.parquet", slice(0, 20))
    odd = table(slice(20, 40)).rename_columns(["x0", "x1", "weight", "label"])
    parquet.write_table(odd, tmp_path / "train-1.parquet")
    with pytest.raises(DataError, match=r"train-1.parquet has other columns than .*: 'weight'"):
        load(str(tmp_path))


def test_a_part_in_another_order(tmp_path):
    """Columns are not mixed up."""
    write(tmp_path / "train.parquet", slice(0, 30))
    mixed = table(slice(30, 40)).select(["x1", "x0", "x2", "label"])
    parquet.write_table(mixed, tmp_path / "test.parquet")
    with pytest.raises(DataError, match="in another order"):
        load(str(tmp_path))


def test_several_csv_files(tmp_path):
    """None is guessed."""
    for name in ("cats.csv", "dogs.csv"):
        write(tmp_path / name, slice(0, 20))
    with pytest.raises(DataError, match="several tables: cats, dogs"):
        load(str(tmp_path))


def test_text_and_gaps_in_parts(tmp_path):
    """Levels and fill-ins are those of the training part, of CSV and Parquet alike."""
    found = []
    for suffix in ("csv", "parquet"):
        folder = tmp_path / suffix
        folder.mkdir()
        for part, rows in (
            ("train", slice(0, 24)),
            ("val", slice(24, 32)),
            ("test", slice(32, 40)),
        ):
            size = [None if i % 9 == 4 else float(X[i, 0]) for i in range(40)[rows]]
            colour = ["red" if i % 2 else "blue" for i in range(40)[rows]]
            columns = {"size": size, "colour": colour, "label": list(Y[rows])}
            if suffix == "parquet":
                parquet.write_table(pa.table(columns), folder / f"{part}.parquet")
            else:
                lines = [
                    ",".join("" if v is None else str(v) for v in row)
                    for row in zip(*columns.values(), strict=True)
                ]
                (folder / f"{part}.csv").write_text(
                    "\n".join(["size,colour,label", *lines]) + "\n"
                )
        data = load(str(folder), policy=Policy("median"))
        assert data.training.validation is not None
        found.append(
            [np.asarray(p.X) for p in (data.training.samples, data.training.validation, data.test)]
        )
        with pytest.raises(DataError, match="--missing"):
            load(str(folder))
    for csv, columnar in zip(*found, strict=True):
        np.testing.assert_array_equal(csv, columnar)


def test_text_in_one_part_alone(tmp_path):
    """The column is named."""
    write(tmp_path / "train.parquet", slice(0, 30))
    odd = table(slice(30, 40)).set_column(1, "x1", pa.array(["a", "b"] * 5))
    parquet.write_table(odd, tmp_path / "test.parquet")
    with pytest.raises(
        DataError, match=r"Column 'x1' of .*test.parquet holds text, and numbers in"
    ):
        load(str(tmp_path))
