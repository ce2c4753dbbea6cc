"""How long replays will take, from a few that have ended."""

import pytest

from hpsoft.assess.replay import Method
from hpsoft.assess.replay_times import GROWTH, ReplayTimes

SIZES = (300, 100)


def times(*samplers, seeds=10, n_workers=2, sizes=SIZES):
    methods = [Method(name, "none", size) for name in samplers for size in sizes]
    return ReplayTimes(methods, seeds, n_workers)


def test_the_quickest_of_every_sampler_comes_first_and_then_seed_by_seed():
    assert times("tpe", "random", seeds=2).order == [
        (1, 0), (3, 0), (0, 0), (2, 0), (1, 1), (3, 1), (0, 1), (2, 1)
    ]  # fmt: skip


def test_nothing_is_said_before_every_sampler_was_seen():
    found = times("tpe", "random")
    assert found.left(0) is None
    found.add(1, 1.0)
    assert found.left(0) is None
    found.add(3, 1.0)
    assert found.left(0) is not None


def test_a_sampler_that_learns_takes_more_than_in_proportion():
    found = times("tpe")
    found.add(1, 1.0)
    assert found.left(0) == pytest.approx(10 * (1 + 3**GROWTH) / 2)
    found.add(0, 5.0)  # measured: no guess any more
    assert found.left(0) == pytest.approx(10 * (1 + 5) / 2)
    found.add(0, 7.0)
    assert found.left(4) == pytest.approx(10 * (1 + 6) / 2 - 4)


def test_another_takes_its_trials():
    found = times("random")
    found.add(1, 1.0)
    assert found.left(0) == pytest.approx(10 * (1 + 3) / 2)


def test_the_nearest_size_tells_most():
    found = times("tpe", sizes=(10, 100, 200))
    found.add(0, 1.0)
    found.add(1, 2.0)
    assert found.left(0) == pytest.approx(10 * (1 + 2 + 2 * 2**GROWTH) / 2)


def test_it_takes_at_least_as_long_as_the_longest_replay():
    found = times("random", seeds=1, n_workers=64)
    found.add(1, 1.0)
    assert found.left(0) == pytest.approx(3)
