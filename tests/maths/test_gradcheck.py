"""Every identity passes as it is, and fails when its formula is broken."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from hpsoft.errors import SpaceError
from hpsoft.maths import gradcheck, symbolic_checks
from hpsoft.maths.formulas import FORMULAS
from hpsoft.maths.gradcheck import CheckResult, all_passed, run_checks


def naive_softmax(logits):
    """Overflow where the logits are large."""
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(logits)
        return powers / powers.sum(axis=-1, keepdims=True)


def wrong_bias_gradient(X, labels, weights, bias, alpha=0.0):
    """Regularise the bias too."""
    by_weights, by_bias = FORMULAS.gradient(X, labels, weights, bias, alpha)
    return by_weights, by_bias + alpha * bias


def wrong_product(X, weights, bias, direction, alpha=0.0):
    """Forget the L2 term."""
    return FORMULAS.hessian_vector_product(X, weights, bias, direction, 0.0)


# what is broken -> the wrong formula, and the identities that must notice, numerically
MUTATIONS = {
    "same_class": (lambda x, p: x * p * (1 + p), {"softmax by w, same class"}),
    "other_class": (lambda x, p, q: x * p * q, {"softmax by w, other class"}),
    "gradient_term": (lambda x, y, p: x * (y - p), {"cross-entropy by w", "cross-entropy by b"}),
    "l2_term": (lambda alpha, w: 2 * alpha * w, {"L2 term"}),
    "hessian_vector_term": (lambda x, p, r, m: x * p * r, {"Hessian-vector product"}),
    "sigmoid_mirror": (lambda s: s, {"sigmoid mirrored"}),
    "sigmoid_derivative_term": (lambda s: s * s, {"sigmoid derivative"}),
    "softmax": (naive_softmax, {"shift invariance"}),
    "gradient": (wrong_bias_gradient, {"L2 term"}),
    "hessian_vector_product": (wrong_product, {"Hessian-vector product"}),
    "hessian": (lambda X, W, b, a: 2 * FORMULAS.hessian(X, W, b, a), {"Hessian-vector product"}),
    "sigmoid": (lambda z: 1 - 1 / (1 + np.exp(z)), {"sigmoid mirrored"}),
    "sigmoid_derivative": (
        lambda z: FORMULAS.sigmoid(z) * (1 - FORMULAS.sigmoid(z)),
        {"sigmoid derivative"},
    ),
    "two_class_difference": (lambda W, b: (W[:, 0] - W[:, 1], b[0] - b[1]), {"two classes"}),
}
CODE = {
    "softmax",
    "gradient",
    "hessian_vector_product",
    "hessian",
    "sigmoid",
    "sigmoid_derivative",
}


def failed(results):
    return {(r.identity, r.method) for r in results if r.passed is False}


@pytest.mark.parametrize("seed", range(3))
def test_all_identities_hold(seed):
    """Numerically and symbolically, for several seeds."""
    results = run_checks(seed, 5, symbolic=None if seed == 0 else False)
    assert failed(results) == set()
    assert all_passed(results)


def test_every_identity_of_the_list_has_numeric_and_symbolic_rows():
    """Twelve identities, the sigmoid's derivative checked in two ways."""
    results = run_checks(0, 1)
    symbolic = [r.identity for r in results if r.method == "symbolic"]
    numeric = [r.identity for r in results if r.method != "symbolic"]
    assert len(symbolic) == 12
    assert set(numeric) == set(symbolic)
    assert len(numeric) == 13


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_wrong_formula_fails_numerically(name):
    """Breaking one formula fails the identities that rest on it."""
    wrong, expected = MUTATIONS[name]
    results = run_checks(0, 10, symbolic=False, formulas=replace(FORMULAS, **{name: wrong}))
    assert expected <= {identity for identity, _ in failed(results)}
    assert not all_passed(results)


@pytest.mark.parametrize("name", sorted(MUTATIONS.keys() - CODE))
def test_a_wrong_formula_fails_symbolically(name):
    """SymPy refuses the proof as well."""
    wrong, expected = MUTATIONS[name]
    results = gradcheck._symbolic(replace(FORMULAS, **{name: wrong}))
    assert expected <= {identity for identity, _ in failed(results)}


@pytest.mark.parametrize("part", ["second feature", "bias", "L2 term"])
def test_the_proof_of_the_hessian_product_covers_all_of_it(part):
    """Both features, the bias and alpha V: a fault in any one of them is found."""
    model = symbolic_checks.Model()
    sound, l2 = FORMULAS.hessian_vector_term, FORMULAS.l2_term
    at = {"second feature": model.x[1], "bias": 1}.get(part)
    wrong = replace(
        FORMULAS,
        hessian_vector_term=lambda x, *rest: sound(x, *rest) * (2 if x == at else 1),
        l2_term=lambda alpha, w: 0 if part == "L2 term" else l2(alpha, w),
    )
    assert symbolic_checks.hessian_vector(model, FORMULAS)
    assert not symbolic_checks.hessian_vector(model, wrong)


def test_wrong_softmax_fails_at_every_derivative():
    """A softmax that is not normalised fails most rows."""
    wrong = replace(FORMULAS, softmax=lambda z: 1.01 * FORMULAS.softmax(z))
    names = {identity for identity, _ in failed(run_checks(0, 5, False, wrong))}
    assert {"softmax by w, same class", "softmax by b, same class", "two classes"} <= names


def test_nan_is_a_failure():
    """A formula that returns NaN does not slip through a comparison."""
    wrong = replace(FORMULAS, sigmoid=lambda z: np.nan * z)
    results = run_checks(0, 2, False, wrong)
    bad = [r for r in results if r.identity.startswith("sigmoid") and not r.passed]
    assert {r.note for r in bad} == {"not a finite number"}


def test_the_same_seed_gives_the_same_numbers():
    """Results are a function of seed and trials."""
    assert run_checks(5, 3, False) == run_checks(5, 3, False)
    assert run_checks(5, 3, False) != run_checks(6, 3, False)


def test_without_sympy_a_row_says_so(monkeypatch):
    """Nothing is claimed, nothing fails."""
    monkeypatch.setitem(sys.modules, "sympy", None)
    last = run_checks(0, 1)[-1]
    assert last.passed is None
    assert "SymPy is not installed" in last.note
    with pytest.raises(SpaceError, match=r"hpsoft\[symbolic\]"):
        run_checks(0, 1, symbolic=True)


def test_left_out_as_asked():
    """--no-symbolic is said too."""
    assert run_checks(0, 1, symbolic=False)[-1] == CheckResult(
        "all of the above", "", "symbolic", None, None, None, "left out as asked"
    )


@pytest.mark.parametrize(("seed", "trials"), [(0, 0), (-1, 5)])
def test_values_outside_their_domain(seed, trials):
    """At least one trial, and a seed that NumPy takes."""
    with pytest.raises(SpaceError, match=r"takes [01] or more"):
        run_checks(seed, trials)
