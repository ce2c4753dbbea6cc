"""A preconditioner from the spectrum of the covariance: cheap, good while p is far from 0 and 1.

The Hessian is 1/n sum_i f_i (diag(p_i) - p_i p_i.T) (x) [x_i 1] [x_i 1].T, plus alpha on the
weights. With f_i (diag(p_i) - p_i p_i.T) replaced by its mean S = U diag(w) U.T, and the features
centred, which moves mean . W into the bias, it falls apart:

    weights  (U (x) Q) (w_k L_j + alpha) (U (x) Q).T    where Q L Q.T is the covariance of X
    bias     U diag(w) U.T

Q serves all models and iterations; S is small. Above MAX_FEATURES, where Q would cost more than
it saves, only the variances are used, and above MAX_CLASSES the diagonal of S.
"""

import weakref
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers import Array

MAX_FEATURES = 2000  # of this and of the sampled preconditioner
MAX_CLASSES = 200
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
    """P for every model; see the head of this file."""

    mean: Array  # (n_features,)
    basis: Array | None
    classes: Array | None  # U, (n_models, n_classes, n_classes); None: the identity
    inverse: Array  # (n_classes, n_models, n_features + 1), of the eigenvalues; bias last

    def apply(self, v: Array) -> Array:
        """Return P^-1 v."""
        v = self._turned(v, back=True)
        weights, bias = v[..., :-1] - v[..., -1:] * self.mean, v[..., -1]
        if self.basis is None:
            weights = weights * self.inverse[..., :-1]
        else:
            weights = (weights @ self.basis * self.inverse[..., :-1]) @ self.basis.T
        bias = bias * self.inverse[..., -1] - weights @ self.mean
        out = self._turned(np.concatenate([weights, bias[..., None]], axis=-1), back=False)
        if self.classes is not None:  # the rounding along the ones, where H may have nothing
            out -= out.mean(axis=0)
        return out

    def _turned(self, v: Array, *, back: bool) -> Array:
        """Return U v, or U.T v, of every model; laid out as v."""
        if self.classes is None:
            return v
        turns = self.classes.transpose(0, 2, 1) if back else self.classes
        return np.ascontiguousarray((turns @ v.transpose(1, 0, 2)).transpose(1, 0, 2))

    def select(self, models: NDArray[Any]) -> "Spectral":
        """Return the preconditioner of some of the models."""
        classes = None if self.classes is None else self.classes[models]
        return replace(self, inverse=self.inverse[:, models], classes=classes)


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
    dtype = probabilities.dtype
    if len(probabilities) > MAX_CLASSES:
        spread, classes = _spreads(probabilities, factors), None
    else:
        spread, classes = _decomposed(_covariances(probabilities, factors))
    spread = spread.clip(1e-12)
    floor = 1e-9 * (known.values.max(initial=0.0) or 1.0)  # of no data, where alpha is 0
    weights = spread[..., None] * (known.values + floor) + ridge[:, None]
    values = np.concatenate([weights, (spread + damping)[..., None]], axis=-1)
    inverse = 1 / np.where(np.isfinite(values), values, np.nan)
    basis, turns = (None if u is None else u.astype(dtype) for u in (known.basis, classes))
    return Spectral(known.mean.astype(dtype), basis, turns, inverse.astype(dtype))


def _spreads(p: Array, factors: Array | None) -> Array:
    """Return the mean of f p_k (1 - p_k), (n_classes, n_models)."""
    if factors is not None:
        spread: Array = np.einsum("kmi,kmi,mi->km", p, 1 - p, factors) / p.shape[-1]
        return spread
    square = np.einsum("kmi,kmi->km", p, p, dtype=np.float64)
    return p.mean(axis=-1, dtype=np.float64) - square / p.shape[-1]


def _covariances(p: Array, factors: Array | None) -> Array:
    """Return S of every model, (n_models, n_classes, n_classes).

    Rows of S sum to zero, so its diagonal is summed from the rest: nothing cancels there.
    """
    n_classes, n_models, n = p.shape
    found = np.empty((n_models, n_classes, n_classes))
    for m in range(n_models):
        weighted = p[:, m] if factors is None else p[:, m] * factors[m].astype(p.dtype)
        found[m] = weighted @ p[:, m].T
    found /= -n
    k = np.arange(n_classes)
    found[:, k, k] = 0
    found[:, k, k] = -found.sum(axis=-1)
    return found


def _decomposed(S: Array) -> tuple[Array, Array]:
    """Return the eigenvalues of S, (n_classes, n_models), and U; of NaN, NaN.

    The gradient has nothing along the vector of ones, where S has nothing either: as in
    direct.py a typical number is put there.
    """
    sound = np.asarray(np.isfinite(S).all(axis=(1, 2)))
    n_classes = S.shape[-1]
    typical = np.trace(S, axis1=1, axis2=2)[:, None, None] / n_classes
    values, classes = np.linalg.eigh(np.where(sound[:, None, None], S + typical / n_classes, 0))
    return np.where(sound[:, None], values, np.nan).T, classes
