"""Divisions by time: nothing that is held out is earlier than what is trained on."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import TimeSeriesSplit

from hpsoft.data.parts.ordered import later, windows

TIMES = st.lists(st.integers(0, 12), min_size=2, max_size=40).map(np.array)


@given(times=TIMES, share=st.floats(0.01, 0.99))
def test_the_later_part_is_as_near_as_may_be_to_what_is_wanted(times, share):
    """Of all divisions between two times."""
    wanted = int(np.ceil(len(times) * share))
    held = later(times, wanted)
    different = np.unique(times)[1:]
    if not len(different):
        assert not held.any()
        return
    assert times[held].min() > times[~held].max()
    sizes = [int((times >= cut).sum()) for cut in different]
    assert abs(held.sum() - wanted) == min(abs(size - wanted) for size in sizes)


@given(times=TIMES, n_folds=st.integers(2, 6))
def test_each_window_is_later_than_all_that_it_is_trained_on(times, n_folds):
    """And windows go on to the end, or there are too few different times."""
    found = list(windows(times, n_folds))
    if len(np.unique(times)) <= n_folds:
        assert not found
        return
    assert len(found) == n_folds
    for kept, held in found:
        assert times[held].min() > times[kept].max()
    for (kept, held), (following, _) in pairwise(found):
        assert ((kept | held) == following).all()
    assert (found[-1][0] | found[-1][1]).all()


@given(n=st.integers(7, 60), n_folds=st.integers(2, 6), seed=st.integers(0, 9))
def test_where_all_times_differ_they_are_those_of_scikit_learn(n, n_folds, seed):
    """Whatever the order of the rows."""
    times = np.random.default_rng(seed).permutation(n)
    order = np.argsort(times)
    expected = TimeSeriesSplit(n_folds).split(order)
    for (kept, held), (train, test) in zip(windows(times, n_folds), expected, strict=True):
        assert sorted(order[train]) == np.flatnonzero(kept).tolist()
        assert sorted(order[test]) == np.flatnonzero(held).tolist()
