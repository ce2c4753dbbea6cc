"""Strengths of L2 in other libraries' units lead them to the same optimum."""

import math

import numpy as np
import pytest
from hpsoft_newton import Newton
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from hpsoft.data import Samples
from hpsoft.errors import SpaceError
from hpsoft.softmax.l2 import UNITS, from_sklearn, l2_as, l2_document, l2_table, to_sklearn
from hpsoft.system.steps import to_the_end
from hpsoft.tuning.setting.single import single_setup, train_single

ALPHA, N = 0.05, 90


def problem(n_classes, n=N):
    rng = np.random.default_rng(n_classes)
    X = rng.normal(size=(n, 4))
    labels = (X @ rng.normal(size=(4, n_classes)) + rng.gumbel(size=(n, n_classes))).argmax(axis=1)
    return X, labels


def optimum(X, labels, n_classes, *, alpha=ALPHA, weight=None, class_weight=0.0):
    """Return weights (n_features, n_classes) and bias of the exact minimum."""
    samples = Samples(X, labels, {} if weight is None else {"sample_weight": weight})
    setup, _ = single_setup(
        Newton(), samples, n_classes=n_classes, scale="raw", dtype="float64", seed=0
    )
    point = {"iterations": 30, "alpha": alpha, "damping": 0.0, "class_weight": class_weight}
    found = to_the_end(train_single(setup, point))
    assert found.converged
    return found.weights, found.bias


def as_logits(weights, bias, n_classes):
    """Return what LogisticRegression keeps, centred over the classes: the same probabilities."""
    if n_classes == 2:
        return weights[:, 1] - weights[:, 0], bias[1] - bias[0]
    return weights, bias - bias.mean()


def logistic(C, X, labels, n_classes, **options):
    fit = {key: options.pop(key) for key in ("sample_weight",) if key in options}
    model = LogisticRegression(C=C, tol=1e-10, max_iter=10_000, **options).fit(X, labels, **fit)
    if n_classes == 2:
        return model.coef_[0], model.intercept_[0]
    return model.coef_.T, model.intercept_ - model.intercept_.mean()


@pytest.mark.parametrize("n_classes", [2, 3, 5])
def test_scikit_learn_ends_at_the_same_optimum(n_classes):
    X, labels = problem(n_classes)
    C = l2_as("sklearn-C", ALPHA, N, n_classes)
    ours = as_logits(*optimum(X, labels, n_classes), n_classes)
    for mine, theirs in zip(ours, logistic(C, X, labels, n_classes), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=2e-6)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_so_it_does_with_weights(n_classes):
    """Of samples n is the sum of the weights that others are given; balanced ones sum to n."""
    X, labels = problem(n_classes)
    weight = np.random.default_rng(0).uniform(0.1, 3, N)
    C = to_sklearn(ALPHA, weight.sum(), n_classes)
    ours = as_logits(*optimum(X, labels, n_classes, weight=weight), n_classes)
    theirs = logistic(C, X, labels, n_classes, sample_weight=weight)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, atol=2e-6)
    ours = as_logits(*optimum(X, labels, n_classes, class_weight=1.0), n_classes)
    C = to_sklearn(ALPHA, N, n_classes)
    theirs = logistic(C, X, labels, n_classes, class_weight="balanced")
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, atol=2e-6)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_glmnet_minimises_the_same(n_classes):
    """Its objective, as its documentation has it, is least at our optimum."""
    X, labels = problem(n_classes)
    strength = l2_as("glmnet-lambda", ALPHA, N, n_classes)
    weights, bias = optimum(X, labels, n_classes)

    def objective(weights, bias):
        logits = X @ weights + bias
        loss = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(N), labels]
        vectors = weights[:, 1] - weights[:, 0] if n_classes == 2 else weights
        return loss.mean() + strength / 2 * np.square(vectors).sum()

    least = objective(weights, bias)
    rng = np.random.default_rng(0)
    for _ in range(20):
        step = 1e-3 * rng.normal(size=weights.shape)
        step -= step.mean(axis=1, keepdims=True)
        assert objective(weights + step, bias) > least
        assert objective(weights - step, bias) > least


@given(st.floats(1e-12, 1e6), st.integers(1, 10**9), st.integers(2, 1000))
def test_there_and_back_is_the_same(alpha, n, n_classes):
    back = from_sklearn(to_sklearn(alpha, n, n_classes), n, n_classes)
    assert math.isclose(back, alpha, rel_tol=1e-12)


def test_no_l2_is_infinite_there():
    assert to_sklearn(0.0, 10, 3) == math.inf
    assert from_sklearn(math.inf, 10, 3) == 0
    assert l2_document(l2_table(0.0, 10, 3))["glmnet-lambda"] == 0


@pytest.mark.parametrize("C", [0, -1.0, math.nan])
def test_what_is_no_strength_is_told(C):
    with pytest.raises(SpaceError, match="C takes numbers above 0"):
        from_sklearn(C, 10, 3)


def test_every_unit_is_in_the_table_and_an_unknown_one_is_told():
    table = l2_table(0.5, 10, 3)
    assert tuple(one.unit for one in table) == UNITS
    assert l2_document(table) == {
        "alpha": 0.5,
        "sklearn-C": 0.2,
        "pytorch-weight-decay": 0.5,
        "pytorch-decoupled-weight-decay": 0.5,
        "glmnet-lambda": 0.5,
    }
    with pytest.raises(SpaceError, match="Did you mean 'sklearn-C'"):
        l2_as("sklearn-c", 0.5, 10, 3)


def test_decoupled_decay_has_one_equivalent():
    found = l2_document(l2_table(0.5, 10, 2, decoupled=True))
    assert {unit for unit, value in found.items() if value is not None} == {
        "alpha",
        "pytorch-decoupled-weight-decay",
    }
