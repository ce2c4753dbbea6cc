"""How many samples of which classes each group has."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Tally:
    """Groups by classes, in compressed rows: most groups have samples of few classes.

    Group g has `counts[i]` samples of class `classes[i]`, i in `start[g]` .. `start[g + 1]` - 1.
    """

    start: Counts  # (n_groups + 1,)
    classes: Counts  # (n_pairs,)
    counts: Counts  # (n_pairs,)
    n_classes: int

    @classmethod
    def of(cls, labels: Counts, groups: Counts, n_classes: int) -> "Tally":
        """Count samples of labels (n,) in groups 0, 1, ... (n,), each of which has some."""
        pairs, counts = np.unique(groups * n_classes + labels, return_counts=True)
        group, classes = np.divmod(pairs, n_classes)
        start = np.searchsorted(group, np.arange(int(groups.max()) + 2))
        return cls(start, classes, counts, n_classes)

    def __len__(self) -> int:
        """Return the number of groups."""
        return len(self.start) - 1

    @cached_property
    def rows(self) -> list[list[tuple[int, int]]]:
        """The classes of each group, and how many samples of each it has."""
        pairs = list(zip(self.classes.tolist(), self.counts.tolist(), strict=True))
        return [pairs[a:b] for a, b in pairwise(self.start.tolist())]

    @cached_property
    def sizes(self) -> Counts:
        """Samples of each group."""
        return np.add.reduceat(self.counts, self.start[:-1])

    @cached_property
    def of_class(self) -> Counts:
        """Samples of each class."""
        return np.bincount(self.classes, self.counts, self.n_classes).astype(np.intp)

    @cached_property
    def groups_of_class(self) -> Counts:
        """Groups that have samples of each class."""
        return np.bincount(self.classes, minlength=self.n_classes)

    @cached_property
    def is_bound(self) -> NDArray[np.bool_]:
        """Whether a group is the only one that has some class: it can never be held out."""
        alone = self.groups_of_class[self.classes] == 1
        return np.logical_or.reduceat(alone, self.start[:-1])

    @cached_property
    def singles(self) -> Counts:
        """The groups of one sample, ascending."""
        return np.flatnonzero(self.sizes == 1)

    @cached_property
    def larger(self) -> Counts:
        """The groups of two samples or more, ascending."""
        return np.flatnonzero(self.sizes > 1)
