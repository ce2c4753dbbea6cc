"""Areas under curves are scikit-learn's, and their derivatives are differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from hpsoft.softmax import one_hot, softmax
from hpsoft.softmax.curves import curve_means
from hpsoft.softmax.influence import curve_influences


def problem(seed, n, n_classes, levels):
    """Return probabilities, with ties where there are few levels, and labels of any classes."""
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, levels, (n, n_classes)) / levels
    return softmax(scores), rng.integers(0, n_classes, n), rng.integers(0, 3, n).astype(float)


def by_scikit_learn(probabilities, labels, weights):
    """Return both means over the classes that have samples and others."""
    areas = []
    for k in range(probabilities.shape[1]):
        mine = labels == k
        if weights[mine].sum() and weights[~mine].sum():
            given = {"y_true": mine, "y_score": probabilities[:, k], "sample_weight": weights}
            areas.append((roc_auc_score(**given), average_precision_score(**given)))
    return np.mean(areas, axis=0) if areas else (np.nan, np.nan)


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(1, 30), st.integers(2, 5), st.sampled_from([2, 5, 1000]))
def test_the_means_are_scikit_learns(seed, n, n_classes, levels):
    """With ties, absent classes, one class alone, and weights, which may be 0."""
    probabilities, labels, weights = problem(seed, n, n_classes, levels)
    found = curve_means(probabilities, labels, np.stack([weights, np.ones(n)], axis=1))
    for column, given_weights in enumerate((weights, np.ones(n))):
        expected = by_scikit_learn(probabilities, labels, given_weights)
        ours = [area[column] for area in found]
        assert ours == pytest.approx(list(expected), abs=1e-12, nan_ok=True)
    assert np.concatenate(curve_means(probabilities, labels)) == pytest.approx(
        [area[1] for area in found], nan_ok=True
    )


def test_all_classes_there_is_macro_one_against_rest():
    rng = np.random.default_rng(0)
    probabilities, labels = softmax(rng.normal(size=(200, 4))), rng.integers(0, 4, 200)
    auroc, precision = curve_means(probabilities, labels)
    assert auroc[0] == pytest.approx(roc_auc_score(labels, probabilities, multi_class="ovr"))
    expected = average_precision_score(one_hot(labels, 4), probabilities, average="macro")
    assert precision[0] == pytest.approx(expected)


@given(st.integers(0, 2**32), st.integers(2, 25), st.sampled_from([3, 1000]))
def test_influences_are_derivatives(seed, n, levels):
    """Central differences of the areas by each sample's weight."""
    probabilities, labels, _ = problem(seed, n, 3, levels)
    influences = curve_influences(probabilities, labels)
    step = 1e-4
    up, down = np.ones((n, n)) + step * np.eye(n), np.ones((n, n)) - step * np.eye(n)
    areas = zip(
        curve_means(probabilities, labels, up), curve_means(probabilities, labels, down),
        strict=True,
    )  # fmt: skip
    for ours, (above, below) in zip(influences, areas, strict=True):
        expected = np.nan_to_num((above - below) / (2 * step))
        np.testing.assert_allclose(ours, expected, atol=1e-6)
