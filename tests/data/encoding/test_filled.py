"""Rows with gaps are filled in as a copy of them would be, by the rows that are trained on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsoft.data import folds, load, split
from hpsoft.data.encoding.filled import Filled, Holes, stacked
from hpsoft.data.encoding.number import fit_fills
from hpsoft.data.encoding.policy import SHARED, Policy
from hpsoft.data.featuresets.columnset import ColumnSet
from hpsoft.optimizers.registry import load as optimizer
from hpsoft.tuning.setting.setup import make_setup

NAN = np.nan


def gappy(seed, n=12, d=4, how="median"):
    """Return numbers with NaN, and the same as rows with holes."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)).round(2)
    X[rng.random((n, d)) < 0.3] = NAN
    X[:, 1] = np.arange(n)
    at = np.array([j for j in range(d) if np.isnan(X[:, j]).any()], np.intp)
    fills = np.arange(len(at), dtype=float) + 100
    whole = X.copy()
    for g, j in enumerate(at):
        whole[np.isnan(X[:, j]), j] = fills[g]
    return X, Filled(whole, np.arange(n), Holes(at, np.isnan(X[:, at]), fills), how)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["median", "mean"]), st.sampled_from([1, 1 << 20]))
def test_as_a_copy(seed, how, cells):
    """The slow way: copy the rows with their NaN, fit, fill, cut."""
    X, rows = gappy(seed, how=how)
    rng = np.random.default_rng(seed)
    index = rng.permutation(12)[: rng.integers(1, 12)]
    some = rows.take(index)
    fills = some.fitted(cells)
    expected = X[index]
    slow = fit_fills(expected, how)
    slow = np.where(np.isnan(slow), np.asarray(rows)[np.isnan(X).argmax(axis=0), range(4)], slow)
    expected = np.where(np.isnan(expected), slow, expected)
    mine = some.with_fills(fills)
    np.testing.assert_allclose(np.asarray(mine), expected, rtol=1e-13)
    expected = np.asarray(mine)
    np.testing.assert_array_equal(mine[0], expected[0])
    np.testing.assert_array_equal(mine.columns(slice(1, 3)), expected[:, 1:3])
    np.testing.assert_array_equal(mine.part(slice(0, 1), slice(0, 4)), expected[:1])
    np.testing.assert_array_equal(mine.take(np.array([0, 0]))[:], expected[[0, 0]])
    for spans in ([(1, 3)], [(0, 1), (2, 4)]):
        columns = ColumnSet.of(spans)
        np.testing.assert_array_equal(np.asarray(columns.cut(mine)), expected[:, columns.index])


def test_below_each_other():
    """Gaps stay gaps, and are filled in as the first ones are."""
    (A, a), (B, b) = gappy(1), gappy(2)
    both = stacked([a, b])
    assert isinstance(both, Filled)
    fills = both.fitted()
    np.testing.assert_array_equal(fills[:1], fit_fills(np.vstack([A, B]), "median")[:1])
    plain = stacked([np.ones((2, 2)), np.zeros((1, 2))])
    np.testing.assert_array_equal(plain, [[1, 1], [1, 1], [0, 0]])


@pytest.fixture
def table(tmp_path):
    """Numbers and dates with gaps, many of them far from the others."""
    path = tmp_path / "t.csv"
    rows = [f"{'' if i % 4 == 0 else i},2024-03-{1 + i % 28:02d},{i % 5},{'xy'[i % 2]}" for i in range(80)]  # fmt: skip
    rows[7] = "7,,2,y"
    path.write_text("a,when,b,label\n" + "\n".join(rows) + "\n")
    return str(path)


def test_each_fold_by_its_own_rows(table):
    """As scaling; the data's own fills are of all training rows, as older studies have them."""
    data = load(table, policy=Policy("mean")).training
    old = load(table, policy=Policy("mean", rules=SHARED)).training
    assert data.fingerprint == old.fingerprint
    np.testing.assert_array_equal(np.asarray(data.samples.X), np.asarray(old.samples.X))
    assert not isinstance(old.samples.X, Filled)
    parts = list(folds(data, 4, 1, 0))
    known = np.asarray(data.samples.X)[:, 0] % 4 != 0
    setting = make_setup(optimizer("sgd"), parts, scale="raw", dtype="float64", seed=0)
    for fold, part in zip(setting.folds, parts, strict=True):
        raw = np.asarray(part.train.X)[:, 0]
        is_known = np.isin(raw, np.asarray(data.samples.X)[known, 0]) & (raw == raw.round())
        mean = raw[is_known].mean()
        assert fold.X[~is_known, 0] == pytest.approx(mean)
        held = np.asarray(part.validation.X)[:, 0]
        gaps = held == np.asarray(data.samples.X)[0, 0]
        if gaps.any():
            assert fold.X_validation[gaps, 0] == pytest.approx(fold.X[~is_known, 0][0])


def test_nothing_is_filled_in(tmp_path):
    """Without a gap rows are as ever."""
    path = tmp_path / "t.csv"
    path.write_text("a,b,label\n" + "\n".join(f"{i},{i % 7},{'xy'[i % 2]}" for i in range(40)))
    data = load(str(path), policy=Policy("mean")).training
    assert not isinstance(data.samples.X, Filled)
    assert not isinstance(split(data, 0.2, 0).train.X, Filled)
