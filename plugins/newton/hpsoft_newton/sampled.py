"""A preconditioner from a sample of the uncertain rows: dear, and good where p is near 0 or 1.

The diagonal block of class k is 1/n sum_i w_i [x_i 1] [x_i 1].T, w_i = f_i p_ik (1 - p_ik). Late
in a run with little L2 few rows carry nearly all of the w. DRAWN rows are drawn in proportion to w
(systematically: at equal distances along the cumulated w, no random numbers), so each stands for
an equal part of the sum:

    P_k = sum_i w_i / (n DRAWN)  sum_drawn [x 1] [x 1].T  + alpha + damping

which is factored once an iteration for every class and model.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve

from hpsoft.optimizers import Array
from hpsoft_newton.direct import definite_factor
from hpsoft_newton.objective import Objective

DRAWN = 2500  # rows a class


@dataclass(frozen=True, eq=False)
class Sampled:
    """The Cholesky factors of P: a list over models of lists over classes."""

    factors: tuple[tuple[Array, ...], ...]

    def apply(self, v: Array) -> Array:
        """Return P^-1 v."""
        out = np.empty_like(v)
        for m, of_model in enumerate(self.factors):
            for k, factor in enumerate(of_model):
                out[k, m] = cho_solve((factor, True), v[k, m], check_finite=False)
        return out

    def select(self, models: NDArray[Any]) -> "Sampled":
        """Return the preconditioner of some of the models, chosen by a mask."""
        return Sampled(tuple(f for f, chosen in zip(self.factors, models, strict=True) if chosen))


def sampled(objective: Objective, probabilities: Array) -> Sampled:
    """Return P at probabilities (n_classes, n_models, n_samples), in their dtype."""
    ridges = zip(objective.alpha, objective.damping, strict=True)
    return Sampled(
        tuple(
            tuple(
                _factor(objective.X, _uncertainty(objective, p, m), alpha + damping, damping)
                for p in probabilities[:, m]
            )
            for m, (alpha, damping) in enumerate(ridges)
        )
    )


def _uncertainty(objective: Objective, p: Array, model: int) -> Array:
    """Return f p (1 - p) of one class and model, (n_samples,), in the dtype of p."""
    spread: Array = p * (1 - p)
    if objective.factors is not None:
        spread *= objective.factors[model].astype(p.dtype, copy=False)
    return spread


def _factor(X: Array, weight: Array, ridge: float, damping: float) -> Array:
    """Return the factor of one class: X (n, d), weight (n,), in the dtype of `weight`."""
    cumulated = np.cumsum(weight, dtype=np.float64)
    total = cumulated[-1]
    drawn = np.searchsorted(cumulated, (np.arange(DRAWN) + 0.5) * (total / DRAWN))
    rows = np.ones((DRAWN, X.shape[1] + 1), weight.dtype)
    rows[:, :-1] = X[drawn.clip(max=len(X) - 1)]
    matrix = (rows.T @ rows).astype(np.float64) * (total / (len(X) * DRAWN))
    matrix[np.diag_indices_from(matrix)] += ridge
    matrix[-1, -1] += damping - ridge
    return definite_factor(matrix).astype(weight.dtype, order="F")
