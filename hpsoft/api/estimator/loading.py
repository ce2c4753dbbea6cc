"""`load_model`: a model's file, or a model, as a fitted estimator."""

from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.api import arguments
from hpsoft.api.errors import python_errors
from hpsoft.api.estimator.classifier import SoftmaxRegression
from hpsoft.api.estimator.trained import adopt
from hpsoft.model.classes import class_values, in_order
from hpsoft.model.files import TrainedModel, load
from hpsoft.optimizers.categories import numbers


def load_model(path: str | Path | TrainedModel) -> SoftmaxRegression:
    """Return the model of a file that `hpsoft final --model-out` or `save` wrote, fitted.

    Or a model that is in memory, such as that of `SearchResult.final`.

    Its parameters are those that it was trained with, so that `clone` of it fits the like anew,
    on all features of X. X is what the model takes: the features of the data, unscaled; of a table
    with text or dates the columns that these became, which `feature_names_in_` names. `classes_`
    ascend, and are of the kind that labels in memory were; where the file does not say, integers
    if all names are whole numbers.

    >>> import hpsoft
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> model = hpsoft.SoftmaxRegression().fit(X, y)
    >>> (hpsoft.load_model(model.model_).predict(X) == model.predict(X)).all().item()
    True

    Raises:
        HpsoftError: the file is missing, or is no model of hpsoft.
    """
    if isinstance(path, TrainedModel):
        return estimator_of(path)
    with python_errors():
        return estimator_of(load(arguments.path("path", path)))


def estimator_of(model: TrainedModel) -> SoftmaxRegression:
    """Return a model as a fitted estimator."""
    model, classes = in_order(model)
    kept = model.metadata
    params = numbers(kept.get("params", {}))
    given: dict[str, Any] = dict(params)
    if weights := kept.get("class_weight"):
        values = class_values(tuple(weights), kept.get("label_kind")).tolist()
        given["class_weight"] = dict(zip(values, weights.values(), strict=True))
    found = SoftmaxRegression(
        optimizer=kept.get("optimizer", "sgd"),
        scale=kept.get("folded", {}).get("scale", model.scale),
        dtype=model.weights.dtype.name,
        random_state=kept.get("seed", 0),
        **given,
    )
    adopt(found, model, classes, params)
    found.converged_ = None
    found.n_features_in_ = model.n_features
    if model.features is not None:
        found.feature_names_in_ = np.array(model.features, object)
    return found
