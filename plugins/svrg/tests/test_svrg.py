from hpsoft_svrg import SVRG

from hpsoft.testing import OptimizerContract


class TestSVRG(OptimizerContract):
    """Passes the contract of optimizers."""

    optimizer = SVRG
