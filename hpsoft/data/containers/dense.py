"""Sparse features as the dense matrix that training takes, where there is memory for it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from hpsoft.data.tables.matrix import fits_a_byte
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array
from hpsoft.system.room import available

SHARE = 0.4  # of the free memory: the search makes a scaled copy


def as_dense(matrix: Any, where: str) -> Callable[[], Array]:
    """Return what makes a sparse matrix (n_samples, n_features) dense.

    Whole numbers of 0 .. 255 become bytes, others keep their type.

    Raises:
        DataError, from what is returned: there is not enough memory.
    """

    def read() -> Array:
        by_place = matrix.tocoo()
        by_place.sum_duplicates()
        wanted = np.dtype(np.uint8) if fits_a_byte(by_place.data) else by_place.dtype
        check_room(matrix.shape, wanted, where)
        dense: Array = np.zeros(matrix.shape, wanted)
        dense[by_place.row, by_place.col] = by_place.data
        return dense

    return read


def check_room(shape: tuple[int, ...], dtype: "np.dtype[Any]", where: str) -> None:
    """Check that a dense matrix of that shape leaves room for the search.

    Raises:
        DataError: it does not.
    """
    needed, free = int(np.prod(shape, dtype=object)) * dtype.itemsize, available()
    if free is not None and needed > SHARE * free:
        raise DataError(
            f"{where} is sparse, {shape[0]:,} samples x {shape[1]:,} features. hpsoft trains on "
            f"dense features, which would take {needed / 1e9:,.1f} GB where {free / 1e9:,.1f} GB "
            "are free. Reduce the features first (scikit-learn: SelectKBest, TruncatedSVD, or "
            "FeatureHasher with fewer columns) and save them as .npz."
        )
