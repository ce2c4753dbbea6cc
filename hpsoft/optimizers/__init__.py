"""The protocol of optimizers: all that a plugin imports from hpsoft, and finding plugins.

protocol.py   hyperparameters with roles, and the two kinds of optimizer
registry.py   plugins through entry points
"""

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
    "API_VERSION",
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
    "zeros",
]
