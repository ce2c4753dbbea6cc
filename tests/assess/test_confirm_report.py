"""Figures of a confirmation, by hand: outliers, one standard error, exact optima, simplicity."""

import numpy as np
import pytest

from hpsoft.assess.confirm_report import Candidate, ConfirmReport, ExactOptimum, simplicity
from hpsoft.optimizers import Hyperparameter, Role
from hpsoft.optimizers.registry import load as load_optimizer
from hpsoft.study.records import TrialRecord


def made(number, value, costs, **params):
    trial = TrialRecord(params=params, grid_id=number, value=value, number=number)
    return Candidate(trial, tuple(costs), {"accuracy": 0.5}, (1.0,) * len(costs))


def report(*candidates, simplicity=None, overlap=0.0, optima=()):
    usual = tuple((float(c.trial.params["epochs"]),) for c in candidates)
    simple = simplicity or usual
    return ConfirmReport("s", None, "3 splits", overlap, candidates, optima, simple, False)


def test_figures_by_hand():
    a = made(0, 1.0, [1.1, 1.3, 1.2], epochs=9)
    b = made(1, 1.1, [1.2, 1.0, 1.1], epochs=5)
    c = made(2, 1.2, [1.18, 1.16, 1.14], epochs=1)
    found = report(a, b, c)
    assert a.mean == pytest.approx(1.2)
    assert a.deviation == pytest.approx(0.1)
    assert found.error(a) == pytest.approx(0.1 / np.sqrt(3))
    assert report(a, b, c, overlap=0.25).error(a) == pytest.approx(0.1 * np.sqrt(1 / 3 + 0.25))
    assert found.confirmed is b
    assert found.luck == pytest.approx(0.2)
    # c - b is -0.02, 0.16, 0.04: a mean of 0.06 with a standard error of 0.0529.
    gap = found.difference(c, b)
    assert (gap.mean, gap.error) == (pytest.approx(0.06), pytest.approx(0.0529, abs=1e-4))
    assert found.one_se is b
    assert report(a, b, c, overlap=0.25).one_se is c  # within the larger error
    # Ranks of the splits: a 1 3 3, b 3 1 1, c 2 2 2; Spearman of the pairs -1, -1, 1.
    assert found.stability == pytest.approx(-1 / 3)
    assert found.agreement == pytest.approx((0.5 - 0.5 - 0.5) / 3)


def test_a_trial_that_jumps_is_not_chosen():
    """Its mean is the lowest, and on one part in six it is far above all others."""
    noise = [0.0, 0.001, 0.002, -0.001, 0.0015, -0.002]
    calm = made(1, 0.31, [0.31 + n for n in noise], epochs=5)
    other = made(2, 0.32, [0.32 - n for n in noise], epochs=5)
    jumpy = made(0, 0.28, [0.25 + n for n in noise[:5]] + [0.5], epochs=5)
    found = report(jumpy, calm, other)
    assert jumpy.mean < calm.mean
    assert found.outliers == (1, 0, 0)
    assert found.steady == (calm, other)
    assert found.confirmed is calm
    assert report(jumpy).confirmed is jumpy  # nothing to jump away from
    also = made(3, 0.3, [0.5, *(0.25 + n for n in noise[1:])], epochs=5)
    assert report(jumpy, also, calm).steady == (calm,)


@pytest.mark.parametrize("n", [2, 3, 5, 20])
def test_trials_that_only_vary_have_no_outliers(n):
    """Of trials as noisy as each other next to none is left out; one that jumps is."""
    rng = np.random.default_rng(n)
    flagged = []
    for _ in range(60):
        costs = 0.3 + 0.1 * rng.normal(size=15) + 0.03 * rng.normal(size=(n, 15))
        candidates = [made(i, 0.3, row, epochs=5) for i, row in enumerate(costs)]
        flagged += [count > 0 for count in report(*candidates).outliers]
    assert np.mean(flagged) < 0.08
    costs[0, 7] += 1.0
    jumping = [made(i, 0.3, row, epochs=5) for i, row in enumerate(costs)]
    assert report(*jumping).outliers[0] == 1


def test_the_simplest_trial_is_not_worse_than_an_exact_optimum():
    """Each within its error of the next is not the simplest within that of the optimum."""
    rng = np.random.default_rng(0)
    parts = 0.3 + 0.05 * rng.normal(size=15)
    noise = rng.normal(size=15)
    noise = (noise - noise.mean()) / noise.std(ddof=1)
    step = 0.9 * 0.1 * np.sqrt(1 / 15)
    best = made(0, 0.3, parts + step + 0.1 * noise, epochs=9)
    simple = made(1, 0.3, parts + 2 * step + 0.1 * noise + 0.1 * np.roll(noise, 1), epochs=1)
    found = report(best, simple, optima=(ExactOptimum(1.0, tuple(parts)),))
    assert not found.refused
    assert found.difference(simple, found.best_optimum).matters(found.metric)
    assert found.one_se is best


def test_what_is_worse_than_an_exact_optimum_is_not_recommended():
    parts = np.array([0.2, 0.5, 0.8])
    trial = made(0, 0.5, parts + 0.03, epochs=5)
    assert report(trial, optima=(ExactOptimum(1.0, tuple(parts)),)).refused
    assert not report(trial, optima=(ExactOptimum(1.0, tuple(parts + 0.04)),)).refused
    nearly = ExactOptimum(1.0, tuple(parts + 0.025))  # next to nothing
    noisy = ExactOptimum(2.0, tuple(parts + np.array([0.2, -0.2, 0.05])))  # within the error
    assert not report(trial, optima=(nearly,)).refused
    assert not report(trial, optima=(noisy,)).refused
    assert not report(trial).refused


def test_a_model_that_diverges_in_one_repetition_is_not_chosen():
    a = made(0, 1.0, [0.5, np.inf], epochs=1)
    b = made(1, 1.1, [1.2, 1.3], epochs=5)
    found = report(a, b)
    assert (found.confirmed, found.one_se) == (b, b)
    assert a.deviation == np.inf


def test_one_candidate_has_no_correlation():
    found = report(made(0, 1.0, [1.0, 1.1], epochs=1))
    assert np.isnan(found.stability)
    assert found.one_se is found.confirmed is found.winner


def test_simpler_is_fewer_passes_then_what_the_optimizer_says():
    """Of SGD: the largest alpha, then the largest batches; the learning rate says nothing."""
    points = [
        {"epochs": epochs, "alpha": alpha, "batch_size": size, "learning_rate": rate}
        for epochs, alpha, size, rate in (
            (1, 0.0, 8, 0.5), (2, 1.0, 16, 0.1), (2, 1.0, 8, 0.1), (2, 0.5, 32, 0.1), (3, 9.0, 99, 0.1)
        )
    ]  # fmt: skip
    declared = load_optimizer("sgd").hyperparameters
    keys = [simplicity(declared, point) for point in points]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert simplicity(declared, {**points[0], "learning_rate": 9.0}) == keys[0]
    other = (
        Hyperparameter("rounds", Role.HORIZON, int, 1),
        Hyperparameter("damping", Role.COLUMNAR, float, 0, larger_is_simpler=True),
    )
    assert simplicity(other, {"rounds": 3, "damping": 0.5}) == (3, -0.5)
