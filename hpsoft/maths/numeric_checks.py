"""The identities at random points, each as the largest deviation of one trial.

Derivatives are taken by the complex step: f'(z) = Im f(z + ih) / h with h = 1e-30. Nothing is
subtracted, so nothing cancels and the result is exact to rounding; a finite difference would lose
half of the digits. (W. Squire and G. Trapp, SIAM Review 40 (1998) 110-112.)

A deviation is max |left - right| / max(1, max |right|): absolute near zero, relative above one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from hpsoft.maths.formulas import Formulas
from hpsoft.softmax import linear_logits, one_hot, regularised_cost
from hpsoft.softmax.probabilities import Array

STEP = 1e-30


@dataclass(frozen=True)
class Point:
    """A random small problem: data, parameters, a direction to differentiate along."""

    X: Array  # (n_samples, n_features)
    labels: Array  # (n_samples,)
    weights: Array  # (n_features, n_classes)
    bias: Array  # (n_classes,)
    direction: tuple[Array, Array]
    alpha: float

    @classmethod
    def draw(cls, rng: np.random.Generator, n_classes: int | None = None) -> "Point":
        """Draw 1-6 samples, 1-4 features, 2-5 classes unless given; normal numbers throughout."""
        n_samples, n_features = rng.integers(1, 7), rng.integers(1, 5)
        n_classes = n_classes or int(rng.integers(2, 6))
        return cls(
            X=rng.normal(size=(n_samples, n_features)),
            labels=rng.integers(n_classes, size=n_samples),
            weights=rng.normal(size=(n_features, n_classes)),
            bias=rng.normal(size=n_classes),
            direction=(rng.normal(size=(n_features, n_classes)), rng.normal(size=n_classes)),
            alpha=float(rng.uniform(0.0, 2.0)),
        )

    @property
    def logits(self) -> Array:
        """Logits of all samples."""
        return linear_logits(self.X, self.weights, self.bias)


def deviation(left: Array, right: Array) -> float:
    """Return max |left - right| / max(1, max |right|); NaN if either holds one."""
    right = np.asarray(right)
    return float(np.max(np.abs(left - right)) / np.maximum(1.0, np.max(np.abs(right))))


def complex_step(function: Callable[[Array], Array], at: Array) -> Array:
    """Return the derivative of `function` by every entry of `at`: at.shape + output shape."""
    rows = []
    for index in np.ndindex(at.shape):
        moved = at.astype(complex)
        moved[index] += 1j * STEP
        rows.append(np.imag(function(moved)) / STEP)
    return np.reshape(rows, at.shape + np.shape(rows[0]))


def _probability_derivatives(point: Point, formulas: Formulas) -> tuple[Array, Array, Array]:
    """Return p (C,), dp_k / dW_jl as (d, l, k) and dp_k / db_l as (l, k), for the first sample."""
    x, weights, bias = point.X[:1], point.weights, point.bias
    by_weights = complex_step(lambda W: formulas.softmax(x @ W + bias)[0], weights)
    by_bias = complex_step(lambda b: formulas.softmax(x @ weights + b)[0], bias)
    return formulas.softmax(point.logits[:1])[0], by_weights, by_bias


def same_class_weights(rng: np.random.Generator, formulas: Formulas) -> float:
    """Check dp_k / dw_k = x p_k (1 - p_k)."""
    point = Point.draw(rng)
    p, derivative, _ = _probability_derivatives(point, formulas)
    claimed = formulas.same_class(point.X[0][:, None], p)
    return deviation(np.diagonal(derivative, axis1=1, axis2=2), claimed)


def other_class_weights(rng: np.random.Generator, formulas: Formulas) -> float:
    """Check dp_k / dw_l = -x p_k p_l for l != k."""
    point = Point.draw(rng)
    p, derivative, _ = _probability_derivatives(point, formulas)
    claimed = formulas.other_class(point.X[0][:, None, None], p[None, :], p[:, None])
    apart = ~np.eye(len(p), dtype=bool)
    return deviation(derivative[:, apart], claimed[:, apart])


def same_class_bias(rng: np.random.Generator, formulas: Formulas) -> float:
    """Check dp_k / db_k = p_k (1 - p_k)."""
    p, _, derivative = _probability_derivatives(Point.draw(rng), formulas)
    return deviation(np.diagonal(derivative), formulas.same_class(1.0, p))


def other_class_bias(rng: np.random.Generator, formulas: Formulas) -> float:
    """Check dp_k / db_l = -p_k p_l for l != k."""
    p, _, derivative = _probability_derivatives(Point.draw(rng), formulas)
    apart = ~np.eye(len(p), dtype=bool)
    return deviation(derivative[apart], formulas.other_class(1.0, p[None, :], p[:, None])[apart])


def gradient_weights(rng: np.random.Generator, formulas: Formulas) -> float:
    """Check d cost / dW = -1/n sum_i x_i (y_il - p_il), as a term and as hpsoft's code."""
    point = Point.draw(rng)
    X, labels, bias = point.X, point.labels, point.bias
    derivative = complex_step(lambda W: regularised_cost(X, labels, W, bias), point.weights)
    errors = one_hot(labels, len(bias)), formulas.softmax(point.logits)
    claimed = formulas.gradient_term(X[:, :, None], *(a[:, None, :] for a in errors)).mean(axis=0)
    coded, _ = formulas.gradient(X, labels, point.weights, bias)
    return float(np.max([deviation(derivative, claimed), deviation(derivative, coded)]))


