"""Every error that hpsoft raises on purpose.

    HpsoftError                 exit code 2: bad usage or bad input
    |-- DataError               a data set that cannot be read, or cannot be learnt from
    |-- SpaceError              a hyperparameter, value or space that makes no sense
    |-- OptimizerError          no such optimizer, or a plugin that cannot be used
    |-- StudyError              no such study, or one that this search must not touch
    `-- StorageError            a storage that cannot be opened, read or written

What Python raises for arguments is a ValueError or a TypeError too, as scikit-learn has it.

A message says what is wrong, why, and what to do, in one paragraph; the command line prints it
without a traceback. A model that diverges is a result, never an error.
"""

import errno
from collections.abc import Iterable
from difflib import get_close_matches

MOST_LISTED = 30  # names in a message; a table of images has hundreds of columns


class HpsoftError(Exception):
    """Base of all errors that a user can act on.

    >>> import hpsoft
    >>> try:
    ...     hpsoft.search("digits", optimizer="sdg", progress=False)
    ... except hpsoft.HpsoftError as error:
    ...     print(str(error).partition("Did")[2])
     you mean 'sgd'?
    """


class DataError(HpsoftError):
    """A data set that cannot be read, or cannot be learnt from."""


class SpaceError(HpsoftError):
    """A hyperparameter, value or search space that makes no sense."""


class OptimizerError(HpsoftError):
    """No such optimizer, or a plugin that cannot be used."""


class StudyError(HpsoftError):
    """No such study, or one that the requested work must not touch."""


class StorageError(HpsoftError):
    """A storage that cannot be opened, read or written."""


class OneProcessWarning(UserWarning):
    """Worker processes cannot be had, so one does all the work.

    >>> import warnings, hpsoft
    >>> warnings.simplefilter("error", hpsoft.OneProcessWarning)  # to have an error instead
    """


class DataWarning(UserWarning):
    """Data that may not be what they seem: a column that tells the label, say.

    >>> import warnings, hpsoft
    >>> warnings.simplefilter("ignore", hpsoft.DataWarning)  # where it is known
    """


class DataValueError(DataError, ValueError):
    """Data, in memory, that cannot be learnt from."""


class DataTypeError(DataError, TypeError):
    """An object that is no data."""


class SpaceValueError(SpaceError, ValueError):
    """An argument that makes no sense."""


class SpaceTypeError(SpaceError, TypeError):
    """An argument of a type that it cannot have."""


class OptimizerValueError(OptimizerError, ValueError):
    """The name of no optimizer."""


class StudyValueError(StudyError, ValueError):
    """An argument that means no study or trial, or a study of another search."""


class StorageValueError(StorageError, ValueError):
    """An argument that means no storage."""


class StorageTypeError(StorageError, TypeError):
    """An object that is no storage."""


class ArgumentValueError(HpsoftError, ValueError):
    """A path that cannot be used, or a file there that is no model."""


def check_least(option: str, value: int | None, least: int) -> None:
    """Check a whole number that an option was given; None: it was not given.

    Raises:
        SpaceError: it is less than `least`.

    >>> check_least("--top", 0, 1)
    Traceback (most recent call last):
    hpsoft.errors.SpaceError: --top takes 1 or more, not 0.
    """
    if value is not None and value < least:
        raise SpaceError(f"{option} takes {least} or more, not {value}.")


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Say that `name` is no `kind`, list those that are, and guess which was meant.

    >>> unknown("optimizer", "adm", ["sgd", "adam"])
    "No optimizer 'adm'. Known: adam, sgd. Did you mean 'adam'?"
    """
    known = sorted(known)
    listed = ", ".join(known[:MOST_LISTED]) or "none"
    if len(known) > MOST_LISTED:
        listed += f" and {len(known) - MOST_LISTED:,} more"
    message = f"No {kind} {name!r}. Known: {listed}."
    folded = {choice.lower(): choice for choice in known}
    close = get_close_matches(name.lower(), folded, n=1)
    return f"{message} Did you mean {folded[close[0]]!r}?" if close else message


def out_of_memory(error: BaseException) -> bool:
    """Tell whether memory or address space ran out, whatever the error that says so."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    kinds = (RuntimeError, ImportError)  # of threads; of shared libraries
    signs = ("start new thread", "failed to map segment", "Failed to launch worker thread")
    told = isinstance(error, kinds) or type(error).__module__.startswith("pyarrow")
    return isinstance(error, MemoryError) or (told and any(sign in str(error) for sign in signs))
