"""Newton's method keeps the contract of optimizers."""

from hpsoft_newton import Newton

from hpsoft.testing import OptimizerContract


class TestNewton(OptimizerContract):
    """All checks."""

    optimizer = Newton
