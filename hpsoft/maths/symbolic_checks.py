"""The same identities proved by SymPy, for one sample of two features and three classes.

Derivatives of softmax are rational functions of u_k = exp(z_k). Writing log u_k - x.w_k for b_k
*after* differentiating turns every exponential into a symbol, and `cancel` decides exactly whether
the rational function that is left vanishes: a proof for all real numbers, not for sampled ones.
One sample is enough, because cost and gradient are means over samples.

SymPy is an optional extra, imported when the first model is made.
"""

from importlib import import_module
from typing import Any

from hpsoft.maths.formulas import Formulas

N_CLASSES, N_FEATURES = 3, 2
APART = ((0, 1), (2, 0))  # pairs of different classes
LABELS = (0, 2)


class Model:
    """Symbols of a small softmax regression: x_j, w_jk, b_k, and a direction v_jk, c_k."""

    def __init__(self) -> None:
        """Create the symbols and the probabilities."""
        self.sympy: Any = import_module("sympy")
        self.classes, self.features = range(N_CLASSES), range(N_FEATURES)
        self.x = self.symbols("x", N_FEATURES)
        self.b, self.c = self.symbols("b", N_CLASSES), self.symbols("c", N_CLASSES)
        self.w = [self.symbols(f"w{j}", N_CLASSES) for j in self.features]
        self.v = [self.symbols(f"v{j}", N_CLASSES) for j in self.features]
        self.z = [self.linear(self.w, k) + self.b[k] for k in self.classes]
        self.p = self.softmax(self.z)

    def symbols(self, name: str, number: int) -> list[Any]:
        """Return real symbols name0, name1, ..."""
        return [self.sympy.Symbol(f"{name}_{i}", real=True) for i in range(number)]

    def linear(self, w: list[list[Any]], k: int) -> Any:
        """Return x . w_k."""
        return sum(self.x[j] * w[j][k] for j in self.features)

    def softmax(self, z: list[Any]) -> list[Any]:
        """Return softmax as it is defined, without a shift."""
        powers = [self.sympy.exp(z_k) for z_k in z]
        return [power / sum(powers) for power in powers]

    def is_zero(self, expression: Any) -> bool:
        """Decide whether a rational function of the exponentials vanishes identically."""
        log, symbol = self.sympy.log, self.sympy.Symbol
        in_powers = {
            self.b[k]: log(symbol(f"u_{k}", positive=True)) - self.linear(self.w, k)
            for k in self.classes
        }
        return bool(self.sympy.cancel(expression.subs(in_powers)) == 0)


def same_class_weights(m: Model, formulas: Formulas) -> bool:
    """Prove dp_k / dw_k = x p_k (1 - p_k)."""
    return all(
        m.is_zero(m.p[k].diff(m.w[j][k]) - formulas.same_class(m.x[j], m.p[k]))
        for j in m.features
        for k in m.classes
    )


def other_class_weights(m: Model, formulas: Formulas) -> bool:
    """Prove dp_k / dw_l = -x p_k p_l for l != k."""
    return all(
        m.is_zero(m.p[k].diff(m.w[j][other]) - formulas.other_class(m.x[j], m.p[k], m.p[other]))
        for j in m.features
        for k, other in APART
    )


def same_class_bias(m: Model, formulas: Formulas) -> bool:
    """Prove dp_k / db_k = p_k (1 - p_k)."""
    return all(m.is_zero(m.p[k].diff(m.b[k]) - formulas.same_class(1, m.p[k])) for k in m.classes)


def other_class_bias(m: Model, formulas: Formulas) -> bool:
    """Prove dp_k / db_l = -p_k p_l for l != k."""
    return all(
        m.is_zero(m.p[k].diff(m.b[other]) - formulas.other_class(1, m.p[k], m.p[other]))
        for k, other in APART
    )


def gradient_weights(m: Model, formulas: Formulas) -> bool:
    """Prove d(-log p_label) / dw_l = -x (y_l - p_l)."""
    return all(
        m.is_zero(
            -m.sympy.log(m.p[label]).diff(m.w[j][k])
            - formulas.gradient_term(m.x[j], int(k == label), m.p[k])
        )
        for label in LABELS
        for j in m.features
        for k in m.classes
    )


