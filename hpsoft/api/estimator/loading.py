"""`load_model`: a model's file, or a model, as a fitted estimator."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.api.estimator.classifier import SoftmaxRegression
from hpsoft.api.estimator.trained import adopt
from hpsoft.model.files import TrainedModel, load
from hpsoft.optimizers.categories import numbers

WHOLE = re.compile(r"0|-?[1-9][0-9]*")


def load_model(path: str | Path | TrainedModel) -> SoftmaxRegression:
    """Return the model of a file that `hpsoft final --model-out` or `save` wrote, fitted.

    Or a model that is in memory, such as that of `SearchResult.final`.

    Its parameters are those that it was trained with, so that `clone` of it fits the like anew.
    X is what the model takes: the features of the data, unscaled; of a table with text or dates
    the columns that these became, which `feature_names_in_` names. Classes whose names are all
    whole numbers are integers.

    >>> import hpsoft
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> model = hpsoft.SoftmaxRegression().fit(X, y)
    >>> (hpsoft.load_model(model.model_).predict(X) == model.predict(X)).all().item()
    True

    Raises:
        HpsoftError: the file is missing, or is no model of hpsoft.
    """
    return estimator_of(path if isinstance(path, TrainedModel) else load(Path(path)))


def estimator_of(model: TrainedModel) -> SoftmaxRegression:
    """Return a model as a fitted estimator."""
    kept = model.metadata
    params = numbers(kept.get("params", {}))
    given: dict[str, Any] = dict(params)
    found = SoftmaxRegression(
        optimizer=kept.get("optimizer", "sgd"),
        scale=model.scale,
        dtype=model.weights.dtype.name,
        random_state=kept.get("seed", 0),
        **given,
    )
    adopt(found, model, classes_of(model.classes), params)
    found.converged_ = None
    found.n_features_in_ = model.n_features
    if model.features is not None:
        found.feature_names_in_ = np.array(model.features, object)
    return found


def classes_of(names: Sequence[str]) -> NDArray[Any]:
    """Return the classes by their names (n_classes,): integers where all names are whole numbers.

    >>> classes_of(["2", "10"]), classes_of(["02", "10"])
    (array([ 2, 10]), array(['02', '10'], dtype='<U2'))
    """
    if all(WHOLE.fullmatch(name) and -(2**63) <= int(name) < 2**63 for name in names):
        return np.array([int(name) for name in names], np.int64)
    return np.array(names, dtype=str)
