"""The hyperparameters of a fit: those given, and values that fit the data.

"auto", measured by tests/benchmarks/estimator.py:

    alpha          that of scikit-learn's LogisticRegression(C=1): 1 / n, of two classes 2 / n
    batch_size     128: all samples, and so no noise, of small data
    learning_rate  of the optimizer's usual rates the third from above: of SGD a quarter of the
                   edge of stability, K / L
    the horizon    the largest of the optimizer's usual ones
    all others     their default, or the middle of the optimizer's usual values
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hpsoft.errors import SpaceValueError, unknown
from hpsoft.optimizers.hyperparameters import ALPHA, BATCH_SIZE, LEARNING_RATE
from hpsoft.optimizers.protocol import Hyperparameter, Optimizer, Role, Space, Value
from hpsoft.softmax.l2 import from_sklearn
from hpsoft.softmax.summary import DataSummary
from hpsoft.space.build import default_space
from hpsoft.space.strength import NAME as C

AUTO = "auto"
BATCH = 128
RATE = 3  # from above, of the usual ones


def point(
    optimizer: Optimizer, given: Mapping[str, Any], facts: DataSummary, total: float
) -> dict[str, Value]:
    """Return a value of every hyperparameter that is given, or has no default.

    Args:
        optimizer: whose hyperparameters they are.
        given: by name; "auto" stands for a value that fits the data.
        facts: of the features as they are scaled, with the number of classes.
        total: the sum of the weights of all samples, n without weights.

    Raises:
        HpsoftError: the optimizer has no such hyperparameter, or a value outside its domain.
    """
    known = {h.name: h for h in optimizer.hyperparameters}
    for name, value in given.items():
        if name not in known and not _is_auto(value):
            raise no_parameter("hyperparameter", name, known)
    usual = default_space(optimizer, facts)
    found: dict[str, Value] = {}
    for name, parameter in known.items():
        asked = given.get(name, AUTO)
        if not _is_auto(asked):
            value = parameter.check(asked)
            found[name] = min(value, facts.n_samples) if parameter.within_samples else value
        elif (fitting := _fitting(parameter, usual, facts, total)) is not None:
            found[name] = parameter.check(fitting)
    return found


def no_parameter(kind: str, name: str, known: Iterable[str]) -> SpaceValueError:
    """Return the error for a name that is none; of C it says what it is here."""
    known = set(known)
    told = unknown(kind, name, known)
    if name.upper() == C and ALPHA.name in known:
        told += (
            " scikit-learn's C is alpha = 1 / (C n) here, of two classes 2 / (C n), with n "
            'samples; alpha="auto" is that of C=1.'
        )
    return SpaceValueError(told)


def _is_auto(value: object) -> bool:
    return isinstance(value, str) and value == AUTO


def _fitting(
    parameter: Hyperparameter, usual: Space, facts: DataSummary, total: float
) -> Value | None:
    """Return the value that "auto" stands for; None: its default.

    Raises:
        SpaceValueError: it has neither a default nor usual values.
    """
    name = parameter.name
    if name == ALPHA.name:
        return from_sklearn(1.0, total, facts.n_classes)
    if name == BATCH_SIZE.name:
        return min(BATCH, facts.n_samples)
    if values := sorted(usual.get(name, ())):
        return _one_of(parameter, values)
    if parameter.default is None:
        raise SpaceValueError(f"The optimizer has no default for {name}: give {name}=... a value.")
    return None


def _one_of(parameter: Hyperparameter, values: Sequence[Value]) -> Value:
    """Return one of the usual values, which are ascending."""
    if parameter.role is Role.HORIZON:
        return values[-1]
    if parameter.name == LEARNING_RATE.name:
        return values[-min(RATE, len(values))]
    return values[len(values) // 2]
