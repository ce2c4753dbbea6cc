"""One value that fits the data, of each hyperparameter that nobody gives one.

Measured by tests/benchmarks/estimator.py:

    alpha          that of scikit-learn's LogisticRegression(C=1): 1 / n, of two classes 2 / n
    batch_size     128: all samples, and so no noise, of small data
    learning_rate  of the optimizer's usual rates the third from above: of SGD a quarter of the
                   edge of stability, K / L
    the horizon    the largest of the optimizer's usual ones
    all others     their default, or the middle of the optimizer's usual values
"""

from collections.abc import Sequence

from hpsoft.optimizers.hyperparameters import ALPHA, BATCH_SIZE, LEARNING_RATE
from hpsoft.optimizers.protocol import Hyperparameter, Role, Space, Value
from hpsoft.softmax.l2 import from_sklearn
from hpsoft.softmax.summary import DataSummary

BATCH = 128
RATE = 3  # from above, of the usual ones


def usual_value(
    parameter: Hyperparameter, usual: Space, facts: DataSummary, total: float
) -> Value | None:
    """Return the value of a hyperparameter that fits the data; None: its default, if it has one.

    Args:
        parameter: of an optimizer.
        usual: the optimizer's default space for the data.
        facts: of the features as they are scaled, with the number of classes.
        total: the sum of the weights of all samples, n without weights.

    Raises:
        SpaceError: the default space has a value outside the domain.
    """
    name = parameter.name
    if name == ALPHA.name:
        return parameter.check(from_sklearn(1.0, total, facts.n_classes))
    if name == BATCH_SIZE.name:
        return parameter.check(min(BATCH, facts.n_samples))
    if values := sorted(usual.get(name, ())):
        return parameter.check(_one_of(parameter, values))
    return None


def _one_of(parameter: Hyperparameter, values: Sequence[Value]) -> Value:
    """Return one of the usual values, which are ascending."""
    if parameter.role is Role.HORIZON:
        return values[-1]
    if parameter.name == LEARNING_RATE.name:
        return values[-min(RATE, len(values))]
    return values[len(values) // 2]
