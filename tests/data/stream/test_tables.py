"""Tables of every form, as the columns that a model takes."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from streamed_tables import FORMS, WANTED, N, columns, expected, whole, write_csv

from hpsoft.data.encoding.category import Category
from hpsoft.data.encoding.date import Date
from hpsoft.data.encoding.encoding import Encoding
from hpsoft.data.encoding.left import Left
from hpsoft.data.encoding.number import Number
from hpsoft.data.stream.incoming import Asked, Wanted
from hpsoft.data.stream.opening import open_rows
from hpsoft.data.tables.arrow import csvarrow
from hpsoft.errors import DataError


@pytest.mark.parametrize("name", FORMS)
def test_the_columns_of_the_model_are_found_by_name(name, tmp_path):
    """In any order, with others beside them; what was constant in training may lack."""
    FORMS[name](tmp_path / name)
    X, labels, opened = whole(tmp_path / name, drop=("extra",))
    if name == "a.arff":  # ARFF has no truth values: text is none for the model
        assert len(X) == N
    np.testing.assert_allclose(X, expected())
    assert labels.tolist() == [label or "" for label in columns()["kind"]]
    assert (opened.label, opened.notes) == ("kind", ())


@pytest.mark.parametrize("after", [0, 1, 60])
def test_where_arrow_gives_up_the_rows_go_on_one_by_one(after, tmp_path, monkeypatch):
    """No row is lost, and none comes twice."""
    write_csv(tmp_path / "a.csv")
    real = csvarrow.blocks

    def some(file, layout, numeric, texts):
        blocks = real(file, layout, numeric, texts)
        for numbers, cells in blocks:
            if after:
                yield numbers[:after], [list(t)[:after] for t in cells]
            raise csvarrow.OddError("odd")

    monkeypatch.setattr(csvarrow, "SMALL", 0)
    by_arrow, labels, _ = whole(tmp_path / "a.csv", drop=("extra",))
    monkeypatch.setattr(csvarrow, "blocks", some)
    X, again, _ = whole(tmp_path / "a.csv", drop=("extra",))
    np.testing.assert_allclose(by_arrow, expected())
    np.testing.assert_allclose(X, expected())
    assert labels.tolist() == again.tolist()


def test_labels_by_the_users_word_or_none(tmp_path):
    write_csv(tmp_path / "a.csv")
    _, labels, opened = whole(tmp_path / "a.csv", labels="extra")
    assert (opened.label, labels[0]) == ("extra", str(N))
    with pytest.raises(DataError, match="--labels 'size' is a feature of the model"):
        whole(tmp_path / "a.csv", labels="size")
    with pytest.raises(DataError, match=r"No column 'kinds'.*Did you mean 'kind'"):
        whole(tmp_path / "a.csv", labels="kinds")
    text = (tmp_path / "a.csv").read_text().replace("kind", "what", 1)
    (tmp_path / "b.csv").write_text(text)
    assert whole(tmp_path / "b.csv", drop=("extra", "what"))[1] is None


@pytest.mark.parametrize("label", ["class", None])
def test_a_feature_is_not_taken_for_the_labels(label, tmp_path):
    """Neither by its usual name, nor because labels were called so where the model was trained."""
    wanted = Wanted(2, Encoding((Number("class"), Number("a"))), label=label)
    (tmp_path / "t.csv").write_text("class,a\n1,2\n3,4\n")
    X, labels, opened = whole(tmp_path / "t.csv", wanted)
    assert X.tolist() == [[1, 2], [3, 4]]
    assert (labels, opened.label) == (None, None)
    (tmp_path / "t.csv").write_text("class,a,label\n1,2,x\n")
    assert whole(tmp_path / "t.csv", wanted)[2].label == "label"


def test_a_single_column_and_a_single_row(tmp_path):
    wanted = Wanted(1, Encoding((Number("a"),)))
    (tmp_path / "a.csv").write_text("a\n3\n")
    assert whole(tmp_path / "a.csv", wanted)[0].tolist() == [[3.0]]


def test_columns_that_lack_are_named_with_what_is_there(tmp_path):
    write_csv(tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text()
    (tmp_path / "a.csv").write_text(text.replace("size", "Size", 1).replace("ok", "yes", 1))
    with pytest.raises(DataError) as error:
        open_rows(str(tmp_path / "a.csv"), WANTED)
    assert "lacks 2 of the 5 columns that the model takes: 'size', 'ok'." in str(error.value)
    assert "Did you mean 'Size' for 'size'?" in str(error.value)


def test_features_that_are_not_looked_at_may_lack(tmp_path):
    """A model of a feature set needs the columns of this set alone."""
    wanted = Wanted(2, Encoding((Number("a"), Number("b"))), used=frozenset((1,)))
    (tmp_path / "a.csv").write_text("b,c\n3,x\n4,y\n")
    X, _, opened = whole(tmp_path / "a.csv", wanted)
    assert X.tolist() == [[0, 3], [0, 4]]
    assert opened.notes == ("Column 'c': not known to the model, and not used.",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,a\n1,2\n", "more than one column called 'a'"),
        ("a\n", "has no rows"),
        ("", "has no rows"),
        ("a,b\n1,2\n1\n", "Line 3 of .* has 1 cells where there are 2 columns"),
        ("a,b\n1,2\nx,2\ny,1\n", "line 3 has 'x'; 2 of 3 cells are none. Correct the cells"),
        ("a,b\n1,2\nx,2\n", "'a' of .* holds numbers for the model, and line 3 has 'x'. Correct"),
    ],
)
def test_tables_that_do_not_fit(text, says, tmp_path):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(DataError, match=says):
        whole(tmp_path / "a.csv", Wanted(1, Encoding((Number("a"),))))


def test_text_that_is_damaged_or_in_an_encoding(tmp_path):
    wanted = Wanted(2, Encoding((Category("ort", ("Köln", "")),)))
    (tmp_path / "a.csv").write_bytes("ort,b\nKöln,1\nBonn,2\n".encode("latin-1"))
    assert whole(tmp_path / "a.csv", wanted)[0].tolist() == [[1, 0], [0, 0]]
    (tmp_path / "a.csv").write_bytes(b"ort,b\n" + b"x,1\n" * 70_000 + "Köln,1\n".encode("latin-1"))
    with pytest.raises(DataError, match="no text in UTF-8"):
        whole(tmp_path / "a.csv", wanted)
    assert len(whole(tmp_path / "a.csv", wanted, encoding="latin-1")[0]) == 70_001


def test_text_where_the_model_has_numbers_in_parquet(tmp_path):
    wanted = Wanted(1, Encoding((Number("a"),)))
    parquet.write_table(pa.table({"a": ["1", "2.5", None]}), tmp_path / "a.parquet")
    np.testing.assert_array_equal(
        [c.table.numbers[:, 0] for c in open_rows(str(tmp_path / "a.parquet"), wanted).chunks()],
        [[1, 2.5, np.nan]],
    )
    parquet.write_table(pa.table({"a": ["1", "high"]}), tmp_path / "a.parquet")
    with pytest.raises(DataError, match="holds numbers for the model, and text here, such as"):
        whole(tmp_path / "a.parquet", wanted)


def test_the_row_of_a_fault_is_that_of_the_file(tmp_path):
    """Not of what was read at once: 64 rows or more."""
    path, wanted = tmp_path / "a.parquet", Wanted(1, Encoding((Number("a"),)))
    parquet.write_table(pa.table({"a": ["1"] * 137 + ["high", "2"]}), path)
    with pytest.raises(DataError, match=r"'high' in row 138 \(from 1\)"):
        whole(path, wanted)
    parquet.write_table(pa.table({"a": [[1.0, 2.0]] * 25 + [[1.0, None], [1.0, 2.0]]}), path)
    with pytest.raises(DataError, match=r"first in row 26 \(from 1\)"):
        whole(path, Wanted(2))


def test_numbers_and_dates_where_the_model_has_text(tmp_path):
    encoding = Encoding((Category("zip", ("101", "")), Date("day", "dmy")))
    made = {"zip": [101, 7], "day": np.array(["2024-03-01", "1970-01-02"], "M8[D]")}
    parquet.write_table(pa.table(made), tmp_path / "a.parquet")
    X, _, _ = whole(tmp_path / "a.parquet", Wanted(3, encoding))
    assert X.tolist() == [[1, 0, 19783], [0, 0, 1]]


def test_by_position_where_one_side_knows_no_names(tmp_path):
    (tmp_path / "a.csv").write_text("id,p,q,label\n1,2,3,x\n2,4,5,y\n")
    opened = open_rows(str(tmp_path / "a.csv"), Wanted(2))
    (chunk,) = opened.chunks()
    assert np.asarray(chunk.table.numbers).tolist() == [[2, 3], [4, 5]]
    assert chunk.labels.tolist() == ["x", "y"]
    assert "in their order besides 'id', 'label'" in opened.notes[0]
    with pytest.raises(DataError, match="has 3 columns besides the labels 'label', and the model"):
        open_rows(str(tmp_path / "a.csv"), Wanted(5))
    parquet.write_table(pa.table({"p": [1.5], "q": [2]}), tmp_path / "a.parquet")
    (chunk,) = open_rows(str(tmp_path / "a.parquet"), Wanted(2)).chunks()
    assert np.asarray(chunk.table.numbers).tolist() == [[1.5, 2]]
    named = Wanted(2, Encoding((Number("a"), Left("flat", "constant"), Number("b"))))
    for width in (2, 3):
        np.save(tmp_path / "x.npy", np.ones((3, width)))
        (chunk,) = open_rows(str(tmp_path / "x.npy"), named).chunks()
        assert named.encoding.apply(chunk.table).tolist() == [[1, 1]] * 3
    for spec, asked in ((tmp_path / "x.npy", Asked(features=("x",))), ("digits", Asked())):
        with pytest.raises(DataError, match="takes columns of text: 'colour'"):
            open_rows(str(spec), WANTED, asked)
    (tmp_path / "a.svm").write_text("1 3:0.5\n")
    with pytest.raises(DataError, match="the model takes columns of text"):
        open_rows(str(tmp_path / "a.svm"), WANTED)


def test_folders_with_parts(tmp_path):
    table = pa.table({"a": range(10), "y": [0, 1] * 5})
    wanted = Wanted(1, Encoding((Number("a"),)), label="y")
    parquet.write_table(table, tmp_path / "train.parquet")
    parquet.write_table(table.slice(0, 3), tmp_path / "test.parquet")
    X, _, opened = whole(tmp_path, wanted)
    assert (len(X), "test part is predicted" in opened.notes[0]) == (3, True)
    assert len(whole(tmp_path, wanted, part="all")[0]) == 13
    parquet.write_table(table.select(["y"]), tmp_path / "val.parquet")
    with pytest.raises(DataError, match="lacks column 'a', which train"):
        whole(tmp_path, wanted, part="all")
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "test.csv").write_text("a\n1\n2\n")
    assert len(whole(texts, wanted)[0]) == 2
    (texts / "train.csv").write_text("a\n1\n2\n")
    with pytest.raises(DataError, match="holds several tables"):
        whole(texts, wanted, part="all")


def test_a_source_that_is_in_memory():
    """As OpenML's tables are."""
    from hpsoft.data.encoding.table import Coded, Field
    from hpsoft.data.stream.sources import open_source
    from hpsoft.data.tables.columns import Kind
    from hpsoft.data.types import Source

    fields = (Field("b", Kind.TEXT), Field("a"))
    texts = (Coded.from_texts(["x", None]),)
    source = Source(
        "s", np.array([[1.0], [2.0]]), np.array([1, 0]), None, None, "o",
        fields=fields, texts=texts, classes=("no", "yes"),
    )  # fmt: skip
    encoding = Encoding((Number("a"), Category("b", ("x",)), Left("c", "", is_text=True)))
    (chunk,) = open_source(source, Asked(), Wanted(2, encoding)).chunks()
    assert encoding.apply(chunk.table).tolist() == [[1, 1], [2, 0]]
    assert chunk.labels.tolist() == ["yes", "no"]
    with pytest.raises(DataError, match="Column 'b' holds text, and the model was trained on"):
        list(open_source(source, Asked(), Wanted(1, Encoding((Number("b"),)))).chunks())


