"""Some columns of X: spans, their text, and X cut down to them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsoft.data.featuresets.columnset import ColumnSet, union
from hpsoft.data.rows import Rows

X = np.arange(60.0).reshape(5, 12)
SPANS = st.lists(
    st.tuples(st.integers(0, 11), st.integers(1, 12)).filter(lambda span: span[0] < span[1]),
    min_size=1,
    max_size=4,
)


def positions(spans):
    return sorted({i for start, stop in spans for i in range(start, stop)})


@given(SPANS)
def test_spans_are_the_columns_that_are_in_any_of_them(spans):
    columns = ColumnSet.of(spans)
    assert columns.index.tolist() == positions(spans)
    assert len(columns) == len(positions(spans))
    assert all(a[1] < b[0] for a, b in zip(columns.spans, columns.spans[1:], strict=False))


@given(SPANS)
def test_x_is_cut_as_numpy_would(spans):
    """Of an array, and of rows of one."""
    columns, index = ColumnSet.of(spans), positions(spans)
    np.testing.assert_array_equal(columns.cut(X), X[:, index])
    rows = np.array([3, 0, 3])
    np.testing.assert_array_equal(np.asarray(columns.cut(Rows(X, rows))), X[rows][:, index])


def test_one_span_is_not_copied():
    assert np.shares_memory(ColumnSet.of([(2, 5), (5, 7)]).cut(X), X)


@given(SPANS, SPANS)
def test_columns_are_found_again_within_more(spans, others):
    columns = ColumnSet.of(spans)
    whole = union([columns, ColumnSet.of(others)])
    np.testing.assert_array_equal(
        columns.within(whole).cut(np.asarray(whole.cut(X))), columns.cut(X)
    )


@pytest.mark.parametrize(
    ("spans", "text"), [([(0, 4)], "0:4"), ([(8, 9), (0, 2), (2, 4)], "0:4,8:9")]
)
def test_the_text_is_what_the_option_takes(spans, text):
    assert ColumnSet.of(spans).text == text
