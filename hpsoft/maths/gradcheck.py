"""`run_checks`: every identity of the mathematics, checked, as a list of results."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from hpsoft.errors import SpaceError, check_least
from hpsoft.maths import decimal_checks, numeric_checks, symbolic_checks
from hpsoft.maths.formulas import FORMULAS, Formulas

COMPLEX_STEP = "complex step"
DECIMALS = f"{decimal_checks.DIGITS}-digit decimals"
DIRECT = "both sides evaluated"
SYMBOLIC = "symbolic"
INSTALL = "pip install 'hpsoft[symbolic]'"

Deviation = Callable[[np.random.Generator, Formulas], float]
Proof = Callable[[symbolic_checks.Model, Formulas], bool]


@dataclass(frozen=True)
class MathIdentity:
    """One identity, and the ways in which it is checked."""

    name: str
    formula: str
    tolerance: float
    ways: tuple[tuple[str, Deviation], ...]  # how it is checked -> deviation of one trial
    proof: Proof


@dataclass(frozen=True)
class CheckResult:
    """What one way of checking one identity found."""

    identity: str
    formula: str
    method: str
    deviation: float | None  # largest over the trials; None for a proof
    tolerance: float | None
    passed: bool | None  # None: not checked
    note: str = ""


_numeric, _exact, _proofs = numeric_checks, decimal_checks, symbolic_checks

IDENTITIES = (
    MathIdentity(
        "softmax by w, same class",
        "dp_k/dw_k = x p_k (1 - p_k)",
        1e-14,
        ((COMPLEX_STEP, _numeric.same_class_weights),),
        _proofs.same_class_weights,
    ),
    MathIdentity(
        "softmax by w, other class",
        "dp_k/dw_l = -x p_k p_l, l != k",
        1e-14,
        ((COMPLEX_STEP, _numeric.other_class_weights),),
        _proofs.other_class_weights,
    ),
    MathIdentity(
        "softmax by b, same class",
        "dp_k/db_k = p_k (1 - p_k)",
        1e-14,
        ((COMPLEX_STEP, _numeric.same_class_bias),),
        _proofs.same_class_bias,
    ),
    MathIdentity(
        "softmax by b, other class",
        "dp_k/db_l = -p_k p_l, l != k",
        1e-14,
        ((COMPLEX_STEP, _numeric.other_class_bias),),
        _proofs.other_class_bias,
    ),
    MathIdentity(
        "cross-entropy by w",
        "dJ/dw_l = -1/n sum x (y_l - p_l)",
        1e-13,
        ((COMPLEX_STEP, _numeric.gradient_weights),),
        _proofs.gradient_weights,
    ),
    MathIdentity(
        "cross-entropy by b",
        "dJ/db_l = -1/n sum (y_l - p_l)",
        1e-13,
        ((COMPLEX_STEP, _numeric.gradient_bias),),
        _proofs.gradient_bias,
    ),
    MathIdentity(
        "L2 term",
        "d(alpha/2 ||W||^2)/dW = alpha W, bias: 0",
        1e-13,
        ((COMPLEX_STEP, _numeric.l2_weights),),
        _proofs.l2_weights,
    ),
    MathIdentity(
        "Hessian-vector product",
        "(Hv)_k = 1/n sum x p_k (r_k - sum_l p_l r_l) + alpha V, r = xV + v",
        1e-13,
        ((COMPLEX_STEP, _numeric.hessian_vector),),
        _proofs.hessian_vector,
    ),
    MathIdentity(
        "shift invariance",
        "softmax(z + c) = softmax(z), |c| <= 1000",
        1e-12,  # z + c is rounded at 1000 already: 1000 * 2^-53 for every logit
        ((DIRECT, _numeric.shift_invariance),),
        _proofs.shift_invariance,
    ),
    MathIdentity(
        "sigmoid mirrored",
        "sigma(-z) = 1 - sigma(z), |z| <= 700",
        1e-14,
        ((DECIMALS, _exact.mirror),),
        _proofs.sigmoid_mirror,
    ),
    MathIdentity(
        "sigmoid derivative",
        "sigma'(z) = sigma(z) (1 - sigma(z)), |z| <= 700",
        1e-14,
        ((COMPLEX_STEP, _numeric.sigmoid_slope), (DECIMALS, _exact.slope)),
        _proofs.sigmoid_slope,
    ),
    MathIdentity(
        "two classes",
        "softmax(z_0, z_1)_1 = sigma(z_1 - z_0)",
        1e-14,
        ((DIRECT, _numeric.two_classes),),
        _proofs.two_classes,
    ),
)


def run_checks(
    seed: int = 0,
    trials: int = 20,
    symbolic: bool | None = None,
    formulas: Formulas = FORMULAS,
) -> list[CheckResult]:
    """Check every identity at `trials` random points, and symbolically where SymPy is there.

    Args:
        seed: of the random points; every row draws its own, so rows do not depend on each other.
        trials: random problems per row.
        symbolic: True demands SymPy, False leaves it out, None uses it where it is installed.
        formulas: what to check; tests break one to see its row fail.

    Raises:
        SpaceError: trials < 1, seed < 0, or SymPy demanded but not installed.
    """
    check_least("--trials", trials, 1)
    check_least("--seed", seed, 0)
    available = find_spec("sympy") is not None
    if symbolic and not available:
        raise SpaceError(f"Symbolic checks need SymPy, which is not installed: {INSTALL}.")
    results = list(_numerical(seed, trials, formulas))
    if symbolic is False:
        return [*results, _not_checked("left out as asked")]
    if not available:
        return [*results, _not_checked(f"SymPy is not installed: {INSTALL}")]
    return results + list(_symbolic(formulas))


def all_passed(results: Sequence[CheckResult]) -> bool:
    """Return whether no check failed; one that was not made did not fail."""
    return all(result.passed is not False for result in results)


def _numerical(seed: int, trials: int, formulas: Formulas) -> Iterator[CheckResult]:
    for identity in IDENTITIES:
        for method, deviation in identity.ways:
            rng = np.random.default_rng(seed)
            largest = float(np.max([deviation(rng, formulas) for _ in range(trials)]))
            yield CheckResult(
                identity.name,
                identity.formula,
                method,
                largest,
                identity.tolerance,
                largest <= identity.tolerance,  # False for NaN, which np.max hands through
                "" if math.isfinite(largest) else "not a finite number",
            )


def _symbolic(formulas: Formulas) -> Iterator[CheckResult]:
    model = symbolic_checks.Model()
    for identity in IDENTITIES:
        proved = identity.proof(model, formulas)
        note = "proved" if proved else "difference is not zero"
        yield CheckResult(identity.name, identity.formula, SYMBOLIC, None, None, proved, note)


def _not_checked(why: str) -> CheckResult:
    return CheckResult("all of the above", "", SYMBOLIC, None, None, None, why)
