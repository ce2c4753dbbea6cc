"""The contract of optimizers, for the tests of a plugin and for `hpsoft optimizers check`.

    class TestMine(OptimizerContract):
        optimizer = Mine

behaviour.py  What an optimizer must do: descend, converge if it claims to, keep its domains, fail
              quietly.
checks.py     The list of checks, and running them: every failure is a result, an exception as
              well.
compare.py    Train models, and compare them: with each other, and by the reference mathematics.
contract.py   The contract as a class of tests: inherit from it, and pytest runs every check.
equality.py   What must not change a model's result: its neighbours, its block, snapshots, files,
              the dtype.
influence.py  What must change a model: its samples, their order, every hyperparameter of its own.
problems.py   Small convex problems to try optimizers on.
project.py    A new plugin project: five files that install and pass their contract test as they
              are.
result.py     What a check found.
subject.py    An optimizer with models to try it on.
weights.py    What weights of samples and classes must do to a model, where an optimizer knows
              them.
"""

from hpsoft.testing.checks import CHECKS, run_checks
from hpsoft.testing.contract import OptimizerContract
from hpsoft.testing.result import Result
from hpsoft.testing.subject import Subject

__all__ = ["CHECKS", "OptimizerContract", "Result", "Subject", "run_checks"]
