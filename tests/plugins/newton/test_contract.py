"""Newton's method keeps the contract of optimizers."""

import pytest
from hpsoft_newton import Newton, direct

from hpsoft.testing import OptimizerContract


class TestNewton(OptimizerContract):
    """All checks."""

    optimizer = Newton


class TestConjugateGradients(OptimizerContract):
    """All checks where the Hessian counts as too large to be formed."""

    optimizer = Newton

    @pytest.fixture(autouse=True)
    def no_direct_path(self, monkeypatch):
        """Leave conjugate gradients only."""
        monkeypatch.setattr(direct, "MAX_SIZE", 0)
