"""The grid: every point of a space, numbered as Optuna's stock `GridSampler(space)` numbers them.

A point's id is its place in that sampler's list: parameter names sorted, values as listed, the
product of all, shuffled by `RandomState(0)`. So stock Optuna and hpsoft mean the same point by the
same `grid_id`. Computed here, without Optuna, because it takes half a second to import.
"""

import hashlib
import itertools
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from hpsoft.errors import SpaceError
from hpsoft.optimizers.categories import Choice
from hpsoft.space.ranges import Candidates, to_plain

MAX_POINTS = 1_000_000  # a list of all points is held in memory; a search this large has no end


@dataclass(frozen=True)
class Grid:
    """All points of a space, by id."""

    space: Mapping[str, tuple[Choice, ...]]
    names: tuple[str, ...] = field(init=False)  # sorted: the order of a point's values
    points: tuple[tuple[Choice, ...], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Enumerate the points.

        Raises:
            SpaceError: there are more than `MAX_POINTS`.
        """
        count = math.prod(len(values) for values in self.space.values())
        if count > MAX_POINTS:
            raise SpaceError(
                f"The grid has {count:,} points; at most {MAX_POINTS:,} can be searched. "
                "List fewer values with --set or a --space file."
            )
        names = tuple(sorted(self.space))
        points = list(itertools.product(*(self.space[name] for name in names)))
        np.random.RandomState(0).shuffle(points)  # the sampler's generator
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "points", tuple(points))

    @property
    def size(self) -> int:
        """The number of points."""
        return len(self.points)

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.points)

    def __iter__(self) -> Iterator[tuple[int, dict[str, Choice]]]:
        """Yield every id with its point."""
        return ((grid_id, self.params(grid_id)) for grid_id in range(len(self)))

    def params(self, grid_id: int) -> dict[str, Choice]:
        """Return the point with this id."""
        return dict(zip(self.names, self.points[grid_id], strict=True))

    def grid_id(self, params: Mapping[str, Choice]) -> int:
        """Return the id of a point.

        Raises:
            SpaceError: the point is not in the grid.
        """
        try:
            return self._ids[tuple(params[name] for name in self.names)]
        except KeyError:
            raise SpaceError(f"{dict(params)} is not a point of this grid.") from None

    @cached_property
    def _ids(self) -> dict[tuple[Choice, ...], int]:
        return {point: grid_id for grid_id, point in enumerate(self.points)}


def grid_hash(space: Mapping[str, Candidates]) -> str:
    """Return 16 hexadecimal digits that two spaces share only if they have the same grid ids."""
    text = json.dumps({name: to_plain(space[name]) for name in sorted(space)})
    return hashlib.sha256(text.encode()).hexdigest()[:16]
