"""The contract as a class of tests: inherit from it, and pytest runs every check."""

from collections.abc import Callable
from typing import Any, ClassVar

from hpsoft.optimizers.protocol import Optimizer, Space
from hpsoft.testing.checks import CHECKS, find
from hpsoft.testing.subject import Subject


class OptimizerContract:
    """Tests of one optimizer, one for each of CHECKS: `test_contract[descends]` and the like.

    class TestMine(OptimizerContract):
        optimizer = Mine
    """

    optimizer: ClassVar[Callable[[], Optimizer]]
    space: ClassVar[Space | None] = None  # values to try instead of the default space
    converges: ClassVar[bool] = True  # False: it does not claim to reach the optimum

    def pytest_generate_tests(self, metafunc: Any) -> None:
        """Make a test of every check; pytest calls this by its name."""
        if metafunc.function.__name__ == "test_contract":
            metafunc.parametrize("check", CHECKS)

    def test_contract(self, check: str) -> None:
        """Keep one rule; an exception keeps its traceback, unlike in a report."""
        kind = type(self)
        found = find(check, Subject(kind.optimizer, kind.space, converges=kind.converges))
        if found.passed is None:
            import pytest

            pytest.skip(found.not_applicable)
        assert found.passed, f"{CHECKS[check].__doc__} {found}"
