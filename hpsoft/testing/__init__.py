"""The contract of optimizers, for the tests of a plugin and for `hpsoft optimizers check`.

    class TestMine(OptimizerContract):
        optimizer = Mine

contract.py   the class to inherit from
checks.py     the list of checks, and running them
equality.py   what must not change a result: neighbours, blocks, slabs, snapshots, files
influence.py  what must change a result: samples, their order, hyperparameters
behaviour.py  descent, the optimum, domains, divergence
subject.py    an optimizer with small problems and models to try it on
result.py     what a check found
"""

from hpsoft.testing.checks import CHECKS, run_checks
from hpsoft.testing.contract import OptimizerContract
from hpsoft.testing.result import Result
from hpsoft.testing.subject import Subject

__all__ = ["CHECKS", "OptimizerContract", "Result", "Subject", "run_checks"]
