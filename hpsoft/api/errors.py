"""Errors as Python has them: of arguments they are a ValueError too, and speak of arguments."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from hpsoft.errors import (
    DataError,
    DataValueError,
    HpsoftError,
    OptimizerError,
    OptimizerValueError,
    SpaceError,
    SpaceValueError,
)

_TWINS: tuple[tuple[type[HpsoftError], type[HpsoftError]], ...] = (
    (DataError, DataValueError),
    (SpaceError, SpaceValueError),
    (OptimizerError, OptimizerValueError),
)
_OPTION = re.compile(r"(`hpsoft [^`]*`)|--([a-z][a-z-]*[a-z])\b")  # commands stay commands
_CALLED = {"set": "space", "data": "X"}


def in_python(text: str) -> str:
    """Return a message with the names of arguments in the place of options.

    >>> in_python("Try --jobs 1, or --val-fraction. Give no more: --set batch_size=8,16")
    'Try jobs 1, or val_fraction. Give no more: space batch_size=8,16'
    """
    return _OPTION.sub(
        lambda m: m[1] or _CALLED.get(m[2], m[2].replace("-", "_")),
        text,
    )


@contextmanager
def python_errors() -> Iterator[None]:
    """Raise what is a fault of the arguments as a ValueError too; a TypeError stays one."""
    try:
        yield
    except HpsoftError as error:
        told = in_python(str(error))
        if not isinstance(error, ValueError | TypeError):
            for kind, twin in _TWINS:
                if isinstance(error, kind):
                    raise twin(told) from error
        error.args = (told,)
        raise
