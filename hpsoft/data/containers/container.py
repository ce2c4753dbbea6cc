"""A container of named arrays, none of them read before it is chosen."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from hpsoft.softmax.probabilities import Array

MOST_LISTED = 12

DType: TypeAlias = "np.dtype[Any]"
BROKEN = np.dtype("V")  # of an array that cannot be read: reading says why


@dataclass(frozen=True)
class Stored:
    """An array in a file. `read` raises DataError where it cannot be had."""

    shape: tuple[int, ...]
    dtype: DType  # object: text, or what cannot be read
    read: Callable[[], Array]
    # Some rows alone, from start to stop, where they can be had without the others; None: what
    # `read` returns is mapped, or everything has to be read.
    rows: Callable[[int, int], Array] | None = None

    def __str__(self) -> str:
        """Say shape and type."""
        if self.dtype == BROKEN:
            return "(cannot be read)"
        return f"{self.shape} {'text' if self.dtype.kind in 'OSU' else self.dtype}"


@dataclass(frozen=True)
class Container:
    """Named arrays, and where they lie. A name may be a path, its parts divided by / or dots."""

    name: str  # of the data set
    origin: str
    arrays: Mapping[str, Stored]
    notes: tuple[str, ...] = ()
    samples_last: bool = False  # whether the last axis may be that of the samples, as in MATLAB
    hint: str = ""  # how else to say which arrays are meant

    def only(self, names: Iterable[str]) -> "Container":
        """Return the same container with some of its arrays."""
        kept = {name: self.arrays[name] for name in names}
        return replace(self, arrays=kept)

    def listing(self) -> str:
        """Return the names with their shapes, for a message."""
        shown = [f"{name} {stored}" for name, stored in sorted(self.arrays.items())]
        more = f" and {len(shown) - MOST_LISTED:,} more" if len(shown) > MOST_LISTED else ""
        return ", ".join(shown[:MOST_LISTED]) + more or "no arrays"


def in_memory(array: Array) -> Stored:
    """Return an array that is there already as one of a container."""
    return Stored(array.shape, array.dtype, lambda: array)


def together(name: str, origin: str, of: Mapping[str, Container]) -> Container:
    """Return several containers as one, whose arrays are called CONTAINER/ARRAY."""
    arrays = {
        f"{prefix}/{key}": stored
        for prefix, container in of.items()
        for key, stored in container.arrays.items()
    }
    notes = tuple(note for container in of.values() for note in container.notes)
    return Container(name, origin, arrays, notes, any(c.samples_last for c in of.values()))
