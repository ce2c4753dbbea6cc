"""Numbers far beyond all others of their column are warned of, or refused."""

import numpy as np
import pytest

from hpsoft.data import load
from hpsoft.data.encoding.huge import check_huge
from hpsoft.data.encoding.policy import Policy
from hpsoft.data.encoding.table import Table, unnamed
from hpsoft.errors import DataError


def table(*odd, base=1.0, dtype=np.float64):
    X = base * (1 + np.arange(40, dtype=dtype).reshape(20, 2) / 7)
    for row, value in odd:
        X[row, 1] = value
    return Table(X.astype(dtype), (), unnamed(2))


@pytest.mark.parametrize("value", [1e20, -1e160, 1e300])
def test_refused(value):
    with pytest.raises(DataError) as error:
        check_huge(table((5, value), (9, np.nan)), "t.csv", named=True)
    text = str(error.value)
    assert text.startswith(f"Column '1' of t.csv has {value:.6g} in row 6 (from 1), where")
    assert f"--missing-values 1={value:g} --missing median" in text
    assert "--drop 1" in text


def test_warned_of():
    (note,) = check_huge(table((5, 1.5e12), (6, 1.25e12)), "a.npz", named=False)
    assert note.startswith(
        "Warning: Column '1' of a.npz has 1.5e+12 in row 6 (from 1) (and 1 more"
    )
    assert "--missing-values 1.5e+12 --missing drop-rows" in note


@pytest.mark.parametrize(
    "fine",
    [
        table(),
        table(base=1e30),  # large throughout
        table((3, 1e8)),
        table(dtype=np.uint8),
        Table(np.empty((0, 2)), (), unnamed(2)),
    ],
)
def test_others(fine):
    assert check_huge(fine, "t", named=True) == ()


def test_alone_in_its_column():
    """All others are 0: nothing to compare it with."""
    X = np.zeros((20, 1))
    X[3] = 1e20
    with pytest.raises(DataError, match=r"has 1e.20 in row 4"):
        check_huge(Table(X, (), unnamed(1)), "t", named=True)


def test_what_the_error_says_helps(tmp_path):
    """The option that it names mends it."""
    X = np.random.default_rng(0).normal(size=(40, 2))
    X[5, 0] = 1e300
    np.savez(tmp_path / "a.npz", X=X, y=np.arange(40) % 2)
    path = str(tmp_path / "a.npz")
    with pytest.raises(DataError, match=r"--missing-values 1e.300 --missing drop-rows"):
        load(path)
    data = load(path, policy=Policy("drop-rows", missing_values=("1e+300",)))
    assert len(data.training) + len(data.test) == 39
