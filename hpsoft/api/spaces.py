"""Values of hyperparameters as people have them in Python -> as a space file has them.

Lists, arrays and single values; ranges as `{"log": [1e-6, 1]}`, as distributions of Optuna's, or
as scipy.stats' `loguniform` and `uniform`.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from hpsoft.errors import SpaceTypeError
from hpsoft.optimizers.hyperparameters import CLASS_WEIGHT
from hpsoft.space.ranges import LOG, UNIFORM

NO_WEIGHT = CLASS_WEIGHT.names[0][0]  # what scikit-learn calls None


def plain_space(space: Mapping[str, Any]) -> dict[str, object]:
    """Return what a space file would hold of each hyperparameter.

    >>> plain_space({"alpha": np.array([0.1, 1.0]), "epochs": range(1, 4), "batch_size": 32})
    {'alpha': [0.1, 1.0], 'epochs': [1, 2, 3], 'batch_size': [32]}

    Raises:
        SpaceTypeError: it is no mapping from names.
    """
    given: object = space
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise SpaceTypeError(
            f"space takes a mapping from names to values, such as {{'alpha': [0.1, 1]}}, or the "
            f"path of a space file, not {space!r:.100}."
        )
    return {name: _plain(name, values) for name, values in space.items()}


def one_grid(space: Any) -> Any:
    """Return what a list of grids, as GridSearchCV takes it, has: one grid, or what is no list.

    Raises:
        SpaceTypeError: it has several, or none.
    """
    if not isinstance(space, list | tuple):
        return space
    if len(space) == 1:
        return space[0]
    raise SpaceTypeError(
        f"space is a list of {len(space)} grids, and a study proves that one grid is complete: it "
        "has every value with every other. Search each by itself, GridSearch(grid) for each grid, "
        "and keep the one with the greatest best_score_; or give one mapping with all values."
    )


def _plain(name: str, values: Any) -> object:
    if isinstance(values, Mapping) and not (name == CLASS_WEIGHT.name and _is_weights(values)):
        return {kind: _number(end) for kind, end in values.items()}
    if hasattr(values, "low") and hasattr(values, "high"):  # of Optuna's
        step = getattr(values, "step", None)
        kind = LOG if values.log else UNIFORM
        is_plain = step is None or (values.log and step == 1)
        return {kind: [values.low, values.high], **({} if is_plain else {"step": step})}
    if hasattr(values, "choices"):  # the same
        return list(values.choices)
    if hasattr(values, "rvs"):
        return _of_scipy(name, values)
    if isinstance(values, str | Mapping) or not hasattr(values, "__iter__"):
        values = [values]
    if name == CLASS_WEIGHT.name:
        return [_class_weight(value) for value in values]
    return [_number(value) for value in values]


def _is_weights(values: Mapping[Any, Any]) -> bool:
    """Tell weights by class from a range."""
    return not values.keys() <= {LOG, UNIFORM, "step"}


def _class_weight(value: Any) -> Any:
    """Return a power or a word, as the hyperparameter takes them, of what scikit-learn takes.

    Raises:
        SpaceTypeError: it is a dictionary.
    """
    if isinstance(value, Mapping):
        raise SpaceTypeError(
            "class_weight takes None, 'balanced' or powers between them, 0 to 1, in a space, and "
            "no dictionary: all trials of a study count the classes by one rule. Give "
            "sample_weight=..., the weight of each sample's class, to the search; a single model "
            "takes the dictionary: SoftmaxRegression(class_weight={...})."
        )
    return NO_WEIGHT if value is None else _number(value)


def _of_scipy(name: str, values: Any) -> object:
    family = getattr(getattr(values, "dist", None), "name", "")
    low, high = (float(end) for end in values.support())
    if family in {"loguniform", "reciprocal"}:
        return {LOG: [low, high]}
    if family == "uniform":
        return {UNIFORM: [low, high]}
    raise SpaceTypeError(
        f"space: {name} is a distribution that no sampler draws from ({family or values!r}). Give "
        "values, scipy.stats.loguniform(LOW, HIGH), or {'log': [LOW, HIGH]}."
    )


def _number(value: Any) -> Any:
    """Return a number of NumPy's as Python's, and lists of them."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    return [_number(one) for one in value] if isinstance(value, list | tuple) else value
