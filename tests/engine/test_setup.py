"""The order of samples: a function of seed and pass."""

import numpy as np
import pytest

from hpsoft.engine.setup import sample_order


@pytest.mark.parametrize("n", [1, 2, 1000])
def test_every_sample_once_a_pass(n):
    assert sorted(sample_order(0, 0, n)) == list(range(n))


def test_seed_and_pass_decide_and_nothing_else():
    first = sample_order(3, 5, 100)
    np.testing.assert_array_equal(first, sample_order(3, 5, 100))
    for seed, epoch in ((3, 6), (4, 5), (5, 3)):
        assert (sample_order(seed, epoch, 100) != first).any()


def test_orders_are_those_of_earlier_versions():
    """Stored results depend on them: a change makes every study unresumable."""
    assert sample_order(0, 0, 6).tolist() == [3, 2, 5, 4, 0, 1]
    assert sample_order(1, 2, 6).tolist() == [4, 5, 1, 0, 3, 2]
