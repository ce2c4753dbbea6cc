"""Text as zeros and ones: scikit-learn's OneHotEncoder agrees, on whatever texts."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder

from hpsoft.data.encoding.category import Category, fewest, fit_category
from hpsoft.data.encoding.table import Coded

TEXTS = st.lists(
    st.sampled_from(["a", "b", "c", "d", "ab", "é", "7", None]), min_size=1, max_size=40
)
LAST = "\U0010ffff"  # a missing text, which comes after all others


def reference(train, other, least):
    """Return scikit-learn's zeros and ones."""
    impute = SimpleImputer(
        strategy="constant", fill_value=LAST, missing_values=None, keep_empty_features=True
    )
    encoder = OneHotEncoder(
        handle_unknown="ignore", min_frequency=least, sparse_output=False, dtype=np.uint8
    )
    columns = [np.array(texts, dtype=object)[:, None] for texts in (train, other)]
    impute.fit(columns[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of unknown categories
        encoder.fit(impute.transform(columns[0]))
        return encoder.transform(impute.transform(columns[1]))


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_it_is_scikit_learns_encoder(train, other):
    """Levels, rare ones, a missing text as a level, unseen ones: all the same."""
    fitted = fit_category("x", Coded.from_texts(train))
    expected = reference(train, other, fewest(len(train)))
    np.testing.assert_array_equal(fitted.apply(Coded.from_texts(other)), expected)
    assert len(fitted.features) == expected.shape[1]


@settings(max_examples=40, deadline=None)
@given(TEXTS, TEXTS)
def test_it_does_not_know_how_texts_are_stored(train, other):
    """The order of the levels, and levels that no row has, change nothing."""
    fitted = fit_category("x", Coded.from_texts(train))
    both = Coded.from_texts([*other, *train])
    again = fit_category("x", both.take(np.arange(len(other), len(both))))
    assert again == fitted
    np.testing.assert_array_equal(
        again.apply(both)[: len(other)], fitted.apply(Coded.from_texts(other))
    )


def test_names():
    """By column and level; the rare ones and the missing ones have names of their own."""
    texts = ["b"] * 5 + ["a"] * 5 + [None] * 3 + ["c", "d"]
    fitted = fit_category("x", Coded.from_texts(texts))
    assert fitted.features == ("x=a", "x=b", "x=(missing)", "x=(rare)")
    assert fitted.becomes == "4 features of 0 and 1: a, b, (missing), 2 rare ones together"
    assert fitted.rare == ("c", "d")


def test_the_most_levels():
    """Beyond them the rarest are gathered."""
    texts = ["a"] * 3 + ["b"] * 5 + ["c"] * 4 + ["d"] * 2
    fitted = fit_category("x", Coded.from_texts(texts), most_levels=2)
    assert (fitted.levels, fitted.rare) == (("b", "c"), ("a", "d"))


@pytest.mark.parametrize(("n", "least"), [(1, 2), (200, 2), (201, 3), (1000, 10), (10**6, 10)])
def test_how_many_are_rare(n, least):
    """Below 1 % of the rows, and below 10 rows; one row always."""
    assert fewest(n) == least


@pytest.mark.parametrize("text", ["", "?", " NA ", "n/a", "NaN", "null", "<NA>", "#N/A"])
def test_what_says_that_a_text_is_missing(text):
    """In whatever letters."""
    assert Coded.from_texts(["a", text]).missing.tolist() == [False, True]


@pytest.mark.parametrize("text", ["none", "missing", "-", "no", "nano"])
def test_what_does_not(text):
    """It may well be a value."""
    assert Coded.from_texts(["a", text]).levels == ("a", text)


def test_unseen_levels_are_zeros():
    """A missing one as well, where none was missing before."""
    fitted = Category("x", ("a", "b"))
    assert fitted.apply(Coded.from_texts(["b", "c", None])).tolist() == [[0, 1], [0, 0], [0, 0]]
