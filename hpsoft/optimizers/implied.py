"""The class that a state may leave out: its parameters are minus the sum of the others'."""

from collections.abc import Mapping

import numpy as np

from hpsoft.optimizers.protocol import Array


def all_classes(state: Mapping[str, Array], n_classes: int) -> tuple[Array, Array]:
    """Return the weights and bias of all classes; the last one is filled in where it is implied.

    Returns:
        weights (n_features, n_classes, n_models) and bias (n_classes, n_models), in their dtypes;
        the state's own arrays where they are complete.
    """
    weights, bias = state["weights"], state["bias"]
    if len(bias) < n_classes:
        weights = np.concatenate([weights, -weights.sum(axis=1, keepdims=True)], axis=1)
        bias = np.concatenate([bias, -bias.sum(axis=0, keepdims=True)])
    return weights, bias
