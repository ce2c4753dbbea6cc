from hpsoft_averaged_sgd import AveragedSGD

from hpsoft.testing import OptimizerContract


class TestAveragedSGD(OptimizerContract):
    """Passes the contract of optimizers."""

    optimizer = AveragedSGD
