from hpsoft_adam import Adam, AdamW

from hpsoft.testing import OptimizerContract


class TestAdam(OptimizerContract):
    """Passes the contract of optimizers."""

    optimizer = Adam


class TestAdamW(OptimizerContract):
    """Passes the contract of optimizers."""

    optimizer = AdamW
