"""The side columns that there are, and raw values -> an array (n,) a part."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.errors import nth
from hpsoft.data.side.cells import NthRow
from hpsoft.data.side.given import given_folds, given_parts
from hpsoft.data.side.groups import group_codes
from hpsoft.data.side.times import times
from hpsoft.data.side.values import SideValues
from hpsoft.data.side.weights import sample_weights
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

GROUPS, SPLIT, TIME, WEIGHT = "groups", "split", "time", "sample_weight"
FOLDS = "folds"  # in Python only: a sample's part in each of the caller's folds, as text

_TITLES = ("training", "validation", "test")

Prepare = Callable[..., Array]


@dataclass(frozen=True)
class Role:
    """One kind of side column."""

    option: str  # that names the column
    what: str  # it holds
    # (raw values (n,) of all parts, name of the column, where, how a row is named) -> (n,);
    # raises DataError.
    prepare: Prepare
    reads_text: bool = False  # whether `prepare` also takes how text is read as a number


ROLES: Mapping[str, Role] = {
    FOLDS: Role("--cv", "the folds", given_folds),
    GROUPS: Role("--groups", "the groups", group_codes),
    SPLIT: Role("--split", "the parts", given_parts),
    TIME: Role("--time", "the time", times),
    WEIGHT: Role("--sample-weight", "the weights", sample_weights, reads_text=True),
}


def prepare(
    side: Mapping[str, SideValues],
    sizes: Sequence[int | None],
    where: str,
    kept: Sequence[NDArray[np.bool_] | None] = (None, None, None),
) -> tuple[dict[str, Array], dict[str, Array], dict[str, Array]]:
    """Return the side columns of the training, validation and test part, by role.

    `sizes` are the samples of these parts, None where there is none. A test part may lack a
    column, a validation part not: it may be divided anew together with the training part. `kept`
    tells which rows of those that there were these are, None: all.

    Raises:
        DataError: values are missing, too few or too many, or make no sense in their role.
    """
    parts: tuple[dict[str, Array], dict[str, Array], dict[str, Array]] = ({}, {}, {})
    for role, column in side.items():
        given = (column.train, column.val, column.test)
        for title, values, size in zip(_TITLES, given, sizes, strict=True):
            _check_size(values, size, role, column.name, title, where)
        present = [values for values in given if values is not None]
        reading = (column.number,) if ROLES[role].reads_text else ()
        row = _row_of(given, kept)
        prepared = ROLES[role].prepare(_joined(present), column.name, where, row, *reading)
        ends = np.cumsum([len(values) for values in present])[:-1]
        pieces = iter(np.split(prepared, ends))
        for part, values in zip(parts, given, strict=True):
            if values is not None:
                part[role] = next(pieces)
    return parts


def _row_of(given: Sequence[Array | None], kept: Sequence[NDArray[np.bool_] | None]) -> NthRow:
    """Return what names the row that a value of all parts, joined, was read from."""
    ends = np.cumsum([0 if values is None else len(values) for values in given])

    def row(place: int) -> str:
        k = int(np.searchsorted(ends, place, "right"))
        at, mask = place - (int(ends[k - 1]) if k else 0), kept[k]
        at = at if mask is None else int(np.flatnonzero(mask)[at])
        return f"{nth(at)} of the {_TITLES[k]} part" if k else nth(at)

    return row


def _joined(parts: list[Array]) -> Array:
    """Return the values of all parts in a row; those of different kinds as strings."""
    if len({values.dtype.kind for values in parts}) > 1:
        parts = [values.astype(str) for values in parts]
    return np.concatenate(parts)


def _check_size(
    values: Array | None, size: int | None, role: str, name: str, title: str, where: str
) -> None:
    option = f"{ROLES[role].option} {name}"
    if values is None:
        if size is not None and title == "validation":
            raise DataError(
                f"{where}: {option} says nothing of the validation part, which needs it as well. "
                f"Store an array {name}_val beside it."
            )
        return
    if values.shape != (size or 0,):
        raise DataError(
            f"{where}: {option} has shape {values.shape}, but the {title} part has {size or 0:,} "
            "samples. It must hold one value a sample."
        )
