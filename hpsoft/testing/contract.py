"""The contract as a class of tests: inherit from it, and pytest runs every check."""

from collections.abc import Callable
from typing import Any, ClassVar

from hpsoft.optimizers.protocol import Optimizer, Space
from hpsoft.testing.checks import CHECKS, find
from hpsoft.testing.subject import Subject


class OptimizerContract:
    """Tests of one optimizer.

    class TestMine(OptimizerContract):
        optimizer = Mine
    """

    optimizer: ClassVar[Callable[[], Optimizer]]
    space: ClassVar[Space | None] = None  # values to try instead of the default space
    converges: ClassVar[bool] = True  # False: it does not claim to reach the optimum


def _test(name: str) -> Callable[[Any], None]:
    """Return a test method; an exception keeps its traceback, unlike in a report."""

    def test(self: Any) -> None:
        kind = type(self)
        found = find(name, Subject(kind.optimizer, kind.space, converges=kind.converges))
        if found.passed is None:
            import pytest

            pytest.skip(found.not_applicable)
        assert found.passed, found

    test.__doc__ = CHECKS[name].__doc__
    return test


for _name in CHECKS:
    setattr(OptimizerContract, f"test_{_name}", _test(_name))