def test_words_for_missing_and_numbers_that_are_names(tmp_path):
    """As they were said in training: everywhere, or in one column, in text and in numbers."""
    encoding = Encoding((Number("a", fill=9.0), Category("zip", ("1", "x", "")), Number("b")))
    wanted = Wanted(
        5, encoding, missing_values=("unknown", "-1", "a=0"), categorical=frozenset(["zip"])
    )
    text = "a,zip,b\n1,1.0,0\nunknown,x,3\n-1,Unknown,4\n0,-1,5\n"
    (tmp_path / "a.csv").write_text(text)
    expected = [[1, 1, 0, 0, 0], [9, 0, 1, 0, 3], [9, 0, 0, 1, 4], [9, 0, 0, 1, 5]]
    assert whole(tmp_path / "a.csv", wanted)[0].tolist() == expected
    table = pa.table({"a": ["1", "unknown", "-1", "0"], "zip": ["1.0", "x", "unknown", None],
                      "b": [0, 3, 4, 5]})  # fmt: skip
    parquet.write_table(table, tmp_path / "a.parquet")
    assert whole(tmp_path / "a.parquet", wanted)[0].tolist() == expected
    parquet.write_table(pa.table({"a": [-1, 2], "zip": [1.0, 7.0], "b": [1, 2]}),
                        tmp_path / "a.parquet")  # fmt: skip
    X = whole(tmp_path / "a.parquet", wanted)[0]
    assert X.tolist() == [[9, 1, 0, 0, 1], [2, 0, 0, 0, 2]]
    (tmp_path / "a.csv").write_text("a,zip,b\n1,1,0\nhigh,x,3\n")
    with pytest.raises(DataError, match="text here, such as 'high' in row 2"):
        whole(tmp_path / "a.csv", wanted)


def test_a_delimiter(tmp_path):
    (tmp_path / "a.csv").write_text("a|b\n1|2,5\n3|4,5\n")
    wanted = Wanted(1, Encoding((Number("a"),)))
    assert whole(tmp_path / "a.csv", wanted, delimiter="|")[0].tolist() == [[1], [3]]
