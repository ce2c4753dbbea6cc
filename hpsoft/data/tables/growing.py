"""What a file of unknown length is gathered in: memory grows with it, and is never held twice."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.tables.matrix import fits_a_byte
from hpsoft.softmax.probabilities import Array

GROWTH = 1.25


class GrowingMatrix:
    """Rows of numbers: a byte each as long as that is exact, float64 from then on."""

    def __init__(self, n_columns: int, expected: int = 0) -> None:
        """Begin without rows; where about as many come as are expected, none is moved."""
        self._rows: Array = np.empty((expected, n_columns), np.uint8)
        self._n = 0

    def add(self, block: Array) -> None:
        """Append rows of float64 or, where that is exact, uint8: (n, n_columns)."""
        if self._rows.dtype == np.uint8 and not fits_a_byte(block):
            self._to_floats()
        end = self._n + len(block)
        if end > len(self._rows):
            self._resize(max(end, int(len(self._rows) * GROWTH)))
        self._rows[self._n : end] = block
        self._n = end

    def matrix(self) -> Array:
        """Return all rows, and be empty."""
        self._resize(self._n)
        rows, self._rows, self._n = self._rows, self._rows[:0], 0
        return rows

    def _to_floats(self) -> None:
        wide = np.empty(self._rows.shape)
        wide[: self._n] = self._rows[: self._n]
        self._rows = wide

    def _resize(self, n: int) -> None:
        # In place where the system can: the rows move by their pages, not by a copy.
        self._rows.resize((n, self._rows.shape[1]), refcheck=False)


@dataclass(frozen=True, eq=False)
class Dictionary:
    """Texts as Arrow holds them: `values` that may be many times one text, and places in them."""

    values: Sequence[str]
    codes: NDArray[np.integer]  # (n,)

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self.codes)

    def __iter__(self) -> Iterator[str]:
        """Yield the texts."""
        return (self.values[code] for code in self.codes)


Texts: TypeAlias = Sequence[str] | Dictionary


class GrowingText:
    """Texts of which many are equal: each different one is kept once."""

    def __init__(self) -> None:
        """Begin without texts."""
        self._codes: dict[str, int] = {}
        self._of = array("q")

    def add(self, texts: Texts) -> None:
        """Append texts, without spaces around them."""
        codes = self._codes
        if isinstance(texts, Dictionary):
            places = [codes.setdefault(text.strip(), len(codes)) for text in texts.values]
            self._of.frombytes(np.array(places, np.int64)[texts.codes].tobytes())
        else:
            self._of.extend([codes.setdefault(text.strip(), len(codes)) for text in texts])

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self._of)

    def distinct(self) -> list[str]:
        """Return the different texts, in the order in which they came."""
        return list(self._codes)

    def texts(self) -> Array:
        """Return all texts, (n,) of str."""
        return np.array(self.distinct(), dtype=str)[self.codes()]

    def codes(self) -> NDArray[np.int64]:
        """Return the place of every text among the different ones."""
        return np.frombuffer(self._of, np.int64)
