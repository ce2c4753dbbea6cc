"""Some columns of X as spans, and X cut down to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.rows import Matrix, Rows

Span = tuple[int, int]  # start and stop, from 0


@dataclass(frozen=True)
class ColumnSet:
    """Columns of X in ascending order, as spans that do not touch."""

    spans: tuple[Span, ...]

    @classmethod
    def of(cls, spans: Iterable[Span]) -> Self:
        """Return the columns of some spans, which may overlap or touch."""
        joined: list[Span] = []
        for start, stop in sorted(spans):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
            else:
                joined.append((start, stop))
        return cls(tuple(joined))

    @property
    def text(self) -> str:
        """The columns as --feature-set takes them: `0:1024,2048:3072`."""
        return ",".join(f"{start}:{stop}" for start, stop in self.spans)

    def __len__(self) -> int:
        """Return the number of columns."""
        return sum(stop - start for start, stop in self.spans)

    @property
    def index(self) -> NDArray[np.intp]:
        """The positions of the columns, ascending."""
        return np.concatenate([np.arange(start, stop) for start, stop in self.spans])

    def within(self, other: "ColumnSet") -> "ColumnSet":
        """Return where these columns are in X cut down to `other`, which has all of them."""
        places = np.searchsorted(other.index, self.index)
        return ColumnSet.of((place, place + 1) for place in places.tolist())

    def cut(self, X: Matrix) -> Matrix:
        """Return these columns of X (n_samples, n_features): a view where they are one span."""
        if isinstance(X, Rows):
            return X.with_columns(lambda whole: np.asarray(self.cut(whole)))
        if len(self.spans) == 1:
            ((start, stop),) = self.spans
            return X[:, start:stop]
        return np.concatenate([X[:, start:stop] for start, stop in self.spans], axis=1)


def union(sets: Iterable[ColumnSet]) -> ColumnSet:
    """Return the columns that are in any of the sets."""
    return ColumnSet.of(span for one in sets for span in one.spans)
