"""What the caller divides samples by: a splitter of scikit-learn's, or indices."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.memory.arrays import as_array
from hpsoft.data.parts.callers import folds_text
from hpsoft.errors import SpaceTypeError, SpaceValueError
from hpsoft.softmax.probabilities import Array

Indices = NDArray[np.intp]
Pair = tuple[Indices, Indices]  # samples to train on, samples to choose by


class Splitter(Protocol):
    """What scikit-learn calls a CV splitter."""

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterable[tuple[Any, Any]]:
        """Yield indices of what is trained on and what is held out."""
        ...


# One pair of indices, several of them, or what makes them.
Folds: TypeAlias = Splitter | tuple[Any, Any] | Sequence[tuple[Any, Any]]


def fold_text(cv: Folds, n_samples: int, y: Any, groups: Any) -> Array:
    """Return what each sample is in each fold, as `Samples.side` keeps it: (n_samples,).

    Raises:
        SpaceError: no indices of samples, or some of them on both sides.
    """
    pairs = [_pair(*pair, n_samples, i) for i, pair in enumerate(_pairs(cv, n_samples, y, groups))]
    if not pairs:
        raise SpaceValueError("--cv has no folds: give one pair of indices or more.")
    return folds_text(pairs, n_samples)


def _pairs(cv: Any, n_samples: int, y: Any, groups: Any) -> list[tuple[Any, Any]]:
    if hasattr(cv, "split"):
        try:
            return list(cv.split(np.zeros((n_samples, 1)), y, groups))
        except (TypeError, ValueError) as error:
            raise SpaceValueError(f"--cv cannot divide these samples: {error}") from error
    try:
        found = [cv] if _is_pair(cv) else list(cv)
        return [(kept, held) for kept, held in found]
    except (TypeError, ValueError) as error:
        raise SpaceTypeError(
            "--cv takes a number of folds, a splitter of scikit-learn's, a pair of indices (to train "
            f"on, to choose by), or a list of such pairs, not {cv!r:.100}."
        ) from error


def _is_pair(cv: Any) -> bool:
    if not isinstance(cv, tuple) or len(cv) != 2:
        return False
    return all(not isinstance(side, tuple) and np.ndim(side) == 1 for side in cv)


def _pair(kept: Any, held: Any, n_samples: int, fold: int) -> Pair:
    where = f"fold {fold} (from 0) of --cv"
    sides = _indices(kept, n_samples, where), _indices(held, n_samples, where)
    both = np.intersect1d(*sides)
    if len(both):
        raise SpaceValueError(
            f"{len(both):,} samples, number {both[0]} for one, are on both sides of {where}: what "
            "is chosen by must not be trained on."
        )
    return sides


def _indices(given: Any, n_samples: int, where: str) -> Indices:
    found = as_array(given, where)
    if found.dtype.kind == "b" and found.shape == (n_samples,):
        found = np.flatnonzero(found)
    if found.dtype.kind not in "ui" or found.ndim != 1 or not len(found):
        raise SpaceValueError(f"{where} takes indices of samples or a mask, one or more of them.")
    if found.min() < -n_samples or found.max() >= n_samples:
        raise SpaceValueError(f"{where} has an index beyond the {n_samples:,} samples.")
    return np.unique(found.astype(np.intp) % n_samples)
