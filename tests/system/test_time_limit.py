"""The time that a user gives."""

import math

from hpsoft.system.time_limit import TimeLimit


def test_it_counts_from_its_start():
    now = [100.0]
    limit = TimeLimit(10.0, clock=lambda: now[0])
    now[0] += 50
    assert (limit.left(), limit.is_up()) == (10.0, False)
    limit.start()
    now[0] += 4
    limit.start()  # once is enough
    assert (limit.left(), limit.is_up()) == (6.0, False)
    now[0] += 7
    assert (limit.left(), limit.is_up()) == (0.0, True)


def test_without_one_time_is_never_up():
    limit = TimeLimit()
    limit.start()
    assert (limit.left(), limit.is_up()) == (math.inf, False)
