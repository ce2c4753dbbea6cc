"""Missing numbers: scikit-learn's SimpleImputer agrees."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.impute import SimpleImputer

from hpsoft.data.encoding.encoding import Encoding
from hpsoft.data.encoding.fit import fit
from hpsoft.data.encoding.left import Left
from hpsoft.data.encoding.number import Number, fit_fills, fit_ranges
from hpsoft.data.encoding.policy import Policy
from hpsoft.data.encoding.table import Table, unnamed
from hpsoft.data.rows import Rows
from hpsoft.errors import DataError

CELLS = st.one_of(st.just(np.nan), st.floats(-1e6, 1e6, width=32), st.integers(-3, 3).map(float))
MATRICES = st.tuples(st.integers(1, 12), st.integers(1, 4)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=CELLS)
)


@settings(max_examples=60, deadline=None)
@given(MATRICES, st.sampled_from(["median", "mean"]), st.sampled_from([1, 5, 1 << 20]))
def test_it_is_scikit_learns_imputer(X, how, cells):
    """Columns without any number are left out by both."""
    table = Table(X, (), unnamed(X.shape[1]))
    encoding = fit(table, Policy(how), "t", constant=False)
    kept = [not isinstance(column, Left) for column in encoding.columns]
    fills = fit_fills(X, how, cells)
    assert kept == (~np.isnan(X).all(axis=0)).tolist() == (~np.isnan(fills)).tolist()
    if any(kept):
        theirs = SimpleImputer(strategy=how)
        expected = theirs.fit_transform(X[:, kept])
        np.testing.assert_allclose(encoding.apply(table), expected, rtol=1e-12, atol=1e-9)
        np.testing.assert_allclose(fills[kept], theirs.statistics_, rtol=1e-12, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(MATRICES)
def test_ranges(X):
    """NaN does not count."""
    low, high = fit_ranges(X)
    with np.errstate(all="ignore"):
        for j, column in enumerate(X.T):
            known = column[~np.isnan(column)]
            assert np.array_equal(low[j], known.min() if len(known) else np.nan, equal_nan=True)
            assert np.array_equal(high[j], known.max() if len(known) else np.nan, equal_nan=True)


def test_rows_of_a_matrix():
    """Only the rows that are trained on count."""
    X = np.array([[1, 9], [np.nan, 9], [3, 9], [100, 9]], np.float32)
    rows = Rows(X, np.array([0, 1, 2]))
    assert fit_fills(rows, "mean").tolist() == [2, 9]
    assert [r.tolist() for r in fit_ranges(rows)] == [[1, 9], [3, 9]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_stays(dtype):
    """And the matrix itself, where nothing is to be done."""
    X = np.array([[1, np.nan], [3, 4]], dtype)
    table = Table(X, (), unnamed(2))
    filled = Encoding((Number("0"), Number("1", 7.0))).apply(table)
    assert filled.dtype == dtype
    assert filled.tolist() == [[1, 7], [3, 4]]
    whole = Table(X[1:], (), unnamed(2))
    assert Encoding((Number("0"), Number("1"))).apply(whole) is whole.numbers


@pytest.mark.parametrize("columns", [(Number("0"), Number("1")), (Number("0", 1.0), Number("1"))])
def test_a_gap_that_nothing_fills(columns):
    """At prediction, say."""
    table = Table(np.array([[1, np.nan]]), (), unnamed(2))
    with pytest.raises(DataError, match="Column '1' of the table has a missing value"):
        Encoding(columns).apply(table)
