"""The classes of a model as values, in ascending order: as scikit-learn has them."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hpsoft.data.memory.kinds import BOOL, FLOAT, INT
from hpsoft.model.files import TrainedModel
from hpsoft.softmax.probabilities import Array

WHOLE = re.compile(r"0|-?[1-9][0-9]*")


def in_order(model: TrainedModel) -> tuple[TrainedModel, Array]:
    """Return a model with its classes in ascending order, and their values (n_classes,).

    Scorers of scikit-learn take the columns of probabilities for classes that ascend; the classes
    of some data sets (shirt, trouser, pullover) do not.
    """
    values = class_values(model.classes, model.metadata.get("label_kind"))
    order = np.argsort(values, kind="stable")
    if (order == np.arange(len(order))).all():
        return model, values
    named = {**model.metadata, "classes": [model.classes[k] for k in order]}
    weights, bias = model.weights[:, order], model.bias[order]
    return replace(model, weights=weights, bias=bias, metadata=named), values[order]


def class_values(names: Sequence[str], kind: str | None = None) -> Array:
    """Return the values of classes (n_classes,) by their names and the kind that labels were of.

    Models that do not say (None), of files and of older releases, have integers where all names
    are whole numbers that ascend.

    >>> class_values(["2", "10"]), class_values(["10", "2"]), class_values(["0.0", "1.0"], "float")
    (array([ 2, 10]), array(['10', '2'], dtype='<U2'), array([0., 1.]))
    """
    if kind == BOOL:
        return np.array([name == "True" for name in names])
    if kind == FLOAT:
        return np.array([float(name) for name in names])
    if kind == INT or (kind is None and _are_whole(names)):
        numbers = [int(name) for name in names]
        return np.array(numbers, np.uint64 if max(numbers) >= 2**63 else np.int64)
    return np.array(names, dtype=str)


def _are_whole(names: Sequence[str]) -> bool:
    if not all(map(WHOLE.fullmatch, names)):
        return False
    numbers = [int(name) for name in names]
    return numbers == sorted(numbers) and numbers[0] >= -(2**63) and numbers[-1] < 2**63
