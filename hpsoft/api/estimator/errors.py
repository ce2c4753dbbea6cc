"""Errors that scikit-learn expects as ValueErrors."""

from collections.abc import Iterator
from contextlib import contextmanager

from hpsoft.errors import DataError, HpsoftError, OptimizerError, SpaceError


class InputError(DataError, ValueError):
    """Data that an estimator cannot learn from, or cannot predict."""


class ParameterError(SpaceError, ValueError):
    """A parameter of an estimator that makes no sense."""


class MethodError(OptimizerError, ValueError):
    """No such optimizer, or one that cannot be used here."""


_KINDS: dict[type[HpsoftError], type[HpsoftError]] = {
    DataError: InputError,
    SpaceError: ParameterError,
    OptimizerError: MethodError,
}


@contextmanager
def value_errors() -> Iterator[None]:
    """Raise errors of data, hyperparameters and optimizers as what is a ValueError too."""
    try:
        yield
    except (DataError, SpaceError, OptimizerError) as error:
        if isinstance(error, ValueError):
            raise
        kind = next(ours for base, ours in _KINDS.items() if isinstance(error, base))
        raise kind(str(error)) from error
