"""Scaling and temperature folded into weight and bias."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hpsoft.data.scale import ROWS, unit_rows
from hpsoft.model.files import TrainedModel
from hpsoft.softmax.probabilities import Array


@dataclass(frozen=True, eq=False)
class Head:
    """logits = X @ weights + bias for raw features X; of rows of norm 1 where `unit_rows`."""

    weights: Array  # (n_features, n_classes) in float64; 0 for features that are not looked at
    bias: Array  # (n_classes,)
    classes: tuple[str, ...]
    features: tuple[str, ...] | None  # their names; None: they have none
    columns: Array | None  # places of the features that are looked at; None: all
    unit_rows: bool  # X are the looked at features of a row, divided by their Euclidean norm
    temperature: float  # that was folded in; 1: none
    encoded: bool  # X are features that columns of a table were encoded to

    def logits(self, X: Array, dtype: "np.dtype[Any]") -> Array:
        """Return (n, n_classes) for X (n, n_features), computed in a dtype."""
        if self.unit_rows:
            seen = X if self.columns is None else X[:, self.columns]
            X = np.zeros(X.shape)
            X[:, slice(None) if self.columns is None else self.columns] = unit_rows(seen)
        return X.astype(dtype) @ self.weights.astype(dtype) + self.bias.astype(dtype)

    def about(self) -> dict[str, Any]:
        """Return what a file says of it, in JSON's types."""
        seen = None if self.columns is None else self.columns.tolist()
        return {
            "classes": list(self.classes),
            "features": None if self.features is None else list(self.features),
            "temperature": self.temperature,
            "unit_rows": self.unit_rows,
            "columns": seen,
            "encoded": self.encoded,
        }


def fold(model: TrainedModel) -> Head:
    """Return the head of a model: its logits divided by its temperature."""
    weights, bias = model.weights.astype(np.float64), model.bias.astype(np.float64)
    divisor = np.broadcast_to(model.divisor, len(weights))
    shift = np.broadcast_to(model.shift, len(weights))
    if model.scale != ROWS:
        bias -= (shift / divisor) @ weights
        weights /= divisor[:, None]
    columns = None if model.columns is None else model.columns.index
    if columns is not None:
        whole = np.zeros((model.n_features, weights.shape[1]))
        whole[columns] = weights
        weights = whole
    return Head(
        weights=weights / model.temperature,
        bias=bias / model.temperature,
        classes=model.classes,
        features=model.features,
        columns=columns,
        unit_rows=model.scale == ROWS,
        temperature=model.temperature,
        encoded=model.encoding is not None and not model.encoding.is_plain,
    )


def as_texts(about: Mapping[str, Any]) -> dict[str, str]:
    """Return what a file says as texts by name, as formats hold them."""
    import json

    return {name: json.dumps(value) for name, value in about.items()}
