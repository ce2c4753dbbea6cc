"""Strengths of L2 that are given as scikit-learn's C: alpha = 1 / (C n), of two classes 2 / (C n).

n are the samples that each model of the search is trained on: those of the training part, or of
the smallest fold's; where samples have weights, the sum of these. A study keeps alpha.
"""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from hpsoft.errors import SpaceError
from hpsoft.optimizers.hyperparameters import ALPHA
from hpsoft.optimizers.protocol import Hyperparameter, Role
from hpsoft.softmax.l2 import from_sklearn
from hpsoft.space.ranges import LOG, UNIFORM, read_range

NAME = "C"
_DOMAIN = Hyperparameter(NAME, Role.COLUMNAR, float, 0, above_low=True)


def with_alpha(
    space: Mapping[str, object],
    known: Container[str],
    n_samples: float,
    n_classes: int,
    *,
    decoupled: bool,
) -> Mapping[str, object]:
    """Return a space, not yet checked, with alpha in the place of C.

    It stays as it is where the optimizer has no alpha, or a C of its own.

    Raises:
        SpaceError: it has alpha as well, or values that are no C; the optimizer takes alpha away
            from the weights by itself, so no C leads to the same optimum.
    """
    if NAME not in space or NAME in known or ALPHA.name not in known:
        return space
    if ALPHA.name in space:
        raise SpaceError(
            "C and alpha are the same strength of L2, alpha = 1 / (C n), and both are given: leave "
            "one out."
        )
    if decoupled:
        raise SpaceError(
            "C is a strength of L2 in the cost, and this optimizer's alpha is weight decay that is "
            "decoupled from the cost: no C is the same. Give alpha."
        )
    rest = {name: values for name, values in space.items() if name != NAME}
    return {**rest, ALPHA.name: _alpha(space[NAME], n_samples, n_classes)}


def called(name: str, *asked: Mapping[str, object]) -> str:
    """Return what a hyperparameter was called by those who asked for its values: C of alpha.

    >>> called("alpha", {"alpha": [1]}, {"C": {"log": [0.1, 10]}}), called("alpha")
    ('C', 'alpha')
    """
    last = next((space for space in reversed(asked) if {NAME, name} & space.keys()), {})
    return NAME if name == ALPHA.name and NAME in last else name


def known_names(known: Container[str], *, decoupled: bool) -> tuple[str, ...]:
    """Return C where it may be given for the alpha of an optimizer; else nothing."""
    return (NAME,) if ALPHA.name in known and not decoupled else ()


def _alpha(given: object, n_samples: float, n_classes: int) -> object:
    if isinstance(given, Mapping):
        return _range(given, n_samples, n_classes)
    values = list(given) if isinstance(given, Sequence) and not isinstance(given, str) else [given]
    if not values:
        raise SpaceError("C has no values. Leave it out to search the default of alpha.")
    return [from_sklearn(_number(value), n_samples, n_classes) for value in values]


def _number(value: Any) -> float:
    """Return a C; infinity is one, without L2."""
    return float("inf") if value in ("inf", float("inf")) else float(_DOMAIN.check(value))


def _range(given: Mapping[str, object], n_samples: float, n_classes: int) -> Mapping[str, object]:
    """Return the range of alpha of a range of C: one that is uniform in its logarithm."""
    if UNIFORM in given and LOG not in given:
        raise SpaceError(
            "C takes listed values or a log range: what is uniform in C is not so in alpha."
        )
    found = read_range(_DOMAIN, given)
    ends = (from_sklearn(end, n_samples, n_classes) for end in (found.high, found.low))
    return {LOG: list(ends)}
