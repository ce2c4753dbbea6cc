"""Step optimizers of every kind keep the contract, and a class of tests tells what is wrong."""

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
    names = {name.removeprefix("test_") for name in dir(OptimizerContract) if "test_" in name}
    assert names == set(CHECKS)
    assert all(getattr(OptimizerContract, f"test_{name}").__doc__ for name in names)


def test_a_broken_rule_is_a_failed_assertion():
    with pytest.raises(AssertionError, match=r"measured=1\.0, tolerance=0\.9"):
        contract_of(Lazy).test_descends()


def test_what_does_not_apply_is_skipped():
    with pytest.raises(pytest.skip.Exception, match="does not claim to converge"):
        contract_of(Lazy, converges=False).test_reaches_the_optimum()
