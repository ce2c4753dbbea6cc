"""Linear regression as the quadratic it is: cost, gradient, Hessian, and the Newton step.

Conventions: X (n_samples, n_features) has one sample a row; texts with one sample a column write
X X^T where this one writes X.T X.

    J(w)   = 1/(2n) sum_i (x_i.w - y_i)^2
    grad J = 1/n X.T (X w - y)
    H      = 1/n X.T X

Derivation of the step. J is quadratic, so its second-order Taylor expansion around w_k,

    J(w_k + s) = J(w_k) + grad J . s + 1/2 s.T H s,

is J itself and not an approximation. Its minimum over s is where grad J + H s = 0, that is
s = -H^-1 grad J: one step from anywhere ends at the minimum.

Where H is singular, many s satisfy H s = -grad J. The shortest is s = -H^+ grad J with the
pseudo-inverse; it leaves the part of w in the null space of H, which J does not see, as it was.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from hpsoft.maths.tables import Table
from hpsoft.softmax.probabilities import Array


def standardised(table: Table) -> Table:
    """Return the table with columns of mean 0 and variance 1, and an intercept column of ones.

    Constant columns are left as they are.
    """
    spread = table.X.std(axis=0)
    varies = spread > 0
    X = np.where(varies, (table.X - table.X.mean(axis=0)) / np.where(varies, spread, 1), table.X)
    return with_intercept(replace(table, X=X))


def with_intercept(table: Table) -> Table:
    """Return the table with a column of ones appended."""
    X = np.hstack([table.X, np.ones((len(table.X), 1))])
    return replace(table, X=X, names=(*table.names, "intercept"))


def with_duplicate(table: Table) -> Table:
    """Return the table with its first column once more at the end: H becomes singular."""
    X = np.hstack([table.X, table.X[:, :1]])
    return replace(table, X=X, names=(*table.names, f"{table.names[0]} again"))


@dataclass(frozen=True)
class LeastSquares:
    """A linear regression with the spectrum of its Hessian; X is not all zeros."""

    X: Array  # (n_samples, n_features)
    y: Array  # (n_samples,)

    def cost(self, w: Array) -> float:
        """Return J(w)."""
        return float(((self.X @ w - self.y) ** 2).mean() / 2)

    def gradient(self, w: Array) -> Array:
        """Return grad J(w), (n_features,)."""
        return self.X.T @ (self.X @ w - self.y) / len(self.y)

    @cached_property
    def hessian(self) -> Array:
        """H, (n_features, n_features)."""
        return self.X.T @ self.X / len(self.y)

    @cached_property
    def spectrum(self) -> tuple[Array, Array]:
        """Non-zero eigenvalues of H, largest first (rank,), and eigenvectors (n_features, rank).

        H = V diag(s^2/n) V.T from the singular values s of X. Those tell zero from small down to
        (1e-14)^2 of the largest eigenvalue; eigenvalues of a formed H drown at 1e-14.
        """
        _, s, Vt = np.linalg.svd(self.X, full_matrices=False)
        kept = s > s[0] * max(self.X.shape) * np.finfo(float).eps
        return s[kept] ** 2 / len(self.y), Vt[kept].T

    @property
    def rank(self) -> int:
        """Rank of H."""
        return len(self.spectrum[0])

    @property
    def condition(self) -> float:
        """L / mu: largest over smallest non-zero eigenvalue of H."""
        values, _ = self.spectrum
        return float(values[0] / values[-1])

    @cached_property
    def solution(self) -> Array:
        """The least-squares solution of minimum norm, from numpy.linalg.lstsq, (n_features,)."""
        return np.linalg.lstsq(self.X, self.y, rcond=None)[0]

    def newton_step(self, w: Array) -> Array:
        """Return s = -H^+ grad J(w), which is -H^-1 grad J(w) where H is regular."""
        values, vectors = self.spectrum
        return -vectors @ ((vectors.T @ self.gradient(w)) / values)

    def nearest_solution(self, w: Array) -> Array:
        """Return the minimiser of J nearest to w: `solution` plus w's part in the null space."""
        _, vectors = self.spectrum
        return self.solution + (w - vectors @ (vectors.T @ w))
