"""The protocol of optimizers: all that a plugin imports from hpsoft, and finding plugins.

common.py     hyperparameters that many optimizers share
implied.py    the class that a state may leave out, filled in
protocol.py   hyperparameters with roles, and the two kinds of optimizer
probe.py      what all plugins say of themselves, third parties in a process of their own
registry.py   plugins through entry points
"""

from hpsoft.optimizers.common import (
    ALPHA,
    BATCH_SIZE,
    EPOCHS,
    LEARNING_RATE,
    l2_strengths,
)
from hpsoft.optimizers.implied import all_classes
from hpsoft.optimizers.protocol import (
    API_VERSION,
    Array,
    DataSummary,
    EpochOptimizer,
    Hyperparameter,
    Models,
    Optimizer,
    Problem,
    Role,
    Space,
    State,
    StepOptimizer,
    Value,
    zeros,
)

__all__ = [
    "ALPHA",
    "API_VERSION",
    "BATCH_SIZE",
    "EPOCHS",
    "LEARNING_RATE",
    "Array",
    "DataSummary",
    "EpochOptimizer",
    "Hyperparameter",
    "Models",
    "Optimizer",
    "Problem",
    "Role",
    "Space",
    "State",
    "StepOptimizer",
    "Value",
    "all_classes",
    "l2_strengths",
    "zeros",
]
