"""Options that some data have no use for, and columns that the model does not know."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import feather, parquet

from hpsoft.data.encoding.encoding import Encoding
from hpsoft.data.encoding.number import Number
from hpsoft.data.stream.incoming import Asked, Wanted
from hpsoft.data.stream.opening import open_rows
from hpsoft.errors import DataError

TABLE = Wanted(1, Encoding((Number("a"),)), known=frozenset(("site",)))
GIVEN = {"labels": "foo", "features": ("foo",), "drop": ("foo",), "encoding": "cp1252",
         "delimiter": ";"}  # fmt: skip


@pytest.fixture
def data(tmp_path):
    """One of each form."""
    made = pa.table({"a": [1.0, 2.0], "foo": [1, 2]})
    (tmp_path / "t.csv").write_text("a,foo\n1,2\n")
    (tmp_path / "t.arff").write_text("@relation r\n@attribute a numeric\n@data\n1\n")
    (tmp_path / "t.svm").write_text("1 1:0.5\n")
    (tmp_path / "shards").mkdir()
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "test.csv").write_text("a,foo\n1,2\n")
    for path in (tmp_path / "t.parquet", tmp_path / "shards" / "train.parquet"):
        parquet.write_table(made, path)
    feather.write_feather(made, tmp_path / "t.feather")
    np.savez(tmp_path / "t.npz", X=np.ones((2, 1)), foo=np.ones(2))
    (tmp_path / "arrays").mkdir()
    np.save(tmp_path / "arrays" / "X.npy", np.ones((2, 1)))
    images = bytes((0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7))
    (tmp_path / "idx").mkdir()
    (tmp_path / "idx" / "t10k-images-idx3-ubyte").write_bytes(images)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("digits", "labels features drop encoding delimiter"),
        ("t.svm", "labels features drop encoding delimiter"),
        ("idx", "labels features drop encoding delimiter"),
        ("idx/t10k-images-idx3-ubyte", "labels features drop encoding delimiter"),
        ("openml:iris", "features encoding delimiter"),
        ("t.csv", "features"),
        ("tables", "features"),
        ("t.arff", "features delimiter"),
        ("t.parquet", "features encoding delimiter"),
        ("t.feather", "features encoding delimiter"),
        ("shards", "features encoding delimiter"),
        ("t.npz", "drop encoding delimiter"),
        ("arrays", "drop encoding delimiter"),
        ("arrays/X.npy,arrays/X.npy", "drop encoding delimiter"),
    ],
)
def test_what_makes_no_sense_is_refused(name, refused, data, monkeypatch):
    """It was ignored."""
    monkeypatch.chdir(data)
    for option in refused.split():
        with pytest.raises(DataError, match=rf"--{option} \S+ makes no sense for '?\S*{name}"):
            open_rows(name, TABLE, Asked(**{option: GIVEN[option]}))


def test_a_column_that_the_model_does_not_know_is_refused(tmp_path):
    """Names are matched in both directions; what numbers rows, or was there before, is known."""
    path = tmp_path / "t.csv"
    path.write_text("id,a,site,new,newer\n1,2,x,3,4\n")
    with pytest.raises(DataError) as error:
        open_rows(str(path), TABLE)
    assert str(error.value) == (
        f"{path} has 2 columns that the model does not know: 'new', 'newer'. --labels names the "
        "column of the labels. Leave out what is no feature with --drop new, or all that the model "
        "does not know with --drop '*'."
    )
    with pytest.raises(DataError, match=r"has a column that the model does not know: 'newer'\. L"):
        open_rows(str(path), TABLE, Asked(labels="new"))
    for drop in (("new", "newer"), ("new*",), ("*",), ("3", "-1")):
        (chunk,) = open_rows(str(path), TABLE, Asked(drop=drop)).chunks()
        assert np.asarray(chunk.table.numbers).tolist() == [[2]]


def test_a_model_that_did_not_keep_what_was_there_tells_instead(tmp_path):
    """Older releases did not, so anything may have been there."""
    (tmp_path / "t.csv").write_text("a,new\n1,2\n")
    opened = open_rows(str(tmp_path / "t.csv"), Wanted(1, TABLE.encoding))
    assert opened.notes == ("Column 'new': not known to the model, and not used.",)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (Asked(drop=("a",)), "--drop 'a' is a feature of the model, and is needed"),
        (Asked("new", drop=("new",)), "--drop 'new' is the column of the labels, and is needed"),
        (Asked(drop=("nwe",)), r"No column 'nwe'.*Did you mean 'new'\? See --drop"),
    ],
)
def test_columns_that_cannot_be_dropped(asked, says, tmp_path):
    (tmp_path / "t.csv").write_text("a,new\n1,2\n")
    with pytest.raises(DataError, match=says):
        open_rows(str(tmp_path / "t.csv"), TABLE, asked)


def test_by_position_what_is_dropped_is_no_feature(tmp_path):
    (tmp_path / "t.csv").write_text("a,b,c\n1,2,3\n")
    (chunk,) = open_rows(str(tmp_path / "t.csv"), Wanted(2), Asked(drop=("b",))).chunks()
    assert np.asarray(chunk.table.numbers).tolist() == [[1, 3]]
    with pytest.raises(DataError, match="Leave out what is no feature with --drop"):
        open_rows(str(tmp_path / "t.csv"), Wanted(2))