def gradient_bias(rng: np.random.Generator, formulas: Formulas) -> float:
    """Check d cost / db = -1/n sum_i (y_il - p_il), as a term and as hpsoft's code."""
    point = Point.draw(rng)
    X, labels, weights = point.X, point.labels, point.weights
    derivative = complex_step(lambda b: regularised_cost(X, labels, weights, b), point.bias)
    p = formulas.softmax(point.logits)
    claimed = formulas.gradient_term(1.0, one_hot(labels, p.shape[1]), p).mean(axis=0)
    _, coded = formulas.gradient(X, labels, weights, point.bias)
    return float(np.max([deviation(derivative, claimed), deviation(derivative, coded)]))


def l2_weights(rng: np.random.Generator, formulas: Formulas) -> float:
    """Check that alpha/2 ||W||^2 adds alpha W to the weights' gradient and 0 to the bias'."""
    point = Point.draw(rng)
    X, labels, W, b, alpha = point.X, point.labels, point.weights, point.bias, point.alpha
    by_weights = complex_step(lambda moved: regularised_cost(X, labels, moved, b, alpha), W)
    by_bias = complex_step(lambda moved: regularised_cost(X, labels, W, moved, alpha), b)
    plain = formulas.gradient(X, labels, W, b)
    coded = formulas.gradient(X, labels, W, b, alpha)
    claimed = plain[0] + formulas.l2_term(alpha, W)
    pairs = (
        (by_weights, claimed),
        (by_bias, plain[1]),
        (by_weights, coded[0]),
        (by_bias, coded[1]),
    )
    return float(np.max([deviation(left, right) for left, right in pairs]))


def hessian_vector(rng: np.random.Generator, formulas: Formulas) -> float:
    """Check H v against the complex step of the gradient along v, and the full Hessian too."""
    point = Point.draw(rng)
    X, W, b, alpha, (V, v) = point.X, point.weights, point.bias, point.alpha, point.direction
    moved = formulas.gradient(X, point.labels, W + 1j * STEP * V, b + 1j * STEP * v, alpha)
    by_weights, by_bias = (np.imag(part) / STEP for part in moved)
    p, r = formulas.softmax(point.logits), linear_logits(X, V, v)
    term = formulas.hessian_vector_term(1.0, p, r, (p * r).sum(axis=1, keepdims=True))
    coded = formulas.hessian_vector_product(X, W, b, point.direction, alpha)
    full = formulas.hessian(X, W, b, alpha) @ np.vstack([V, v]).ravel()
    pairs = (
        (by_weights, X.T @ term / len(X) + alpha * V),
        (by_bias, term.mean(axis=0)),
        (by_weights, coded[0]),
        (by_bias, coded[1]),
        (np.vstack([by_weights, by_bias]).ravel(), full),
    )
    return float(np.max([deviation(left, right) for left, right in pairs]))


def shift_invariance(rng: np.random.Generator, formulas: Formulas) -> float:
    """Check softmax(z + c) = softmax(z), with shifts up to 1000 that overflow a naive softmax."""
    logits = Point.draw(rng).logits
    shift = rng.uniform(-1000.0, 1000.0)
    return deviation(formulas.softmax(logits + shift), formulas.softmax(logits))


def sigmoid_slope(rng: np.random.Generator, formulas: Formulas) -> float:
    """Check sigma'(z) = sigma(z) (1 - sigma(z)), as a term and as hpsoft's code."""
    z = rng.uniform(-30.0, 30.0, size=8)
    derivative = np.imag(formulas.sigmoid(z + 1j * STEP)) / STEP
    claimed = formulas.sigmoid_derivative_term(formulas.sigmoid(z))
    coded = formulas.sigmoid_derivative(z)
    return float(np.max([deviation(derivative, claimed), deviation(derivative, coded)]))


def two_classes(rng: np.random.Generator, formulas: Formulas) -> float:
    """Check softmax over two classes = sigmoid of the difference of their logits."""
    point = Point.draw(rng, n_classes=2)
    w, b = formulas.two_class_difference(point.weights, point.bias)
    right: Any = formulas.sigmoid(point.X @ w + b)
    return deviation(formulas.softmax(point.logits)[:, 1], right)
