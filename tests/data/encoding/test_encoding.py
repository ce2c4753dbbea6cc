"""What is fitted to the training rows is applied to any rows, and survives a file."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsoft.data.encoding.category import Category
from hpsoft.data.encoding.date import Date
from hpsoft.data.encoding.encoding import Encoding
from hpsoft.data.encoding.fit import fit, notes_of
from hpsoft.data.encoding.left import Left
from hpsoft.data.encoding.number import CELLS_AT_A_TIME, Number
from hpsoft.data.encoding.policy import Policy
from hpsoft.data.encoding.table import Coded, Field, Table
from hpsoft.data.tables.columns import Kind
from hpsoft.errors import DataError

N = 40
RNG = np.random.default_rng(3)
COLORS = [("red", "green", "blue", None)[i] for i in RNG.integers(0, 4, N)]
DAYS = [f"2024-01-{1 + i % 28:02d}" for i in range(N)]
X = np.column_stack([RNG.normal(size=N), np.full(N, 3.5), np.where(np.arange(N) % 5, 7.0, np.nan)])
X[:, 2] += np.arange(N)
FIELDS = (
    Field("color", Kind.TEXT),
    Field("size"),
    Field("version"),
    Field("name", Kind.TEXT),
    Field("when", Kind.TEXT),
    Field("age"),
)


def table(rows=slice(None)):
    """Return some rows of a table with everything in it."""
    texts = (COLORS, [f"bird {i}" for i in range(N)], DAYS)
    return Table(
        X[rows], tuple(Coded.from_texts(t).take(np.arange(N)[rows]) for t in texts), FIELDS
    )


FITTED = fit(table(), Policy("median"), "t")


def test_each_column_is_what_it_is():
    """One of each kind, in the order of the table."""
    assert [type(column) for column in FITTED.columns] == [
        Category, Number, Left, Left, Date, Number,
    ]  # fmt: skip
    assert FITTED.features == (
        "color=blue", "color=green", "color=red", "color=(missing)", "size", "when", "age",
    )  # fmt: skip
    assert not FITTED.is_plain


def test_it_is_applied_column_by_column():
    """In their order; what is missing is filled in."""
    encoded = FITTED.apply(table())
    assert encoded.shape == (N, 7)
    np.testing.assert_array_equal(encoded[:, 4], X[:, 0])
    np.testing.assert_array_equal(encoded[:, 3], [color is None for color in COLORS])
    assert np.all(encoded[:, :4].sum(axis=1) == 1)
    known = X[~np.isnan(X[:, 2]), 2]
    np.testing.assert_array_equal(
        encoded[:, 6], np.where(np.isnan(X[:, 2]), np.median(known), X[:, 2])
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, N - 1), min_size=1, max_size=2 * N))
def test_a_row_is_encoded_alike_wherever_it_stands(rows):
    """Alone, in any order."""
    whole = np.asarray(FITTED.apply(table()))
    np.testing.assert_array_equal(FITTED.apply(table().take(np.array(rows))), whole[rows])


def test_many_rows_are_encoded_in_chunks():
    rows = RNG.integers(0, N, CELLS_AT_A_TIME // X.shape[1] + 50)
    whole = np.asarray(FITTED.apply(table()))
    assert np.array_equal(FITTED.apply(table().take(rows)), whole[rows])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, N - 1), min_size=2, max_size=N, unique=True), st.integers(0, 2**32))
def test_only_the_training_rows_count(rows, seed):
    """Whatever the others hold, the encoding is the same."""
    kept = np.array(rows)
    other = np.random.default_rng(seed)
    changed = np.array(X)
    outside = np.setdiff1d(np.arange(N), kept)
    changed[outside] = other.normal(size=(len(outside), 3)) * 100
    texts = []
    for text in table().texts:
        levels = (*text.levels, "new", "2024-05-05")
        codes = np.array(text.codes)
        codes[outside] = other.integers(-1, len(levels), len(outside))
        texts.append(Coded(codes, levels))
    moved = Table(changed, tuple(texts), FIELDS)
    assert fit(moved.take(kept), Policy("mean"), "t") == fit(
        table().take(kept), Policy("mean"), "t"
    )


def test_it_survives_a_file():
    """As JSON, without loss."""
    again = Encoding.from_json(json.loads(json.dumps(FITTED.to_json(), allow_nan=False)))
    assert again == FITTED
    np.testing.assert_array_equal(again.apply(table()), FITTED.apply(table()))


@pytest.mark.parametrize(
    "kept",
    [
        [{"as": "magic", "name": "a"}],
        [{"name": "a"}],
        [{"as": "number", "name": 3}],
        [{"as": "number", "name": "a", "fill": "much"}],
        [{"as": "category", "name": "a", "levels": [1, 2]}],
        [{"as": "category", "name": "a"}],
        [{"as": "number", "name": "a", "colour": "red"}],
        ["number"],
        7,
    ],
)
def test_what_it_never_wrote(kept):
    """An error, not another encoding."""
    with pytest.raises((TypeError, KeyError, ValueError)):
        Encoding.from_json(kept)


def test_what_was_never_seen():
    """Zeros, and counted by column; of dates, what is none."""
    texts = (["pink", "red", None], ["x", "y", "z"], ["2024-02-01", "soon", None])
    rows = Table(X[:3], tuple(map(Coded.from_texts, texts)), FIELDS)
    assert FITTED.unseen(rows) == {"color": 1, "when": 1}
    encoded = np.asarray(FITTED.apply(rows))
    assert encoded[0, :4].tolist() == [0, 0, 0, 0]
    assert encoded[1, 5] == encoded[2, 5] == FITTED.columns[4].fill


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (FIELDS[:-1], "'age' is not there"),
        ((*FIELDS, Field("mass")), "'mass' is there besides"),
        (FIELDS[::-1], "another order or type"),
        ((Field("color"), *FIELDS[1:]), "another order or type"),
    ],
)
def test_other_columns(fields, message):
    """They are told by name."""
    with pytest.raises(DataError, match=message):
        FITTED.apply(Table(X, table().texts, fields))


def test_what_was_left_out_is_said():
    """By name, with the reason and the way back."""
    text, dates, version, name = notes_of(FITTED)
    assert text == "Column 'color' holds text, made 4 features of 0 and 1."
    assert dates == "Column 'when' holds dates, made days since 1970-01-01."
    assert version == (
        "Column 'version' is left out: it is 3.5 in every training row; --keep version takes it as "
        "a feature."
    )
    assert name.startswith("Column 'name' is left out: hardly one of its 40 different texts")
    kept = fit(table(), Policy("median"), "t", keep=["version"])
    assert "version" in kept.features


def test_many_constant_columns_are_one_sentence():
    """A line each would bury the rest."""
    wide = Table(np.ones((N, 9)), (), tuple(Field(f"c{i}") for i in range(9)))
    (note,) = notes_of(fit(wide, Policy(), "t"))
    assert note == (
        "Columns 'c0', 'c1', 'c2' and 6 others are left out: each has one value in all training "
        "rows; --keep COLUMN takes one as a feature."
    )
    assert len(fit(wide, Policy(), "t", constant=False).features) == 9


def test_refused_columns_are_named_all_at_once():
    """With their types and the ways out."""
    with pytest.raises(DataError) as error:
        fit(table(), Policy("median", "error"), "t.csv")
    assert str(error.value).startswith(
        "3 of 6 columns of t.csv are not numbers: 'color' (text, 3 different values), 'name' (text, "
        "40 different values), 'when' (dates). --categories one-hot"
    )


def test_dropped_columns():
    """Text and dates; numbers stay."""
    assert fit(table(), Policy("median", "drop"), "t").features == ("size", "age")


def test_one_text_or_date_alone():
    """It is constant, unless it is to stay."""
    texts = (Coded.from_texts(["a"] * N), Coded.from_texts(["2024-01-01"] * N))
    fields = (Field("x", Kind.TEXT), Field("d", Kind.TEXT))
    same = Table(np.empty((N, 0), np.uint8), texts, fields)
    assert fit(same, Policy(), "t").features == ()
    assert fit(same, Policy(), "t", keep=["x", "d"]).features == ("x=a", "d")
