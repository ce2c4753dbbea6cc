"""How many processes some work is worth."""

import pytest
from small_problem import GRID, in_folds, make_setting, make_trials

from hpsoft.engine.plan import make_plan
from hpsoft.engine.worth import is_worth_processes, n_workers


def plan(setting, **changes):
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
    setting = make_setting(n=n)
    assert is_worth_processes(setting, plan(setting, **changes)) is expected


def test_every_fold_takes_its_steps():
    setting = make_setting(n=48)
    work = plan(setting, epochs=(4_000,))
    assert not is_worth_processes(setting, work)
    assert is_worth_processes(in_folds(setting, 6), work)


def test_no_more_workers_than_blocks():
    setting = make_setting()
    assert n_workers(setting, plan(setting, epochs=(10_000,)), 16) == 2
    assert n_workers(setting, plan(setting), 16) == 1
