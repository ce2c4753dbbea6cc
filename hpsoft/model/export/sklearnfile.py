"""scikit-learn: a LogisticRegression, in a Pipeline where it needs one, by skops.

Of two classes it has one row of coefficients, the difference of ours. Classes are the values that
`hpsoft.model.classes` says, in ascending order.
"""

import warnings
import zipfile
from collections.abc import Sequence
from typing import Any

import numpy as np

from hpsoft.errors import HpsoftError
from hpsoft.model.classes import in_order
from hpsoft.model.export.compare import N_ROWS, SEED, check_agreement, random_rows
from hpsoft.model.export.head import Head, fold
from hpsoft.model.export.optional import library
from hpsoft.model.export.sklearncolumns import is_exact, random_table, transformer
from hpsoft.model.files import TrainedModel
from hpsoft.softmax.probabilities import Array

# What imputers have that skops does not load of its own accord: a type of numbers, no code.
TRUSTED = ("numpy.dtype",)


def sklearn_file(model: TrainedModel, trusted: Sequence[str] = TRUSTED) -> bytes:
    """Return a skops file of an estimator that acts on columns of the table, or on raw features.

    Types that are `trusted` are loaded though skops does not do so of its own accord.

    Raises:
        HpsoftError: skops is not installed, or what was read back does not agree with the model.
    """
    skops = library("skops.io", "skops", "An export to scikit-learn")
    model, classes = in_order(model)
    made = estimator_of(model)
    content = bytes(skops.dumps(made, compression=zipfile.ZIP_DEFLATED))
    if unknown := set(skops.get_untrusted_types(data=content)) - set(trusted):
        raise HpsoftError(
            f"skops does not load {', '.join(sorted(unknown))} without being told to: nothing is written. "
            "Update it: pip install -U skops."
        )
    _check(skops.loads(content, trusted=list(trusted)), model, classes)
    return content


def estimator_of(model: TrainedModel) -> Any:
    """Return the model as an estimator of scikit-learn's, fitted."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import Normalizer

    model, classes = in_order(model)
    head = fold(model)
    seen = np.arange(len(head.weights)) if head.columns is None else head.columns
    steps: list[Any] = []
    if takes_columns(model):
        assert model.encoding is not None, "columns are encoded"
        before, seen = transformer(model.encoding, seen)
        steps.append(before)
    elif head.columns is not None and head.unit_rows:
        steps.append(_selector(head))
    if head.unit_rows:
        steps.append(Normalizer("l2").fit(np.ones((1, len(seen)))))
    elif not steps:
        seen = np.arange(len(head.weights))
    regression = _regression(head, seen, classes)
    if not steps:
        if head.features is not None:
            regression.feature_names_in_ = np.array(head.features, dtype=object)
        return regression
    return make_pipeline(*steps, regression)


def takes_columns(model: TrainedModel) -> bool:
    """Tell whether the estimator takes the columns of a table, not features that were encoded."""
    encoding = model.encoding
    return encoding is not None and not encoding.is_plain and is_exact(encoding)


def _selector(head: Head) -> Any:
    from sklearn.compose import ColumnTransformer

    assert head.columns is not None, "some are chosen"
    made = ColumnTransformer([("seen", "passthrough", head.columns.tolist())])
    made.fit(np.zeros((1, len(head.weights))))
    if head.features is not None:
        made.feature_names_in_ = np.array(head.features, dtype=object)
    return made


def _regression(head: Head, seen: Array, classes: Array) -> Any:
    from sklearn.linear_model import LogisticRegression

    weights, bias = head.weights[seen], head.bias
    if len(head.classes) == 2:
        weights, bias = weights[:, 1:] - weights[:, :1], bias[1:] - bias[:1]
    made = LogisticRegression()
    made.classes_ = classes
    made.coef_ = np.ascontiguousarray(weights.T)
    made.intercept_ = np.array(bias)
    made.n_features_in_ = len(seen)
    made.n_iter_ = np.array([0], np.int32)  # trained elsewhere
    return made


def _check(made: Any, model: TrainedModel, classes: Array) -> None:
    """Compare an estimator with the model on random rows.

    Raises:
        HpsoftError: they differ.
    """
    if takes_columns(model):
        assert model.encoding is not None, "columns are encoded"
        X, table = random_table(model.encoding, N_ROWS, SEED)
        ours = model.logits(np.asarray(model.encoding.apply(table)))
    else:
        X = random_rows(model)
        ours = model.logits(X)
    ours = ours / model.temperature
    with warnings.catch_warnings():  # arrays have no names, and that is no matter here
        warnings.filterwarnings("ignore", "X does not have valid feature names", UserWarning)
        found, called = made.decision_function(X), made.predict(X)
    sure = ours.argmax(axis=1)
    if found.ndim == 1:
        found, ours = found[:, None], ours[:, 1:] - ours[:, :1]
    check_agreement(found, ours, "LogisticRegression of scikit-learn")
    close = np.sort(np.c_[ours, np.zeros(len(ours))] if ours.shape[1] == 1 else ours, axis=1)
    clear = close[:, -1] - close[:, -2] > 1e-6 * np.abs(close).max()
    if not np.array_equal(called[clear], classes[sure][clear]):
        raise HpsoftError(
            "scikit-learn predicts other classes than the model's logits say: nothing is written. "
            "Update it: pip install -U scikit-learn."
        )
