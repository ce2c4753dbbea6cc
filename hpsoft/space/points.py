"""The points of a space: a grid, or numbered as they turn up where the space has ranges."""

from collections.abc import Mapping
from typing import Protocol

from hpsoft.optimizers.categories import Choice
from hpsoft.space.grid import Grid
from hpsoft.space.ranges import Candidates, Range


class Points(Protocol):
    """Points with numbers, the grid ids."""

    @property
    def space(self) -> Mapping[str, Candidates]:
        """What may be tried of each hyperparameter."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the hyperparameters, sorted."""
        ...

    @property
    def size(self) -> int | None:
        """How many points there are; None where nobody can count them."""
        ...

    def params(self, grid_id: int) -> dict[str, Choice]:
        """Return the point with this number."""
        ...

    def grid_id(self, params: Mapping[str, Choice]) -> int:
        """Return the number of a point."""
        ...


class Unlisted:
    """Points of a space with ranges: each gets the next number when it is first seen."""

    size = None

    def __init__(self, space: Mapping[str, Candidates]) -> None:
        """Start without points."""
        self.space = space
        self.names = tuple(sorted(space))
        self._points: list[tuple[Choice, ...]] = []
        self._ids: dict[tuple[Choice, ...], int] = {}

    def params(self, grid_id: int) -> dict[str, Choice]:
        """Return the point with this number."""
        return dict(zip(self.names, self._points[grid_id], strict=True))

    def grid_id(self, params: Mapping[str, Choice]) -> int:
        """Return the number of a point, a new one if it was not seen before."""
        point = tuple(params[name] for name in self.names)
        if point not in self._ids:
            self._ids[point] = len(self._points)
            self._points.append(point)
        return self._ids[point]


def points_of(space: Mapping[str, Candidates]) -> Points:
    """Return the points of a space.

    Raises:
        SpaceError: it is a grid that is too large.
    """
    listed = {name: values for name, values in space.items() if not isinstance(values, Range)}
    return Grid(listed) if len(listed) == len(space) else Unlisted(space)
