"""The class that a state may leave out: its parameters and logits are minus the others' sum."""

from collections.abc import Mapping

import numpy as np

from hpsoft.softmax.probabilities import Array


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


def fill_last_class(logits: Array) -> None:
    """Overwrite the last class of logits (rows, n_classes, n_models) by minus the others' sum."""
    np.einsum("rkm->rm", logits[:, :-1], out=logits[:, -1])
    # No np.negative: NumPy 2.4.6's is wrong in place, of float32 four and of float64 eight apart.
    np.multiply(logits[:, -1], -1, out=logits[:, -1])
