"""A preconditioner from the spectrum of the covariance: cheap, good while p is far from 0 and 1.

The diagonal block of class k is 1/n sum_i f_i p_ik (1 - p_ik) [x_i 1] [x_i 1].T, plus alpha on the
weights. With f_i p_ik (1 - p_ik) replaced by its mean w_k, and the features centred, which moves
mean . W into the bias, it falls apart:

    weights  Q (w_k L + alpha) Q.T    where Q L Q.T is the covariance of X
    bias     w_k

One decomposition serves all classes, models and iterations. Above MAX_FEATURES, where it would
cost more than it saves, only the variances are used.
"""

import weakref
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers import Array

MAX_FEATURES = 2000  # of this and of the sampled preconditioner
CHUNK = 4096  # rows: longer than a chunk, for the product is square


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Mean and covariance Q L Q.T of the features; without Q, L holds the variances."""

    mean: NDArray[np.float64]  # (n_features,)
    values: NDArray[np.float64]  # (n_features,)
    basis: NDArray[np.float64] | None  # (n_features, n_features)


_known: dict[tuple[int, str], Spectrum] = {}


def spectrum(X: Array, work: np.dtype[Any]) -> Spectrum:
    """Return the spectrum of X (n_samples, n_features) by products in `work`.

    It is remembered for as long as X lives, and does not keep X alive.
    """
    key = id(X), work.str
    if key not in _known:
        _known[key] = _decompose(X, work)
        weakref.finalize(X, _known.pop, key, None)
    return _known[key]


def _decompose(X: Array, work: np.dtype[Any]) -> Spectrum:
    n_features, small = X.shape[1], X.shape[1] <= MAX_FEATURES
    mean = X.mean(axis=0, dtype=np.float64)
    gram = np.zeros((n_features,) * (2 if small else 1))
    for first in range(0, len(X), CHUNK):
        rows = (X[first : first + CHUNK] - mean).astype(work)
        gram += rows.T @ rows if small else np.einsum("ij,ij->j", rows, rows)
    gram /= len(X)
    if not small or not np.isfinite(gram).all():
        return Spectrum(mean, gram.diagonal() if small else gram, None)
    values, basis = np.linalg.eigh(gram)
    return Spectrum(mean, values.clip(0.0), basis)


@dataclass(frozen=True, eq=False)
class Spectral:
    """P for every class and model; see the head of this file."""

    mean: Array  # (n_features,)
    basis: Array | None
    inverse: Array  # (n_classes, n_models, n_features + 1), of the eigenvalues; bias last

    def apply(self, v: Array) -> Array:
        """Return P^-1 v."""
        weights, bias = v[..., :-1] - v[..., -1:] * self.mean, v[..., -1]
        if self.basis is None:
            weights = weights * self.inverse[..., :-1]
        else:
            weights = (weights @ self.basis * self.inverse[..., :-1]) @ self.basis.T
        bias = bias * self.inverse[..., -1] - weights @ self.mean
        return np.concatenate([weights, bias[..., None]], axis=-1)

    def select(self, models: NDArray[Any]) -> "Spectral":
        """Return the preconditioner of some of the models."""
        return replace(self, inverse=self.inverse[:, models])


def spectral(
    known: Spectrum,
    probabilities: Array,
    ridge: Array,
    damping: Array,
    factors: Array | None = None,
) -> Spectral:
    """Return P at those probabilities.

    Args:
        known: the spectrum of X.
        probabilities: (n_classes, n_models, n_samples).
        ridge: alpha + damping, what is added to the weights' diagonal, (n_models,).
        damping: what is added to the bias's, (n_models,).
        factors: of samples and models, (n_models, n_samples); None: all 1.
    """
    dtype, n = probabilities.dtype, probabilities.shape[-1]
    if factors is None:
        square = np.einsum("kmi,kmi->km", probabilities, probabilities, dtype=np.float64)
        spread = probabilities.mean(axis=-1, dtype=np.float64) - square / n
    else:
        spread = np.einsum("kmi,kmi,mi->km", probabilities, 1 - probabilities, factors) / n
    spread = spread.clip(1e-12)
    floor = 1e-9 * (known.values.max(initial=0.0) or 1.0)  # of no data, where alpha is 0
    weights = spread[..., None] * (known.values + floor) + ridge[:, None]
    values = np.concatenate([weights, (spread + damping)[..., None]], axis=-1)
    inverse = 1 / np.where(np.isfinite(values), values, np.nan)
    basis = None if known.basis is None else known.basis.astype(dtype)
    return Spectral(known.mean.astype(dtype), basis, inverse.astype(dtype))
