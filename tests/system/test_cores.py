"""How many cores are used."""

import os

import pytest

from hpsoft.system.cores import n_cores


@pytest.mark.parametrize(("count", "expected"), [(3, 3), (None, 1)])
def test_cores_where_the_system_has_no_affinity(monkeypatch, count, expected):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: count)
    assert n_cores() == expected


@pytest.mark.parametrize(("jobs", "expected"), [(None, 3), (1, 1), (3, 3), (64, 3)])
def test_cores_are_those_this_process_may_use_and_at_most_as_many_as_asked_for(
    monkeypatch, jobs, expected
):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {2, 5, 7}, raising=False)
    assert n_cores(jobs) == expected
