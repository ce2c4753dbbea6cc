"""With weights of classes and samples the optimum is scikit-learn's LogisticRegression's."""

from dataclasses import replace

import numpy as np
import pytest
from newton_problem import choose_path, make_models, problem_of, train
from reference_sgd import factors
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression

from hpsoft.optimizers import Models
from hpsoft.softmax import gradient, regularised_cost


def unequal_wine():
    """Return standardised wines, of one kind few."""
    X, labels = load_wine(return_X_y=True)
    kept = (labels != 2) | (np.arange(len(labels)) % 5 == 0)
    return (X[kept] - X.mean(axis=0)) / X.std(axis=0), labels[kept]


def with_powers(alphas, powers):
    models = make_models(alphas)
    return replace(models, columns={**models.columns, "class_weight": np.array(powers, float)})


@pytest.mark.parametrize("path", ["direct", "cheap", "dear"])
def test_balanced_is_scikit_learns(path, monkeypatch):
    """Beside models of other powers, on every path, to 1e-8 of the cost."""
    choose_path(monkeypatch, path)
    X, labels = unequal_wine()
    models = with_powers([1e-2, 1e-2, 1.0], [0, 1, 1])
    state = train(problem_of(X, labels), models)
    assert state["converged"].all()
    for m, name in enumerate([None, "balanced", "balanced"]):
        alpha = models.columns["alpha"][m]
        theirs = LogisticRegression(
            C=1 / (len(X) * alpha), class_weight=name, tol=1e-10, max_iter=10_000
        ).fit(X, labels)
        weight = factors(labels, 3, models.columns["class_weight"][m])
        of_ours = X, labels, state["weights"][..., m], state["bias"][:, m], alpha, weight
        of_theirs = X, labels, theirs.coef_.T, theirs.intercept_, alpha, weight
        assert regularised_cost(*of_ours) == pytest.approx(regularised_cost(*of_theirs), rel=1e-8)
        np.testing.assert_allclose(state["weights"][..., m], theirs.coef_.T, atol=2e-3)


@pytest.mark.parametrize("path", ["direct", "cheap", "dear"])
def test_weights_of_samples_and_classes_together(path, monkeypatch):
    """The gradient of the weighted cost vanishes, and scikit-learn finds nothing lower."""
    choose_path(monkeypatch, path)
    X, labels = unequal_wine()
    weight = np.random.default_rng(0).exponential(size=len(X))
    weight[::7] = 0
    problem = replace(problem_of(X, labels), sample_weight=weight / weight.mean())
    models = with_powers([1e-2, 1e-2, 0.1], [0, 0.5, 1])
    state = train(problem, models)
    assert state["converged"].all()
    for m in range(3):
        alpha = models.columns["alpha"][m]
        factor = factors(labels, 3, models.columns["class_weight"][m], weight)
        theirs = LogisticRegression(C=1 / (len(X) * alpha), tol=1e-10, max_iter=10_000)
        theirs.fit(X, labels, factor)
        ours = X, labels, state["weights"][..., m], state["bias"][:, m], alpha, factor
        assert np.linalg.norm(np.vstack(gradient(*ours))) < 1e-5
        at_theirs = X, labels, theirs.coef_.T, theirs.intercept_, alpha, factor
        assert regularised_cost(*ours) <= regularised_cost(*at_theirs) * (1 + 1e-8)


def test_a_power_without_neighbours_is_the_same():
    """A model's factors are its own."""
    X, labels = unequal_wine()
    problem = problem_of(X, labels)
    together = train(problem, with_powers([1e-2, 1e-2], [0, 1]))["weights"]
    alone = [train(problem, with_powers([1e-2], [p]))["weights"] for p in (0, 1)]
    np.testing.assert_allclose(together, np.concatenate(alone, axis=-1), rtol=1e-7, atol=1e-9)
    plain = Models(1, {"alpha": np.array([1e-2]), "damping": np.zeros(1)})
    np.testing.assert_array_equal(train(problem, plain)["weights"], alone[0])
