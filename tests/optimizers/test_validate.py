"""What keeps an object from being an optimizer is said in words."""

from types import SimpleNamespace

import pytest
from step_optimizers import Momentum

from hpsoft.optimizers import Hyperparameter, Role
from hpsoft.optimizers.validate import defects

EPOCHS, BATCH, RATE, *_ = Momentum.hyperparameters


def variant(**attributes):
    return type("Odd", (Momentum,), attributes)()


def test_a_sound_optimizer_has_no_fault():
    assert defects(Momentum()) == ""


@pytest.mark.parametrize(
    ("optimizer", "fault"),
    [
        (object(), "speaks version None of the plugin protocol, this hpsoft speaks 1: upgrade"),
        (variant(api_version=2), "speaks version 2"),
        (
            SimpleNamespace(api_version=1),
            "lacks hyperparameters, default_space, init, epoch or step: see EpochOptimizer",
        ),
        (
            SimpleNamespace(api_version=1, step=1, init=1),
            "lacks hyperparameters, default_space, e",
        ),
        (variant(hyperparameters=[EPOCHS]), "as a tuple of Hyperparameter"),
        (variant(hyperparameters=("epochs",)), "as a tuple of Hyperparameter"),
        (variant(hyperparameters=(EPOCHS, RATE, RATE)), "declares learning_rate twice"),
        (
            variant(hyperparameters=(EPOCHS, Hyperparameter("a b", Role.COLUMNAR, float, 0))),
            "'a b', which cannot be typed after --set",
        ),
        (variant(init=5), "has init = 5, which must be a method"),
        (variant(step=None), "has step = None, which must be a method"),
        (variant(values={}), "has values = {}, which must be a method"),
        (variant(answer=5), "has answer = 5, which must be a str"),
        (variant(elementwise="yes"), "has elementwise = 'yes', which must be a bool"),
        (variant(hyperparameters=(RATE,)), "must declare one horizon.* declares none"),
        (
            variant(hyperparameters=(Hyperparameter("time", Role.HORIZON, float, 1),)),
            "must count its passes in whole numbers from 1, unlike its time",
        ),
        (
            variant(hyperparameters=(Hyperparameter("epochs", Role.HORIZON, int, 0),)),
            "must count its passes in whole numbers from 1, unlike its epochs",
        ),
        (
            variant(hyperparameters=(EPOCHS, Hyperparameter("alpha", Role.STRUCTURAL, int, 0))),
            "must give alpha the role columnar",
        ),
        (
            variant(hyperparameters=(EPOCHS, Hyperparameter("batch_size", Role.COLUMNAR, int, 0))),
            "must give batch_size the role structural",
        ),
    ],
)
def test_the_fault_is_named(optimizer, fault):
    with pytest.raises(AssertionError, match=fault):
        assert not defects(optimizer), defects(optimizer)
