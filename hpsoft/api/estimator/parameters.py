"""The hyperparameters of a fit: those given, and for "auto" values that fit the data."""

from collections.abc import Iterable, Mapping
from typing import Any

from hpsoft.errors import SpaceValueError, unknown
from hpsoft.optimizers.hyperparameters import ALPHA
from hpsoft.optimizers.protocol import Optimizer, Value
from hpsoft.softmax.summary import DataSummary
from hpsoft.space.build import default_space
from hpsoft.space.strength import NAME as C
from hpsoft.space.usual import usual_value

AUTO = "auto"


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
        elif (fitting := usual_value(parameter, usual, facts, total)) is not None:
            found[name] = fitting
        elif parameter.default is None:
            raise SpaceValueError(
                f"The optimizer has no default for {name}: give {name}=... a value."
            )
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
