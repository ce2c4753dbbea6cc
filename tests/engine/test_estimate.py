"""Time, memory and processes of a plan, before it runs."""

import time

import numpy as np
import pytest
from hpsoft_sgd import SGD
from small_problem import GRID, in_folds, make_setup, make_trials, with_arrays

from hpsoft.engine.estimate import estimate, is_worth_processes, n_workers, peak_memory
from hpsoft.engine.plan import make_plan
from hpsoft.engine.schedule import run
from hpsoft.engine.workers import Inline


def make(grid):
    return make_plan(SGD.hyperparameters, make_trials(grid))


def test_more_work_and_fewer_workers_take_longer():
    setting = make_setup(n=2000)
    small, large = make(GRID), make({**GRID, "epochs": (1000,)})
    assert 0 < estimate(setting, small, 1).seconds < estimate(setting, large, 1).seconds


def test_memory_is_the_data_once_and_a_state_for_each_worker():
    setting = make_setup(n=2000)
    one, three = (estimate(setting, make(GRID), n).memory_bytes for n in (1, 3))
    assert three > one > setting.folds[0].X.nbytes
    wider = with_arrays(setting, X=np.zeros((2000, 4)), X_validation=np.zeros((10**6, 4)))
    assert estimate(wider, make(GRID), 1).memory_bytes - one == pytest.approx(32e6, rel=0.01)


@pytest.mark.parametrize("status", ["Name:\tpython\nVmRSS:\t5 kB\n", "", None])
def test_a_system_that_tells_no_peak_is_no_error(tmp_path, status):
    assert peak_memory() > 10**6
    if status is not None:
        (tmp_path / "status").write_text(status)
    assert peak_memory(tmp_path / "status") == 0


def test_an_empty_plan_takes_no_time():
    assert estimate(make_setup(), make_plan(SGD.hyperparameters, []), 2).seconds == 0


@pytest.mark.slow
def test_estimate_is_within_a_factor_of_five_of_the_truth():
    setting, plan = make_setup(n=20_000), make({**GRID, "epochs": (4,), "batch_size": (8, 64)})
    expected = estimate(setting, plan, 1).seconds
    began = time.perf_counter()
    with Inline(setting) as workers:
        list(run(plan, workers))
    assert expected / 5 < time.perf_counter() - began < expected * 5


def plan_for(setting, **changes):
    return make_plan(setting.optimizer.hyperparameters, make_trials({**GRID, **changes}))


@pytest.mark.parametrize(
    ("n", "changes", "expected"),
    [
        (48, {}, False),
        (48, {"epochs": (10_000,)}, True),  # a hundred thousand small steps
        (400_000, {"epochs": (2000,), "batch_size": (400_000,)}, True),  # large products
        (48, {"epochs": (1000,), "batch_size": (48,)}, False),
    ],
)
def test_work_is_operations_and_steps(n, changes, expected):
    setting = make_setup(n=n)
    assert is_worth_processes(setting, plan_for(setting, **changes)) is expected


def test_every_fold_takes_its_steps():
    setting = make_setup(n=48)
    work = plan_for(setting, epochs=(4_000,))
    assert not is_worth_processes(setting, work)
    assert is_worth_processes(in_folds(setting, 6), work)


def test_no_more_workers_than_blocks():
    setting = make_setup()
    assert n_workers(setting, plan_for(setting, epochs=(10_000,)), 16) == 2
    assert n_workers(setting, plan_for(setting), 16) == 1
    assert n_workers(setting, plan_for(setting), 16, least_seconds=0) == 2
