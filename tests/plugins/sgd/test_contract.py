"""SGD keeps the contract of optimizers."""

from hpsoft_sgd import SGD

from hpsoft.testing import OptimizerContract


class TestSGD(OptimizerContract):
    """All checks."""

    optimizer = SGD
