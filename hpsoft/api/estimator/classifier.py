"""`SoftmaxRegression`: parameters, fit, and what a fitted one says."""

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from hpsoft.api import arguments
from hpsoft.api.errors import python_errors
from hpsoft.api.estimator.fitting import Asked, fit
from hpsoft.api.estimator.inputs import (
    check_columns,
    check_labels,
    checked_by_sklearn,
    seed_of,
)
from hpsoft.api.estimator.parameters import no_parameter
from hpsoft.api.estimator.strength import strength
from hpsoft.api.estimator.trained import Floats, adopt, scores
from hpsoft.errors import DataValueError, HpsoftError
from hpsoft.model.files import save
from hpsoft.optimizers.protocol import Optimizer
from hpsoft.optimizers.registry import load as load_optimizer
from hpsoft.softmax.probabilities import log_softmax, softmax

# Of the named parameters those that are hyperparameters, of the optimizers that have them.
HYPERPARAMETERS = ("alpha", "learning_rate", "batch_size", "epochs")


class SoftmaxRegression(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Softmax regression (multinomial logistic regression), trained as `hpsoft final` trains it.

    The mean cross-entropy plus alpha/2 |W|^2 is minimised, from zero, by an installed optimizer.
    "auto" is a value that fits the data: see `hpsoft.space.usual`. Of a
    hyperparameter that the optimizer does not have "auto" is the only value.

    Args:
        alpha: strength of L2 on the weights of the scaled features, >= 0. "auto": that of
            LogisticRegression(C=1). `l2_as` tells it in other units.
        learning_rate: length of a step, > 0.
        batch_size: samples a step; more than there are stand for all.
        epochs: passes over the data, >= 1.
        optimizer: one of `hpsoft optimizers`.
        scale: raw, unit, standard or l2-rows, fitted to what is trained on, by weight.
        class_weight: None, "balanced", a power between them, 0 to 1, or a dict from classes to
            weights.
        dtype: float32, float64, or "auto": float32 where X is, otherwise float64.
        random_state: of the order of samples: an integer is what `--seed` is to the command line;
            None draws another order each time.
        **hyperparameters: others of the optimizer, such as averaging of sgd.

    Attributes, after fit: classes_ (n_classes,); coef_ (n_classes, n_features) and intercept_
    (n_classes,), which act on X as it is, of two classes (1, n_features) and (1,);
    n_features_in_, and feature_names_in_ where X has names; n_iter_, passes; params_, the value of
    every hyperparameter; converged_, None where the optimizer does not say; model_, a
    `TrainedModel`.

    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> round(SoftmaxRegression().fit(X, y).score(X, y), 2)
    0.97
    """

    def __init__(
        self,
        *,
        alpha: float | str = "auto",
        learning_rate: float | str = "auto",
        batch_size: int | str = "auto",
        epochs: int | str = "auto",
        optimizer: str = "sgd",
        scale: str = "standard",
        class_weight: float | str | Mapping[Any, float] | None = None,
        dtype: Any = "auto",
        random_state: Any = 0,
        **hyperparameters: Any,
    ) -> None:
        """Keep the parameters as they are; `fit` looks at them."""
        self.alpha = alpha
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.epochs = epochs
        self.optimizer = optimizer
        self.scale = scale
        self.class_weight = class_weight
        self.dtype = dtype
        self.random_state = random_state
        self._hyperparameters = hyperparameters

    def __getattr__(self, name: str) -> Any:
        """Return a hyperparameter that no parameter of `__init__` is named after."""
        others = vars(self).get("_hyperparameters", {})
        if name not in others:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return others[name]

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute; the name of any hyperparameter of the optimizer is a parameter's."""
        if self._is_another(name):
            self._hyperparameters = {**self._hyperparameters, name: value}
        else:
            super().__setattr__(name, value)

    def _is_another(self, name: str) -> bool:
        """Tell whether a hyperparameter is so called, and no parameter of `__init__`."""
        others = vars(self).get("_hyperparameters")
        if others is None or name.startswith("_") or name.endswith("_"):
            return False  # while it is made, or what a fit sets
        if name in others:
            return True
        return name not in self._get_param_names() and name in _hyperparameters(self.optimizer)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return all parameters by name, those of `**hyperparameters` too."""
        return {**super().get_params(deep), **self._hyperparameters}

    def set_params(self, **params: Any) -> Self:
        """Set parameters, among them any hyperparameter of the optimizer.

        Raises:
            ValueError: a name that is neither.
        """
        own = set(self._get_param_names())
        others = {name: value for name, value in params.items() if name not in own}
        known = own | set(self._hyperparameters)
        if others.keys() - known:
            known |= _hyperparameters(params.get("optimizer", self.optimizer))
            for name in others.keys() - known:
                raise no_parameter("parameter", name, known)
        super().set_params(**{name: value for name, value in params.items() if name in own})
        self._hyperparameters = {**self._hyperparameters, **others}
        return self

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train from zero on X (n_samples, n_features), y (n_samples,), weights (n_samples,).

        Raises:
            HpsoftError: data or parameters that make no sense, or a model that diverges; a
                ValueError or TypeError too.
        """
        check_columns(X)
        with checked_by_sklearn():
            check_labels(y)
            X, y = validate_data(self, X, y, dtype="numeric")
            check_classification_targets(y)
        classes, labels = np.unique(y, return_inverse=True)
        with python_errors():
            if len(classes) < 2:
                raise DataValueError(
                    f"y has one class only, {classes.item()!r}. A classifier needs samples of two "
                    "classes or more."
                )
            found = fit(self._asked, X, labels.astype(np.intp), classes, sample_weight)
        adopt(self, found.model, classes, found.params)
        self.converged_, self.n_iter_ = found.converged, found.n_passes
        if found.converged is False:
            warnings.warn(
                f"{self.optimizer} stopped after {found.n_passes:,} passes, before it converged. "
                "Allow it more.",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    @property
    def _asked(self) -> Asked:
        named = {name: getattr(self, name) for name in HYPERPARAMETERS}
        names = getattr(self, "feature_names_in_", None)
        return Asked(
            optimizer=arguments.text("optimizer", self.optimizer),
            hyperparameters={**named, **self._hyperparameters},
            scale=arguments.text("scale", self.scale),
            class_weight=self.class_weight,
            dtype=self.dtype,
            seed=seed_of(self.random_state),
            features=None if names is None else tuple(names.tolist()),
        )

    def decision_function(self, X: Any) -> Floats:
        """Return the logits (n_samples, n_classes) in float64; of two classes, their difference:
        second minus first, (n_samples,).
        """
        return scores(self._logits(X))

    def predict_proba(self, X: Any) -> Floats:
        """Return probabilities (n_samples, n_classes) in float64, in the order of classes_."""
        return softmax(self._logits(X))

    def predict_log_proba(self, X: Any) -> Floats:
        """Return the logarithms of the probabilities (n_samples, n_classes), in float64."""
        return log_softmax(self._logits(X))

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the likeliest class of each sample, (n_samples,)."""
        logits = self._logits(X)
        found: NDArray[Any] = self.classes_[logits.argmax(axis=1)]
        return found

    def _logits(self, X: Any) -> Floats:
        check_is_fitted(self)
        with checked_by_sklearn():
            X = validate_data(self, X, dtype="numeric", reset=False)
        return self.model_.logits(X) / self.model_.temperature

    def l2_as(
        self, unit: str, n_samples: float | None = None, n_classes: int | None = None
    ) -> float:
        """Return alpha in a unit of `hpsoft.softmax.l2`, such as "sklearn-C"; no L2 is C = inf.

        `n_samples` are what the other library trains on, or the sum of their weights; None: as
        many as this was fitted on. `n_classes` is that of the fit too; before it both are to be
        given, and alpha is to be a number.

        Raises:
            ValueError: an unknown unit, an optimizer without alpha or whose alpha has no
                equivalent in it, or a number that is neither given nor known.
        """
        with python_errors():
            unit = arguments.text("unit", unit)
            n = arguments.number_or_none("n_samples", n_samples)
            return strength(self, unit, n, arguments.whole_or_none("n_classes", n_classes))

    def save(self, path: str | Path) -> None:
        """Write the model to a .safetensors or .npz file, which `hpsoft.load_model` reads.

        Raises:
            HpsoftError: another suffix, or it cannot be written.
        """
        check_is_fitted(self)
        with python_errors({"model-out": "path"}):
            save(self.model_, arguments.path("path", path))


def _hyperparameters(optimizer: object) -> set[str]:
    """Return the names of an optimizer's hyperparameters; none where there is no such one."""
    if not isinstance(optimizer, str):  # which a fit tells
        return set()
    try:
        found: Optimizer = load_optimizer(optimizer)
    except HpsoftError:
        return set()
    return {h.name for h in found.hyperparameters}
