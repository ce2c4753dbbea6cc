"""Values of a side column that are not known, in whatever way that is stored."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from hpsoft.data.errors import nth
from hpsoft.data.tables.numerals import is_missing
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

NthRow: TypeAlias = Callable[[int], str]  # how messages name a row


def check_known(values: Array, name: str, option: str, where: str, row: NthRow = nth) -> None:
    """Check that no value (n,) is missing: None, NaN, NaT, empty, or a word for it such as NA.

    Raises:
        DataError: naming the first row, and how many there are.
    """
    bad = unknown_values(values)
    if bad.any():
        raise DataError(
            f"{where}: {option} {name} is missing in {int(bad.sum()):,} of {len(bad):,} rows, "
            f"first in row {row(int(np.argmax(bad)))}. Every sample needs a value: "
            f"--missing drop-rows leaves such rows out; otherwise fill them in, or leave {option} "
            "out."
        )


def unknown_values(values: Array) -> Array:
    """Tell which values (n,) are missing."""
    if values.dtype.kind in "fM":
        return np.asarray(values != values)  # noqa: PLR0124 - NaN and NaT alone
    if values.dtype.kind not in "OUS":
        return np.zeros(len(values), bool)
    if values.dtype.kind == "O":
        return np.array([_is_blank(value) for value in values], bool)
    found, inverse = np.unique(values, return_inverse=True)
    return np.array([_is_blank(value) for value in found], bool)[inverse]


def _is_blank(value: object) -> bool:
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT alone
        return True
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return isinstance(text, str) and is_missing(text)
