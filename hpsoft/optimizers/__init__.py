"""The protocol of optimizers: all that a plugin imports from hpsoft, and finding plugins.

categories.py       Hyperparameters of the data, whose values are words: what a block of models
                    sees.
entries.py          Entry points of all distributions, read once as long as the folders on the path
                    stay the same.
errors.py           Whatever a plugin's code raises or prints: an error that names the plugin,
                    standard error.
hyperparameters.py  Hyperparameters: those that many optimizers share, under one name, role and
                    domain.
implied.py          The class that a state may leave out: its parameters and logits are minus the
                    others' sum.
installed.py        The optimizers that are installed: where each comes from, and what it says of
                    itself.
probe.py            What optimizers say of themselves; third parties are asked in a process of
                    their own.
protocol.py         What an optimizer is to hpsoft: hyperparameters with roles, a first state, a
                    pass over the data.
registry.py         Find optimizers through the entry-point group `hpsoft.optimizers`.
shipped.py          Optimizers that are not installed: what brings them, and how it is installed.
validate.py         What keeps an object from being an optimizer, in words: version,
                    hyperparameters, methods.
weights.py          What each sample counts in the cost: by itself, and by its class.
"""

from hpsoft.optimizers.hyperparameters import (
    ALPHA,
    BATCH_SIZE,
    CLASS_WEIGHT,
    EPOCHS,
    LEARNING_RATE,
    l2_strengths,
)
from hpsoft.optimizers.implied import all_classes
from hpsoft.optimizers.protocol import (
    API_VERSION,
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
from hpsoft.optimizers.weights import Weighting, weighting
from hpsoft.softmax.probabilities import Array
from hpsoft.softmax.summary import DataSummary

__all__ = [
    "ALPHA",
    "API_VERSION",
    "BATCH_SIZE",
    "CLASS_WEIGHT",
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
    "Weighting",
    "all_classes",
    "l2_strengths",
    "weighting",
    "zeros",
]
