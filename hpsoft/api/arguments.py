"""Arguments of the types that they take; what is None was not given."""

from collections.abc import Iterable, Mapping
from numbers import Real
from operator import index
from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.errors import SpaceTypeError, SpaceValueError


def names(option: str, given: Any) -> tuple[str, ...]:
    """Return a list of names of columns.

    Raises:
        SpaceTypeError: it is none.
    """
    found = given if isinstance(given, Iterable) and not isinstance(given, str) else [None]
    listed = tuple(found)
    if not all(isinstance(name, str) for name in listed):
        raise SpaceTypeError(f"{option} takes a list of names of columns, not {given!r:.100}.")
    return listed


def text(option: str, value: object) -> str:
    """Return a name.

    Raises:
        SpaceTypeError: it is no text.
    """
    if not isinstance(value, str):
        raise SpaceTypeError(f"{option} takes a name, not {value!r:.100}.")
    return value


def text_or_none(option: str, value: object) -> str | None:
    """Return a name, or None; raise as `text`."""
    return None if value is None else text(option, value)


def whole(option: str, value: Any) -> int:
    """Return a whole number.

    Raises:
        SpaceTypeError: it is none.
    """
    try:
        if not isinstance(value, bool):
            return index(value)
    except TypeError:  # an array has __index__ too
        pass
    raise SpaceTypeError(f"{option} takes a whole number, not {value!r:.100}.")


def whole_or_none(option: str, value: Any) -> int | None:
    """Return a whole number, or None; raise as `whole`."""
    return None if value is None else whole(option, value)


def count(option: str, value: Any) -> int | None:
    """Return a whole number of 1 or more, or None.

    Raises:
        SpaceTypeError: it is no whole number.
        SpaceValueError: it is less.
    """
    number = whole_or_none(option, value)
    if number is not None and number < 1:
        raise SpaceValueError(f"--{option} takes 1 or more, not {value}.")
    return number


def number_or_none(option: str, value: Any) -> float | None:
    """Return a number, or None.

    Raises:
        SpaceTypeError: it is none.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Real):
        raise SpaceTypeError(f"{option} takes a number, not {value!r:.100}.")
    return float(value)


def flag(option: str, value: object) -> bool:
    """Return True or False.

    Raises:
        SpaceTypeError: it is neither.
    """
    if not isinstance(value, bool | np.bool):
        raise SpaceTypeError(f"{option} takes True or False, not {value!r:.100}.")
    return bool(value)


def table(option: str, value: object) -> dict[str, Any]:
    """Return values by name.

    Raises:
        SpaceTypeError: it is no mapping from names.
    """
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise SpaceTypeError(f"{option} takes a mapping from names to values, not {value!r:.100}.")
    return dict(value)


def path(option: str, value: Any) -> Path:
    """Return a path.

    Raises:
        SpaceTypeError: it is none.
    """
    if not isinstance(value, str | Path):
        raise SpaceTypeError(f"{option} takes a path, not {value!r:.100}.")
    return Path(value)


def path_or_none(option: str, value: Any) -> Path | None:
    """Return a path, or None; raise as `path`."""
    return None if value is None else path(option, value)
