from hpsoft_momentum import Momentum

from hpsoft.testing import OptimizerContract


class TestMomentum(OptimizerContract):
    """Passes the contract of optimizers."""

    optimizer = Momentum
