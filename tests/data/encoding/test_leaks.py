"""Columns that tell the labels by themselves, and columns that only help."""

import numpy as np
import pytest
from sklearn import datasets

from hpsoft.data.encoding.leaks import find_leaks
from hpsoft.data.encoding.table import Coded, Field, Table, unnamed
from hpsoft.data.tables.columns import Kind

N = 300
RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 3, N)
NOISE = RNG.normal(size=N)


def found(column, labels=LABELS):
    """Return the leaks of a table with one more column of numbers or texts."""
    if isinstance(column, np.ndarray):
        table = Table(np.column_stack([NOISE[: len(column)], column]), (), unnamed(2))
    else:
        fields = (Field("0"), Field("1", Kind.TEXT))
        table = Table(NOISE[: len(column), None], (Coded.from_texts(column),), fields)
    return list(find_leaks(table, labels, int(labels.max()) + 1))


SORTED = np.argsort(np.argsort(LABELS, kind="stable"))
FLIPPED = np.where(np.arange(N) == 7, (LABELS + 1) % 3, LABELS)


@pytest.mark.parametrize(
    ("column", "is_sorted"),
    [
        (LABELS.astype(float), False),
        (np.array([5.0, -1.0, 2.5])[LABELS], False),
        (FLIPPED.astype(float), False),
        (10.0 * LABELS + RNG.integers(0, 9, N), False),
        (SORTED * 7.0 + 1e6, True),
        (LABELS + RNG.uniform(0, 0.9, N), True),
        ([f"class {k}" for k in LABELS], False),
        ([f"site {k} {i % 4}" for i, k in enumerate(LABELS)], False),
        ([None if k == 0 else "yes" if k == 1 else "no" for k in LABELS], False),
    ],
    ids=["copy", "coding", "nearly", "sites", "id", "order", "text", "many texts", "gaps"],
)
def test_what_tells_the_label(column, is_sorted):
    """By name, and how."""
    (leak,) = found(column)
    assert (leak.name, leak.is_sorted) == ("1", is_sorted)
    assert leak.n_errors == (1 if column is not None and np.array_equal(column, FLIPPED) else 0)
    nearly = "nearly " * (leak.n_errors > 0)
    assert leak.note.startswith(f"Warning: column '1' {nearly}tells the label by itself")
    assert ("worth nothing" in leak.note) == (not leak.n_errors)
    assert ("for 1 of 300 rows" in leak.note) == (leak.n_errors == 1)


@pytest.mark.parametrize(
    "column",
    [
        np.arange(N, dtype=float),
        RNG.permutation(N).astype(float),
        LABELS + RNG.normal(size=N),
        np.where(RNG.random(N) < 0.1, RNG.integers(0, 3, N), LABELS).astype(float),
        np.ones(N),
        [f"row {i}" for i in range(N)],
        [str(RNG.integers(0, 100)) for _ in range(N)],
        [None] * N,
    ],
    ids=["rows", "numbers", "noisy", "often", "constant", "names", "texts", "nothing"],
)
def test_what_does_not(column):
    """A column that only helps, or is different in every row."""
    assert found(column) == []


def test_few_rows_tell_nothing():
    """And rows of one class neither."""
    assert found(LABELS[:15].astype(float), LABELS[:15]) == []
    assert found(np.zeros(N), np.zeros(N, int)) == []


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer"])
def test_good_features_are_no_leaks(name):
    """Of well-known tables none is suspected."""
    X, labels = getattr(datasets, f"load_{name}")(return_X_y=True)
    assert not list(find_leaks(Table(X, (), unnamed(X.shape[1])), labels, int(labels.max()) + 1))


def test_a_sample_is_only_a_beginning():
    """What the first rows look like is checked on all of them."""
    n = 10_000
    labels = RNG.integers(0, 2, n)
    column = labels.astype(float)
    odd = np.ones(n, bool)
    odd[np.linspace(0, n - 1, 2_000).astype(int)] = False
    column[odd] = RNG.integers(0, 2, int(odd.sum()))
    table = Table(column[:, None], (), unnamed(1))
    assert not list(find_leaks(table, labels, 2))
