"""Temperatures, against a slow search, and the expected calibration error, by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsoft.model.calibration import HIGHEST, LOWEST, calibration, fit_temperature
from hpsoft.softmax import cross_entropy


def drawn(seed, sharpness, n=200, n_classes=3):
    """Return logits, and labels drawn from the probabilities of logits * sharpness."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(n, n_classes)) * 2
    labels = (logits * sharpness + rng.gumbel(size=logits.shape)).argmax(axis=1)
    return logits, labels


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 99), st.floats(0.3, 3))
def test_no_temperature_of_a_fine_grid_is_better(seed, sharpness):
    logits, labels = drawn(seed, sharpness)
    T = fit_temperature(logits, labels)
    costs = [cross_entropy(logits / t, labels) for t in np.geomspace(T / 3, 3 * T, 60)]
    assert cross_entropy(logits / T, labels) <= min(costs) + 1e-12


def test_the_temperature_that_made_the_labels_is_found():
    logits, labels = drawn(1, 0.5, n=20_000)
    assert fit_temperature(logits, labels) == pytest.approx(2, rel=0.05)
    assert fit_temperature(logits * 1e6 + 1e7, labels) == pytest.approx(HIGHEST)


def test_a_weight_of_two_is_two_samples():
    logits, labels = drawn(2, 0.7)
    weight = np.random.default_rng(0).integers(0, 3, len(labels))
    again = np.repeat(np.arange(len(labels)), weight)
    weighted = fit_temperature(logits, labels, weight)
    assert weighted == pytest.approx(fit_temperature(logits[again], labels[again]))
    ours = calibration(logits, labels, 1.3, weight)
    theirs = calibration(logits[again], labels[again], 1.3)
    assert (ours.cross_entropy, ours.error) == pytest.approx((theirs.cross_entropy, theirs.error))


def test_without_a_minimum_it_stays_at_an_end():
    logits, labels = drawn(3, 1)
    assert fit_temperature(logits, logits.argmax(axis=1)) == LOWEST
    assert fit_temperature(logits, logits.argmin(axis=1)) == HIGHEST
    assert len(labels)


def test_the_error_is_the_gap_of_each_bin_by_its_share():
    """Two samples at 0.9 of which one is right, two at 0.6 that are wrong: (0.8 + 1.2) / 4."""
    logits = np.log([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.6, 0.4]])
    found = calibration(logits, np.array([0, 1, 1, 1]), 1.0)
    assert found.error == pytest.approx((abs(1 - 1.8) + abs(0 - 1.2)) / 4)
    assert found.cross_entropy == pytest.approx(-np.log([0.9, 0.1, 0.4, 0.4]).mean())
    sure = calibration(logits, np.array([0, 0, 0, 0]), 1e-3)
    assert (sure.error, sure.n) == (0, 4)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 99))
def test_the_error_as_a_loop_over_the_bins(seed):
    logits, labels = drawn(seed, 0.5, n=60)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    confidence, right = p.max(axis=1), p.argmax(axis=1) == labels
    error = 0.0
    for k in range(15):
        inside = (confidence > k / 15) & (confidence <= (k + 1) / 15)
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    assert calibration(logits, labels, 1.0).error == pytest.approx(error)
