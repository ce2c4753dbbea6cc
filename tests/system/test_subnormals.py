"""Subnormal numbers are zero while models are trained, and only then."""

import platform
import sys

import numpy as np
import pytest
from hpsoft_sgd import SGD
from small_problem import make_setup, make_trials

from hpsoft.engine.plan import make_plan
from hpsoft.engine.train import Task, train
from hpsoft.system import subnormals
from hpsoft.system.subnormals import flushed_subnormals

HERE = sys.platform == "linux" and platform.machine() == "x86_64"


def tenth(number, dtype):
    return float((np.full(3, number, dtype) * dtype(0.1))[0])


@pytest.mark.parametrize(("dtype", "smallest"), [(np.float32, 1.2e-38), (np.float64, 2.3e-308)])
def test_numbers_next_to_zero_are_zero_within_and_kept_outside(dtype, smallest):
    assert tenth(smallest, dtype) > 0
    with flushed_subnormals():
        assert (tenth(smallest, dtype) == 0) == HERE
        with flushed_subnormals():
            pass
        assert (tenth(smallest, dtype) == 0) == HERE, "the inner one leaves it as it was"
        assert tenth(11 * smallest, dtype) > 0, "others stay"
    assert tenth(smallest, dtype) > 0


def fail_within():
    with flushed_subnormals():
        raise KeyError


def test_it_ends_with_an_error():
    with pytest.raises(KeyError):
        fail_within()
    assert tenth(1.2e-38, np.float32) > 0


def test_models_are_trained_so():
    """A product with subnormal numbers takes a hundred times as long as one without."""
    within = []

    class Noting(SGD):
        def epoch(self, problem, models, state, index):
            within.append(tenth(1.2e-38, np.float32))
            return super().epoch(problem, models, state, index)

    block = make_plan(SGD.hyperparameters, make_trials()).blocks[0]
    train(make_setup(optimizer=Noting()), Task(block, tuple(range(len(block.models))), None, 0, 2))
    assert [number == 0 for number in within] == [HERE] * 2


def test_rounding_and_warnings_stay_as_they_were():
    with np.errstate(all="raise"):
        with flushed_subnormals():
            third = np.float32(1) / np.float32(3)
        assert third == np.float32(1) / np.float32(3)
        with flushed_subnormals(), pytest.raises(FloatingPointError):
            np.float64(1) / np.float64(0)


@pytest.mark.parametrize(("system", "machine"), [("darwin", "x86_64"), ("linux", "aarch64")])
def test_elsewhere_nothing_is_touched(monkeypatch, system, machine):
    """The place of the control word is known for x86 Linux alone."""
    monkeypatch.setattr(subnormals.sys, "platform", system)
    monkeypatch.setattr(subnormals.platform, "machine", lambda: machine)
    subnormals._library.cache_clear()
    try:
        with flushed_subnormals():
            assert tenth(1.2e-38, np.float32) > 0
    finally:
        subnormals._library.cache_clear()


def test_a_library_without_it_is_passed_over(monkeypatch):
    import ctypes

    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    subnormals._library.cache_clear()
    try:
        with flushed_subnormals():
            assert tenth(1.2e-38, np.float32) > 0
    finally:
        subnormals._library.cache_clear()
