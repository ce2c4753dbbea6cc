"""The data of a search once it has ended: as they were, and with a test part of the caller's."""

from typing import Any

from hpsoft.api.running import Ready
from hpsoft.data import Dataset
from hpsoft.data.memory.frames import is_frame
from hpsoft.data.spec import IN_MEMORY
from hpsoft.errors import DataTypeError, DataValueError


def known_data(ready: Ready) -> Dataset | None:
    """Return the data that are in memory; None: where they were read they can be read again.

    Raises:
        DataValueError: they were in memory, and are there no more.
    """
    if ready.data is None and ready.prepared.identity.source.spec == IN_MEMORY:
        raise DataValueError(
            "The data were arrays in memory, and a result that was pickled comes back without them. "
            "Search them again: a study in a storage is continued, at no cost."
        )
    return ready.data


def with_test(ready: Ready, X: Any, y: Any, weight: Any) -> Dataset | None:
    """Return the data with a test part: X, y and weights, or without X their own.

    None: where they were read they can be read again, and have one.

    Raises:
        DataError: there is no test part, or there are two; or they were in memory, and are there
            no more.
    """
    known = known_data(ready)
    if X is None:
        if y is not None or weight is not None:
            raise DataTypeError("y_test and sample_weight go with X_test, which is missing.")
        if known is not None and not len(known.test):
            raise DataValueError(
                "There is no test set: all samples were for the search. Give X_test and y_test, or "
                "search with test_fraction=0.2, which holds a fifth out."
            )
        return known
    if known is None or ready.given is None:
        raise DataValueError(
            f"The data were read from {ready.prepared.identity.source.spec}, which has its own test "
            "part: call final() without X_test. Arrays are tested by arrays."
        )
    if y is None and not (is_frame(X) and ready.given.y is None):
        raise DataTypeError("y_test is missing: X_test needs the labels beside it.")
    if len(known.test):
        raise DataValueError(
            "A test part was held out by the search (test_fraction): call final() without X_test, "
            "or search without it."
        )
    return ready.given.load((X, y, weight)).tested_as(known.fingerprint)
