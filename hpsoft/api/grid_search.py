"""`GridSearch`: a search where scikit-learn's GridSearchCV stood."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.metrics import get_scorer, log_loss, make_scorer, top_k_accuracy_score
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from hpsoft.api import arguments
from hpsoft.api.cv_results import cv_results
from hpsoft.api.errors import python_errors
from hpsoft.api.estimator.classifier import SoftmaxRegression
from hpsoft.api.estimator.inputs import (
    check_columns,
    check_labels,
    checked_by_sklearn,
    sample_weights,
    seed_of,
)
from hpsoft.api.folds import Folds
from hpsoft.api.noticing import warn_of_leaks
from hpsoft.api.request import SearchRequest
from hpsoft.api.result import SearchResult
from hpsoft.api.search import run
from hpsoft.api.spaces import one_grid
from hpsoft.errors import DataValueError, SpaceTypeError
from hpsoft.softmax.metric import CROSS_ENTROPY, MANY_CLASSES, TOP_5, Metric, metric_named
from hpsoft.study.identity import NONE
from hpsoft.study.leaderboard import competitors
from hpsoft.study.storage.location import in_memory

if TYPE_CHECKING:
    from hpsoft.study.reader import Study

_CALLED = {  # what options are called here
    "cv": "validation",
    "val-fraction": "validation",
    "jobs": "n_jobs",
    "seed": "random_state",
}
_SCORERS = {"macro_f1": "f1_macro"}  # what scikit-learn calls otherwise


def _is_refitted(search: "GridSearch") -> bool:
    if not search.refit:
        raise AttributeError("It is there with refit=True alone: the winner is trained again.")
    return True


class GridSearch(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Search the hyperparameters of softmax regression, and predict by the winner.

    Every point of the grid is trained, thousands side by side; or a sampler of Optuna's chooses.
    Where samples have weights, the scale of the refitted winner counts them, as that of
    `SoftmaxRegression`; that of the trials and of `search_.final` does not, as in a terminal.

    Args:
        space: values, arrays or ranges by name, or the path of a space file. What it does not
            name has one value, that of `SoftmaxRegression()`. None: a grid that fits the data,
            8 values of each hyperparameter.
        optimizer: one of `hpsoft optimizers`.
        sampler: grid, or one of Optuna's: tpe, random, qmc, cmaes, gp.
        pruner: None, or one of Optuna's: median, hyperband, ...
        metric: what the winner is chosen by: cross-entropy, accuracy, balanced-accuracy, macro-f1,
            top-5, or what scorers are called, neg_log_loss or f1_macro; greater is better in all
            scores. None: by cross-entropy, and `score` is accuracy, as that of classifiers.
        storage: of the study: a path, a URL or a storage of Optuna's; None: in memory.
        validation: a share held out; a number of folds, stratified; "auto"; a splitter of
            scikit-learn's; or indices, (train, held out), one pair or several.
        refit: whether the winner is trained again on all samples.
        scale: raw, unit, standard or l2-rows; None: as the data asks for.
        dtype: of the training, float32 or float64.
        n_jobs: processes; None: every core.
        trials, timeout: in all, and seconds, of samplers.
        sampler_option, pruner_option: of Optuna's, by name.
        study: its name; the same one in the same storage is continued.
        random_state: of splits and the order of samples.
        verbose: whether progress is shown.

    Attributes, after fit: best_params_, best_score_, best_index_; cv_results_, with the keys of
    GridSearchCV; best_estimator_, a SoftmaxRegression, and refit_time_; study_, Optuna's;
    search_, the SearchResult; n_splits_, classes_, n_features_in_, and feature_names_in_ where X
    has names.

    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> search = GridSearch({"alpha": [0.001, 0.1, 10]}, optimizer="newton", validation=3)
    >>> search.fit(X, y).best_params_["alpha"], round(search.score(X, y), 2)
    (0.001, 0.98)
    """

    def __init__(
        self,
        space: Any = None,
        *,
        optimizer: str = "sgd",
        sampler: str = "grid",
        pruner: str | None = None,
        metric: str | None = None,
        storage: Any = None,
        validation: "float | str | Folds" = 0.2,
        refit: bool = True,
        scale: str | None = None,
        dtype: str = "float32",
        n_jobs: int | None = None,
        trials: int | None = None,
        timeout: float | None = None,
        sampler_option: Mapping[str, Any] | None = None,
        pruner_option: Mapping[str, Any] | None = None,
        study: str | None = None,
        random_state: Any = 0,
        verbose: bool = False,
    ) -> None:
        """Keep the parameters as they are; `fit` looks at them."""
        self.space = space
        self.optimizer = optimizer
        self.sampler = sampler
        self.pruner = pruner
        self.metric = metric
        self.storage = storage
        self.validation = validation
        self.refit = refit
        self.scale = scale
        self.dtype = dtype
        self.n_jobs = n_jobs
        self.trials = trials
        self.timeout = timeout
        self.sampler_option = sampler_option
        self.pruner_option = pruner_option
        self.study = study
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> Self:
        """Search on X (n_samples, n_features), y (n_samples,), weights and groups (n_samples,).

        Raises:
            HpsoftError: data or parameters that make no sense; a ValueError or TypeError too.
        """
        given = X
        check_columns(X)
        with checked_by_sklearn():
            check_labels(y)
            X, y = validate_data(self, X, y, dtype="numeric")
            check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        with python_errors(_CALLED):
            if len(self.classes_) < 2:
                raise DataValueError(
                    f"y has one class only, {self.classes_.item()!r}. A classifier needs samples "
                    "of two classes or more."
                )
            if (names := getattr(self, "feature_names_in_", None)) is not None:
                warn_of_leaks(X, names.tolist(), labels)
            weight = sample_weights(sample_weight, len(labels))
            seed = seed_of(self.random_state)
            self.search_ = run(
                self._request(X, labels, weight, groups, seed), progress=bool(self.verbose)
            )
            self._keep(self.search_)
        if self.refit:
            self._refit(given, y, weight, seed)
        return self

    def _request(self, X: Any, labels: Any, weight: Any, groups: Any, seed: int) -> SearchRequest:
        cv, fraction = _divided(self.validation)
        n_jobs = arguments.whole_or_none("n_jobs", self.n_jobs)
        return SearchRequest(
            X,
            labels,
            classes=self.classes_,
            space=one_grid(self.space),
            single=self.space is not None,
            optimizer=self.optimizer,
            sampler=self.sampler,
            sampler_option=self.sampler_option or {},
            pruner=NONE if self.pruner is None else self.pruner,
            pruner_option=self.pruner_option or {},
            metric=CROSS_ENTROPY.option if self.metric is None else self.metric,
            storage=in_memory() if self.storage is None else self.storage,
            cv=cv,
            val_fraction=fraction,
            scale=self.scale,
            dtype=self.dtype,
            jobs=None if n_jobs is not None and n_jobs < 0 else n_jobs,
            trials=self.trials,
            timeout=self.timeout,
            study=self.study,
            sample_weight=weight,
            groups=groups,
            seed=seed,
        )

    def _keep(self, found: SearchResult) -> None:
        best = found.best
        trials = competitors(found.records)
        self.n_splits_ = max(len(best.folds), 1)
        self.cv_results_ = cv_results(trials, self.n_splits_)
        self.best_index_ = next(i for i, t in enumerate(trials) if t.number == best.number)
        self.best_params_: dict[str, Any] = dict(best.params)
        self.best_score_ = float(self.cv_results_["mean_test_score"][self.best_index_])
        self.multimetric_ = False

    def _refit(self, named: Any, y: Any, weight: Any, seed: int) -> None:
        """Train the winner on all samples, X with the names of features where it has them.

        As `hpsoft final` does; but where samples have weights, these count in the scale too.
        """
        began = time.perf_counter()
        params = {"scale": self.search_.scale, **self.best_params_}
        winner = SoftmaxRegression(
            optimizer=self.optimizer, dtype=self.dtype, random_state=seed, **params
        )
        self.best_estimator_ = winner.fit(named, y, sample_weight=weight)
        self.refit_time_ = time.perf_counter() - began

    @property
    def study_(self) -> "Study":
        """The study, as Optuna has it."""
        check_is_fitted(self, "search_")
        return self.search_.study

    @available_if(_is_refitted)  # type: ignore[untyped-decorator]
    def predict(self, X: Any) -> NDArray[Any]:
        """Return the likeliest class of each sample, (n_samples,), by the winner."""
        return self._winner.predict(X)

    @available_if(_is_refitted)  # type: ignore[untyped-decorator]
    def predict_proba(self, X: Any) -> NDArray[Any]:
        """Return probabilities (n_samples, n_classes), in the order of classes_."""
        return self._winner.predict_proba(X)

    @available_if(_is_refitted)  # type: ignore[untyped-decorator]
    def predict_log_proba(self, X: Any) -> NDArray[Any]:
        """Return the logarithms of the probabilities, (n_samples, n_classes)."""
        return self._winner.predict_log_proba(X)

    @available_if(_is_refitted)  # type: ignore[untyped-decorator]
    def decision_function(self, X: Any) -> NDArray[Any]:
        """Return the logits, as `SoftmaxRegression.decision_function` does."""
        return self._winner.decision_function(X)

    @available_if(_is_refitted)  # type: ignore[untyped-decorator]
    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Return the score by the metric, greater is better; without a metric accuracy."""
        winner = self._winner
        if self.metric is None:
            return float(winner.score(X, y, sample_weight))
        scorer = _scorer(metric_named(self.metric), self.classes_)
        return float(scorer(winner, X, y, sample_weight=sample_weight))

    @property
    def _winner(self) -> SoftmaxRegression:
        check_is_fitted(self, "search_")
        return self.best_estimator_


def _divided(validation: Any) -> tuple[Any, float | None]:
    """Return what the options cv and val_fraction are."""
    if isinstance(validation, bool) or validation is None:
        raise SpaceTypeError(
            "validation takes a share such as 0.2, a number of folds, a splitter or indices, not "
            f"{validation!r}."
        )
    if isinstance(validation, float | np.floating):
        return NONE, float(validation)
    return int(validation) if isinstance(validation, np.integer) else validation, None


def _scorer(metric: Metric, classes: NDArray[Any]) -> Any:
    if metric is CROSS_ENTROPY:
        by = {"greater_is_better": False, "response_method": "predict_proba"}
        return make_scorer(log_loss, labels=classes, **by)
    if metric is TOP_5:
        by = {"k": MANY_CLASSES, "labels": classes, "response_method": "predict_proba"}
        return make_scorer(top_k_accuracy_score, **by)
    return get_scorer(_SCORERS.get(metric.name, metric.name))
