"""The trials of a study as the arrays that scikit-learn's GridSearchCV keeps in `cv_results_`."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.softmax.metric import Metric
from hpsoft.study.records import TrialRecord

Floats = NDArray[np.float64]


def scored(metric: Metric, value: float | None) -> float:
    """Return a metric so that greater is better, as scorers are; NaN where a trial has none."""
    if value is None:
        return np.nan
    return value if metric.maximized else -value


def cv_results(trials: Sequence[TrialRecord], n_splits: int) -> dict[str, Any]:
    """Return an array (n_trials,) a key, and `params` as a list of dicts.

    Times are a trial's share of the block that it was trained in, the scoring included; they are
    not measured split by split, so `std_fit_time` and the score times are NaN.
    """
    scores = _scores(trials, n_splits)
    unknown = np.full(len(trials), np.nan)
    means = np.array([scored(trial.metric, trial.value) for trial in trials])
    return {
        "mean_fit_time": np.array([trial.seconds for trial in trials]) / n_splits,
        "std_fit_time": unknown,
        "mean_score_time": unknown.copy(),
        "std_score_time": unknown.copy(),
        **_params(trials),
        "params": [dict(trial.params) for trial in trials],
        **{f"split{k}_test_score": scores[:, k] for k in range(n_splits)},
        "mean_test_score": means,
        "std_test_score": scores.std(axis=1),
        "rank_test_score": ranks(means),
    }


def _scores(trials: Sequence[TrialRecord], n_splits: int) -> Floats:
    """Return the score of each trial on each split, (n_trials, n_splits)."""
    found = np.full((len(trials), n_splits), np.nan)
    for row, trial in zip(found, trials, strict=True):
        if trial.value is not None:
            row[:] = [scored(trial.metric, v) for v in trial.folds or (trial.value,)]
    return found


def _params(trials: Sequence[TrialRecord]) -> dict[str, Any]:
    """Return a masked array a hyperparameter; it is masked where a trial has no such one."""
    names = dict.fromkeys(name for trial in trials for name in trial.params)
    found = {}
    for name in names:
        values = [trial.params.get(name) for trial in trials]
        is_text = any(isinstance(value, str) for value in values)
        usual: Any = "" if is_text else 0
        array = np.array(
            [usual if value is None else value for value in values],
            dtype=object if is_text else None,
        )
        mask = np.array([value is None for value in values])
        found[f"param_{name}"] = np.ma.MaskedArray(array, mask)
    return found


def ranks(means: Floats) -> NDArray[np.int32]:
    """Return ranks from 1, the greatest first, equal ones alike; those without a score last.

    >>> ranks(np.array([-0.5, np.nan, -0.1, -0.5]))
    array([2, 4, 1, 2], dtype=int32)
    """
    from scipy.stats import rankdata

    worst = np.where(np.isnan(means), -np.inf, means)
    return rankdata(-worst, method="min").astype(np.int32)