def gradient_bias(m: Model, formulas: Formulas) -> bool:
    """Prove d(-log p_label) / db_l = -(y_l - p_l)."""
    return all(
        m.is_zero(
            -m.sympy.log(m.p[label]).diff(m.b[k])
            - formulas.gradient_term(1, int(k == label), m.p[k])
        )
        for label in LABELS
        for k in m.classes
    )


def l2_weights(m: Model, formulas: Formulas) -> bool:
    """Prove d(alpha/2 sum w^2) / dw = alpha w."""
    alpha = m.sympy.Symbol("alpha", positive=True)
    penalty = alpha / 2 * sum(w**2 for row in m.w for w in row)
    return all(m.is_zero(penalty.diff(w) - formulas.l2_term(alpha, w)) for row in m.w for w in row)


def hessian_vector(m: Model, formulas: Formulas) -> bool:
    """Prove that (H v)_k is the change of the gradient along (V, v).

    For the weights the gradient is x_j (p_k - y_k) + alpha w_jk, for the bias p_k - y_k.
    """
    alpha = m.sympy.Symbol("alpha", positive=True)
    r = [m.linear(m.v, k) + m.c[k] for k in m.classes]
    mean = sum(p * r_k for p, r_k in zip(m.p, r, strict=True))

    def along(value: Any) -> Any:
        by_weights = sum(value.diff(m.w[j][k]) * m.v[j][k] for j in m.features for k in m.classes)
        return by_weights + sum(value.diff(m.b[k]) * m.c[k] for k in m.classes)

    def holds(x: Any, k: int, penalty: Any, claimed: Any) -> bool:
        change = along(x * m.p[k] + penalty)
        return m.is_zero(change - formulas.hessian_vector_term(x, m.p[k], r[k], mean) - claimed)

    by_weights = (
        holds(m.x[j], k, alpha * m.w[j][k], formulas.l2_term(alpha, m.v[j][k]))
        for j in m.features
        for k in m.classes
    )
    return all(by_weights) and all(holds(1, k, 0, 0) for k in m.classes)


def shift_invariance(m: Model, _formulas: Formulas) -> bool:
    """Prove softmax(z + s) = softmax(z)."""
    shift = m.sympy.log(m.sympy.Symbol("t", positive=True))  # s = log t is any real number
    shifted = m.softmax([z + shift for z in m.z])
    return all(m.is_zero(left - right) for left, right in zip(shifted, m.p, strict=True))


def _sigmoid(m: Model, z: Any) -> Any:
    return 1 / (1 + m.sympy.exp(-z))


def sigmoid_mirror(m: Model, formulas: Formulas) -> bool:
    """Prove sigma(-z) = 1 - sigma(z)."""
    z = m.b[0]
    return m.is_zero(_sigmoid(m, -z) - formulas.sigmoid_mirror(_sigmoid(m, z)))


def sigmoid_slope(m: Model, formulas: Formulas) -> bool:
    """Prove sigma'(z) = sigma(z) (1 - sigma(z))."""
    s = _sigmoid(m, m.b[0])
    return m.is_zero(s.diff(m.b[0]) - formulas.sigmoid_derivative_term(s))


def two_classes(m: Model, formulas: Formulas) -> bool:
    """Prove p_1 = sigma(z_1 - z_0) for two classes, with the code's own difference."""
    import numpy as np

    weights = np.array([row[:2] for row in m.w], dtype=object)
    w, b = formulas.two_class_difference(weights, np.array(m.b[:2], dtype=object))
    difference = sum(x * w_j for x, w_j in zip(m.x, w, strict=True)) + b
    expression = m.softmax(m.z[:2])[1] - _sigmoid(m, difference)
    # exp(z_0 - z_1) cancels only once it is split into u_0 / u_1
    return m.is_zero(m.sympy.expand(expression, power_exp=True))
