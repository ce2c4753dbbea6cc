"""What a trained model gives: probabilities and coefficients, as scikit-learn has them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.scale import ROWS
from hpsoft.model.files import TrainedModel
from hpsoft.optimizers.protocol import Value
from hpsoft.softmax.probabilities import Array

Floats = NDArray[np.float64]


def adopt(
    estimator: Any, model: TrainedModel, classes: NDArray[Any], params: Mapping[str, Value]
) -> None:
    """Make an estimator the fitted one that has this model."""
    estimator.model_, estimator.classes_, estimator.params_ = model, classes, dict(params)
    estimator.coef_, estimator.intercept_ = coefficients(model)


def scores(logits: Array) -> Floats:
    """Return what `decision_function` does: the logits; of two classes their difference (n,)."""
    return logits[:, 1] - logits[:, 0] if logits.shape[1] == 2 else logits


def coefficients(model: TrainedModel) -> tuple[Floats, Floats]:
    """Return coef_ (n_classes, n_features) and intercept_ (n_classes,) that act on X as it is.

    Of two classes (1, n_features) and (1,): the second minus the first. Features that the model
    does not take have zeros. Of the scale l2-rows X is to be divided by its rows' norms first.
    """
    weights = model.weights.astype(np.float64)
    rows = model.scale == ROWS
    shift, divisor = (np.zeros(()), np.ones(())) if rows else (model.shift, model.divisor)
    weights = weights / (divisor[:, None] if divisor.ndim else divisor)
    shifts = np.broadcast_to(shift, len(weights))
    bias = model.bias.astype(np.float64) - shifts @ weights
    if (columns := model.columns) is not None:
        whole = np.zeros((model.n_features, weights.shape[1]))
        whole[columns.index] = weights
        weights = whole
    weights, bias = weights / model.temperature, bias / model.temperature
    if weights.shape[1] == 2:
        return weights[:, 1:].T - weights[:, :1].T, bias[1:] - bias[:1]
    return np.ascontiguousarray(weights.T), bias
