"""How sure a share is of samples in groups, by simulation and by what must hold at the ends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsoft.model.clusters import effective_size_of_groups
from hpsoft.model.metrics import assess
from hpsoft.softmax import wilson_interval
from hpsoft.softmax.metrics import effective_size


def slowly(right, groups, weight):
    """Return the size without Student's correction, group by group."""
    p = sum(w for r, w in zip(right, weight, strict=True) if r) / sum(weight)
    names = sorted({g for g, w in zip(groups, weight, strict=True) if w})
    squares = 0.0
    for name in names:
        inside = [(r, w) for r, g, w in zip(right, groups, weight, strict=True) if g == name]
        squares += sum(w * (r - p) for r, w in inside) ** 2
    if not 0 < p < 1:
        return len(names)
    variance = len(names) / (len(names) - 1) * squares / sum(weight) ** 2
    most = effective_size(np.array(weight, float))
    return min(most, p * (1 - p) / variance) if variance else most


def student(n_groups):
    from scipy.stats import norm, t

    return float(norm.ppf(0.975) / t.ppf(0.975, n_groups - 1)) ** 2


@settings(deadline=None)  # it imports SciPy
@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 5), st.sampled_from([0.0, 0.5, 1.0, 3.0])),
        min_size=2,
    )
)
def test_it_is_its_formula(rows):
    right, groups, weight = (list(column) for column in zip(*rows, strict=True))
    n_groups = len({g for g, w in zip(groups, weight, strict=True) if w})
    if not any(weight):
        return
    found = effective_size_of_groups(np.array(right), np.array(groups), np.array(weight))
    if n_groups == 1:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(slowly(right, groups, weight) * student(n_groups), rel=1e-9)


@pytest.mark.parametrize("unit", [1e300, 1e-300])
def test_only_ratios_of_weights_count(unit):
    """Their squares leave float64 where they are large or small."""
    rng = np.random.default_rng(3)
    right, groups, weight = rng.random(60) < 0.7, rng.integers(0, 9, 60), rng.random(60)
    expected = effective_size_of_groups(right, groups, weight)
    assert effective_size_of_groups(right, groups, weight * unit) == pytest.approx(expected)


def test_copies_of_a_sample_are_one():
    right = np.random.default_rng(0).random(400) < 0.8
    copies = np.repeat(np.arange(400), 25)
    assert effective_size_of_groups(right[copies], copies) == pytest.approx(400, rel=0.02)


def test_wilson_of_it_covers_where_samples_alone_do_not():
    """40 groups of 50 whose shares differ: 95 % of the intervals hold the truth, not 60 %."""
    rng, covered, naive = np.random.default_rng(1), 0, 0
    groups = np.repeat(np.arange(40), 50)
    for _ in range(200):
        of_group = rng.beta(7, 3, 40)  # a mean of 0.7
        right = rng.random(2000) < of_group[groups]
        size = effective_size_of_groups(right, groups)
        low, high = wilson_interval(right.mean() * size, size)
        covered += low <= 0.7 <= high
        low, high = wilson_interval(int(right.sum()), 2000)
        naive += low <= 0.7 <= high
    assert 180 <= covered <= 200
    assert naive < 140


def test_a_report_in_groups_says_so():
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(60, 3)), rng.integers(0, 3, 60)
    groups = np.repeat(np.arange(6), 10)
    alone, report = (
        assess(logits, labels, tuple("abc")),
        assess(logits, labels, tuple("abc"), None, groups),
    )
    assert (report.n_groups, alone.n_groups, alone.effective_n) == (6, None, None)
    assert report.accuracy == alone.accuracy
    share = report.accuracy
    assert report.accuracy_ci95 == wilson_interval(share * report.effective_n, report.effective_n)
    one = assess(logits, labels, tuple("abc"), None, np.zeros(60))
    assert np.isnan(one.accuracy_ci95).all()
