"""Step optimizers of every kind keep the contract, and a class of tests tells what is wrong."""

from types import SimpleNamespace

import pytest
from step_optimizers import Averaged, Decoupled, Momentum, WholeDecoupled, WholeMomentum

from hpsoft.testing import CHECKS, OptimizerContract

VALUES = {
    "epochs": (1,),
    "batch_size": (9,),
    "learning_rate": (0.05,),
    "momentum": (0.0, 0.3),
    "alpha": (0.5,),
}


class TestMomentum(OptimizerContract):
    optimizer = Momentum


class TestWholeMomentum(OptimizerContract):
    optimizer = WholeMomentum


class TestDecoupled(OptimizerContract):
    optimizer = Decoupled


class TestWholeDecoupled(OptimizerContract):
    optimizer = WholeDecoupled


class TestAveraged(OptimizerContract):
    optimizer = Averaged


class TestValuesOfOnesOwn(OptimizerContract):
    optimizer = Momentum
    space = VALUES


class Lazy(Momentum):
    def step(self, state, gradient, values):
        """Do nothing."""


def contract_of(kind, **options):
    return type("TestIt", (OptimizerContract,), {"optimizer": kind, **options})()


def test_there_is_a_test_for_every_check():
    """As pytest asks for it; tests of one's own beside them are left alone."""
    made = []
    contract = contract_of(Lazy)
    for function in (contract.test_contract, contract_of):
        metafunc = SimpleNamespace(
            function=function, parametrize=lambda name, values: made.append((name, list(values)))
        )
        contract.pytest_generate_tests(metafunc)
    assert made == [("check", list(CHECKS))]
    assert all(check.__doc__ for check in CHECKS.values())


def test_a_broken_rule_is_a_failed_assertion():
    with pytest.raises(AssertionError, match=r"measured=1\.0, tolerance=0\.9"):
        contract_of(Lazy).test_contract("descends")


def test_what_does_not_apply_is_skipped():
    with pytest.raises(pytest.skip.Exception, match="does not claim to converge"):
        contract_of(Lazy, converges=False).test_contract("reaches_the_optimum")
