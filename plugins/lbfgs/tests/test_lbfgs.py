from hpsoft_lbfgs import LBFGS

from hpsoft.testing import OptimizerContract


class TestLBFGS(OptimizerContract):
    """Passes the contract of optimizers."""

    optimizer = LBFGS
