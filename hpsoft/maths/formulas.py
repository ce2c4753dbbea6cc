"""The formulas under test, gathered in one value so that a test can break one at a time.

Two kinds. The *terms* are the right-hand sides as a textbook prints them, written with + - * only:
NumPy arrays and SymPy expressions both go through them, so one text is checked numerically and
symbolically. The *functions* are hpsoft.softmax's own code.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import hpsoft.softmax as reference

Term = Callable[..., Any]  # of scalars, arrays or SymPy expressions
Function = Callable[..., Any]  # of arrays


def _same_class(x: Any, p_k: Any) -> Any:
    return x * p_k * (1 - p_k)


def _other_class(x: Any, p_k: Any, p_l: Any) -> Any:
    return -x * p_k * p_l


def _gradient_term(x: Any, y_l: Any, p_l: Any) -> Any:
    return -x * (y_l - p_l)


def _l2_term(alpha: Any, w: Any) -> Any:
    return alpha * w


def _hessian_vector_term(x: Any, p_k: Any, r_k: Any, mean_r: Any) -> Any:
    return x * p_k * (r_k - mean_r)


def _sigmoid_mirror(s: Any) -> Any:
    return 1 - s


def _sigmoid_derivative_term(s: Any) -> Any:
    return s * (1 - s)


@dataclass(frozen=True)
class Formulas:
    """Every formula that `run_checks` checks; x is 1 where the derivative is by the bias."""

    same_class: Term = _same_class  # d p_k / d w_k
    other_class: Term = _other_class  # d p_k / d w_l, l != k
    gradient_term: Term = _gradient_term  # one sample's share of d cost / d w_l, times n
    l2_term: Term = _l2_term  # d (alpha/2 w^2) / dw
    hessian_vector_term: Term = _hessian_vector_term  # one sample's share of (H v)_k, times n
    sigmoid_mirror: Term = _sigmoid_mirror  # sigma(-z) from s = sigma(z)
    sigmoid_derivative_term: Term = _sigmoid_derivative_term  # sigma'(z) from s = sigma(z)
    softmax: Function = reference.softmax
    gradient: Function = reference.gradient
    hessian_vector_product: Function = reference.hessian_vector_product
    hessian: Function = reference.hessian
    sigmoid: Function = reference.sigmoid
    sigmoid_derivative: Function = reference.sigmoid_derivative
    two_class_difference: Function = reference.two_class_difference


FORMULAS = Formulas()
