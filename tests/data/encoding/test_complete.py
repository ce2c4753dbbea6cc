"""Missing values are counted by column, and their rows left out where that is asked for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hpsoft.data.encoding.complete import gaps_of, missing_labels, rows_to_leave
from hpsoft.data.encoding.policy import BEFORE, Policy
from hpsoft.data.encoding.table import Coded, Field, Table, unnamed
from hpsoft.data.tables.columns import Kind
from hpsoft.errors import DataError

NAN = float("nan")
LABELS = np.array(["a", "b", "a", "b"])
FIELDS = (Field("u"), Field("t", Kind.TEXT), Field("v"))


def table(u=(1, 2, 3, 4), t=("x", "y", "x", "y"), v=(1, 2, 3, 4)):
    """Return four rows of two columns of numbers and one of text."""
    return Table(np.column_stack([u, v]).astype(float), (Coded.from_texts(t),), FIELDS)


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(st.integers(1, 9), st.integers(1, 4)).flatmap(
        lambda shape: arrays(np.float64, shape, elements=st.sampled_from([NAN, 1.0]))
    ),
    st.booleans(),
    st.sampled_from([1, 3, 1 << 20]),
)
def test_they_are_counted(X, named, cells):
    """Cell by cell, as slowly as can be."""
    table = Table(X, (), unnamed(X.shape[1]))
    gaps = gaps_of(table, Policy(), "t", named=named, cells=cells)
    missing = np.isnan(X)
    if named:
        missing &= ~missing.all(axis=0)
    expected = {
        str(j): (int(column.sum()), int(np.argmax(column)))
        for j, column in enumerate(missing.T)
        if column.any()
    }
    assert gaps.columns == expected
    np.testing.assert_array_equal(gaps.rows, missing.any(axis=1))


def test_the_error_names_all_columns():
    """With their counts, the rows and the options."""
    gappy = table(u=(1, NAN, NAN, 4), t=("x", None, "x", "y"))
    with pytest.raises(DataError) as error:
        rows_to_leave(gappy, LABELS, Policy(), "t.csv")
    text = str(error.value)
    assert text.startswith(
        "3 values are missing in 2 columns of t.csv, in 2 of 4 rows (counted from 1): "
        "'u' 2 (from row 2), 't' 1 (from row 2)."
    )
    assert "--missing median" in text
    assert "drop-rows" in text


@pytest.mark.parametrize(
    ("policy", "left"),
    [
        (Policy("median"), []),
        (Policy("drop-rows"), [1, 2]),
        (Policy("drop-rows", "drop"), [2]),
    ],
)
def test_rows_are_left_out(policy, left):
    """Of columns that are features."""
    gappy = table(u=(1, 2, NAN, 4), t=("x", None, "x", "y"))
    out, notes = rows_to_leave(gappy, LABELS, policy, "t")
    assert ([] if out is None else np.flatnonzero(out).tolist()) == left
    assert len(notes) == 1


def test_columns_of_nothing_have_no_gaps():
    """They are no features."""
    empty = table(u=(NAN,) * 4, t=(None,) * 4)
    assert rows_to_leave(empty, LABELS, Policy(), "t") == (None, ())
    out, _ = rows_to_leave(table(u=(NAN,) * 4, v=(1, NAN, 3, 4)), LABELS, Policy("drop-rows"), "t")
    assert out is not None
    assert out.tolist() == [False, True, False, False]


def test_every_row_has_a_gap():
    """Nothing would be left."""
    gappy = table(u=(NAN, 2, NAN, 4), v=(1, NAN, 3, NAN))
    with pytest.raises(
        DataError, match=r"Every row of t has a missing value: .*'u' 2 .*with --drop"
    ):
        rows_to_leave(gappy, LABELS, Policy("drop-rows"), "t")


@pytest.mark.parametrize("missing", ["median", "mean", "drop-rows"])
def test_rows_without_a_label(missing):
    """They teach nothing: no filling in helps."""
    labels = np.array(["a", "", "a", "?"])
    out, (note,) = rows_to_leave(table(), labels, Policy(missing), "t")
    assert out is not None
    assert out.tolist() == [False, True, False, True]
    assert note.startswith("2 of 4 rows have")
    with pytest.raises(DataError, match=r"Labels .column 'k'. of t: 2 of 4 are missing.*row 2"):
        rows_to_leave(table(), labels, Policy(), "t", label_name="k")


@pytest.mark.parametrize(
    ("labels", "missing"),
    [
        (["a", "", "NA", "Nan", "NULL", "N/A", "none", "-"], [0, 1, 1, 1, 1, 1, 0, 0]),
        ([1.0, NAN], [0, 1]),
        (np.array(["a", None, NAN, " na ", 3], dtype=object), [0, 1, 1, 1, 0]),
        ([1, 2], [0, 0]),
        ([[0, 1], [1, 0]], [0, 0]),
    ],
)
def test_missing_labels(labels, missing):
    """Of every type."""
    assert missing_labels(np.asarray(labels)).astype(int).tolist() == missing


def test_classes_of_older_studies():
    """NA was a class."""
    assert missing_labels(np.array(["NA", ""]), BEFORE).tolist() == [False, True]


def test_infinity_is_not_missing():
    """It is named with its row."""
    with pytest.raises(DataError, match=r"Column 'v' of t .* row 3 .from 1. has -inf"):
        gaps_of(table(v=(1, 2, -np.inf, NAN)), Policy("median"), "t")


def test_infinite_values_are_counted():
    X = np.ones((20, 2))
    X[3, 1], X[7] = np.inf, -np.inf
    with pytest.raises(
        DataError, match=r"row 4 .* has inf; 3 value.* in 2 of 20 rows are infinite"
    ):
        gaps_of(Table(X, (), unnamed(2)), Policy(), "t", named=True)
