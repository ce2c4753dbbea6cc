"""The sigmoid identities where float64 cannot follow: |z| up to 700, in 350-digit decimals.

1 - sigma(700) is 1e-304: the identity sigma(-z) = 1 - sigma(z) is empty in float64, where the
right side is 0. The standard library's decimal arithmetic holds both sides exactly, so hpsoft's
float64 code can be asked for *relative* agreement with it. It does here what mpmath would, in as
many lines; but mpmath comes with SymPy, the optional extra, and this check is made everywhere.
"""

from collections.abc import Callable
from decimal import Decimal, localcontext

import numpy as np

from hpsoft.maths.formulas import Formulas

DIGITS = 350  # e^-700 = 1e-304, and 40 digits more
HALF_STEP = Decimal("1e-20")  # of the central difference: its error is about HALF_STEP^2
REACH = 700.0
EDGES = (-REACH, 0.0, REACH)


def _sigmoid(z: Decimal) -> Decimal:
    return 1 / (1 + (-z).exp())


def _largest(points: list[float], error: Callable[[float], Decimal]) -> float:
    """Return the largest |error| over the points; NaN if a formula produced one."""
    with localcontext(prec=DIGITS):
        errors = [error(z) for z in points]
    return float("nan") if any(e.is_nan() for e in errors) else float(max(map(abs, errors)))


def _points(rng: np.random.Generator) -> list[float]:
    return [*EDGES, *rng.uniform(-REACH, REACH, size=5).tolist()]


def mirror(rng: np.random.Generator, formulas: Formulas) -> float:
    """Check sigma(-z) = 1 - sigma(z): the code's left side, the right side in decimals."""

    def error(z: float) -> Decimal:
        right = formulas.sigmoid_mirror(_sigmoid(Decimal(z)))
        return Decimal(float(formulas.sigmoid(np.float64(-z)))) / right - 1

    return _largest(_points(rng), error)


def slope(rng: np.random.Generator, formulas: Formulas) -> float:
    """Check sigma'(z) = sigma(z) (1 - sigma(z)) against a central difference in decimals."""

    def error(z: float) -> Decimal:
        at = Decimal(z)
        rise = _sigmoid(at + HALF_STEP) - _sigmoid(at - HALF_STEP)
        reference = rise / (2 * HALF_STEP)
        claimed = formulas.sigmoid_derivative_term(_sigmoid(at)) / reference - 1
        coded = Decimal(float(formulas.sigmoid_derivative(np.float64(z)))) / reference - 1
        return max(claimed, coded, key=abs)

    return _largest(_points(rng), error)
