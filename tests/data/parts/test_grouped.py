"""Whole groups: never divided, classes as even as may be, and the same for ever."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedGroupKFold

from hpsoft.data.parts.grouped import ALWAYS_TRAINED, fold_of_groups, hold_out
from hpsoft.data.parts.tally import Tally
from hpsoft.data.splitting import _quotas

SAMPLES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), min_size=4, max_size=80)


def tally_of(samples):
    """Return labels, groups as 0, 1, ..., their tally, and random keys."""
    labels, groups = np.array(samples).T
    labels = np.unique(labels, return_inverse=True)[1]
    groups = np.unique(groups, return_inverse=True)[1]
    keys = np.random.default_rng(0).integers(0, 2**64, groups.max() + 1, dtype=np.uint64)
    return labels, groups, Tally.of(labels, groups, labels.max() + 1), keys


def distance(labels, held, wanted):
    """Return what the rule makes small, from the samples themselves."""
    of_class = np.bincount(labels)
    found = np.bincount(labels[held], minlength=len(of_class))
    return float(((found - wanted) ** 2 / of_class).sum())


@settings(deadline=None)
@given(samples=SAMPLES)
def test_the_tally_counts(samples):
    """As counting one by one does."""
    labels, groups, tally, _ = tally_of(samples)
    for group in range(len(tally)):
        mine = labels[groups == group]
        assert dict(tally.rows[group]) == {c: int(np.sum(mine == c)) for c in set(mine.tolist())}
        assert tally.sizes[group] == len(mine)
        assert tally.is_bound[group] == any(
            set(groups[labels == c].tolist()) == {group} for c in set(mine.tolist())
        )


@settings(deadline=None)
@given(samples=SAMPLES, fraction=st.floats(0.05, 0.95))
def test_held_groups_are_the_best_that_one_move_can_make(samples, fraction):
    """No class is held out whole, and to move any larger group would be worse."""
    labels, groups, tally, keys = tally_of(samples)
    quota = _quotas(tally.of_class, int(np.ceil(len(labels) * fraction)))
    held = hold_out(tally, quota, keys)
    assert held.any() == (not tally.is_bound.all())
    assert set(labels[~held[groups]].tolist()) == set(labels.tolist())
    if not quota.any() or held.sum() < 2 or len(tally.singles):
        return
    least = distance(labels, held[groups], quota)
    for group in np.flatnonzero(~tally.is_bound).tolist():
        other = held.copy()
        other[group] = not other[group]
        if set(labels[~other[groups]].tolist()) == set(labels.tolist()):
            assert distance(labels, other[groups], quota) >= least - 1e-9


@settings(deadline=None)
@given(samples=SAMPLES, n_folds=st.integers(2, 6))
def test_folds_hold_every_group_that_may_be_held(samples, n_folds):
    """Each once, never all of a class, and no fold is empty where there are enough groups."""
    labels, groups, tally, keys = tally_of(samples)
    fold = fold_of_groups(tally, n_folds, keys)
    assert (fold[tally.is_bound] == ALWAYS_TRAINED).all()
    for i in range(n_folds):
        assert set(labels[fold[groups] != i].tolist()) == set(labels.tolist())
    if n_folds <= np.sum(~tally.is_bound):
        assert set(range(n_folds)) <= set(fold.tolist())


@settings(deadline=None)
@given(samples=SAMPLES, n_folds=st.integers(2, 5), seed=st.integers(0, 5))
def test_the_order_of_rows_does_not_matter(samples, n_folds, seed):
    """Groups decide, wherever their samples lie."""
    labels, groups, tally, keys = tally_of(samples)
    order = np.random.default_rng(seed).permutation(len(labels))
    other = Tally.of(labels[order], groups[order], tally.n_classes)
    assert fold_of_groups(tally, n_folds, keys).tolist() == (
        fold_of_groups(other, n_folds, keys).tolist()
    )


def uneven(seed):
    """Return labels and groups: groups of very different sizes, each with its own classes."""
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(1, 61)
    groups = rng.choice(60, 900, p=share / share.sum())
    chances = rng.dirichlet(np.full(4, 0.7), 60)
    labels = np.array([rng.choice(4, p=chances[group]) for group in groups])
    return labels, np.unique(groups, return_inverse=True)[1]


def worst(labels, fold):
    """Return by how much the share of a class in a fold is off, at most."""
    counts = [np.bincount(labels[fold == i], minlength=4) for i in range(5)]
    return np.abs(np.array(counts) / np.bincount(labels) - 0.2).max()


def test_folds_are_as_even_as_those_of_scikit_learn():
    """In the mean over seeds."""
    mine, theirs = [], []
    for seed in range(8):
        labels, groups = uneven(seed)
        tally = Tally.of(labels, groups, 4)
        keys = np.random.default_rng(seed).integers(0, 2**64, len(tally), dtype=np.uint64)
        mine.append(worst(labels, fold_of_groups(tally, 5, keys)[groups]))
        splitter = StratifiedGroupKFold(5, shuffle=True, random_state=seed)
        fold = np.empty(len(labels), int)
        for i, (_, held) in enumerate(splitter.split(labels, labels, groups)):
            fold[held] = i
        theirs.append(worst(labels, fold))
    assert np.mean(mine) <= np.mean(theirs)


def test_large_groups_are_held_as_often_as_small_ones():
    """Pairs among single samples: a fifth of them, in the mean over seeds."""
    groups = np.concatenate([np.repeat(np.arange(40), 2), np.arange(40, 360)])
    labels = np.arange(len(groups)) % 2
    tally, shares = Tally.of(labels, groups, 2), []
    for seed in range(30):
        keys = np.random.default_rng(seed).integers(0, 2**64, len(tally), dtype=np.uint64)
        held = hold_out(tally, np.array([40, 40]), keys)
        assert np.bincount(labels[held[groups]]).tolist() == [40, 40]
        shares.append(held[:40].mean())
    assert np.mean(shares) == pytest.approx(0.2, abs=0.04)
