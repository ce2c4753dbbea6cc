"""What the samples count, and the seed: as scikit-learn has them, and as hpsoft does."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import NotFittedError
from sklearn.utils import check_random_state

from hpsoft.data.memory.frames import check_names, is_frame
from hpsoft.errors import DataTypeError, DataValueError, HpsoftError, SpaceValueError

Weight = NDArray[np.float64]


@contextmanager
def checked_by_sklearn() -> Iterator[None]:
    """Raise what scikit-learn finds wrong with data as an error of hpsoft's of the same kind."""
    try:
        yield
    except (HpsoftError, NotFittedError):
        raise
    except ValueError as error:
        raise DataValueError(str(error)) from error
    except TypeError as error:
        raise DataTypeError(str(error)) from error


def check_labels(y: Any) -> None:
    """Check that labels which are objects are of one kind, before they are put in order.

    Raises:
        DataValueError: some are None, or texts where others are not.
    """
    found = np.asarray(y)
    if found.dtype != object or found.ndim != 1:
        return
    values = found.tolist()
    if missing := [row for row, value in enumerate(values, 1) if value is None]:
        raise DataValueError(
            f"y has None in row {missing[0]} (counted from 1), which is no label; {len(missing):,} "
            f"of {len(values):,} are so. Leave those samples out, or give them a label."
        )
    others = [value for value in values if not isinstance(value, str)]
    if 0 < len(others) < len(values):
        raise DataValueError(
            f"y has texts and other labels, {others[0]!r} for one; {len(others):,} of "
            f"{len(values):,} are no texts. Give labels of one kind."
        )


def check_columns(X: Any) -> None:
    """Check that no two columns of a data frame have one name, as scikit-learn may do or not.

    Raises:
        DataValueError: two have.
    """
    if is_frame(X):
        check_names(X, "X")


def seed_of(random_state: Any) -> int:
    """Return the seed of the order of samples: an integer itself, otherwise one that is drawn.

    Raises:
        SpaceValueError: nothing can be drawn by it.
    """
    if isinstance(random_state, int | np.integer) and random_state >= 0:
        return int(random_state)
    try:
        return int(check_random_state(random_state).randint(2**31 - 1))
    except ValueError as error:
        raise SpaceValueError(
            "random_state takes a whole number from 0 to 2**32 - 1, None or a RandomState of "
            f"NumPy's, not {random_state!r:.100}."
        ) from error


def sample_weights(given: Any, n_samples: int) -> Weight | None:
    """Return weights (n_samples,) in float64; None where none are given.

    Raises:
        DataValueError: another shape, what is no number, below 0 or infinite, or all of them 0.
    """
    if given is None:
        return None
    try:
        weight = np.asarray(given, np.float64)
    except (TypeError, ValueError) as error:
        raise DataValueError(f"sample_weight takes a number a sample: {error}.") from error
    if weight.ndim == 0:
        weight = np.full(n_samples, float(weight))
    if weight.shape != (n_samples,):
        raise DataValueError(
            f"sample_weight has shape {weight.shape}, and X has {n_samples:,} samples. Give one "
            "weight a sample, or one number for all."
        )
    bad = ~(np.isfinite(weight) & (weight >= 0))
    if bad.any():
        raise DataValueError(
            f"sample_weight[{int(bad.argmax())}] is {weight[bad.argmax()]}; {int(bad.sum()):,} of "
            f"{n_samples:,} are so. Weights are finite numbers, 0 or more."
        )
    if not weight.any():
        raise DataValueError("All weights of sample_weight are zero. Give some samples more.")
    return weight


def by_class(
    weights: Mapping[Any, Any], classes: NDArray[Any], labels: NDArray[np.intp]
) -> Weight:
    """Return what each sample counts by its class, (n_samples,); classes not named count 1.

    Raises:
        SpaceValueError: a class that is not there, or a weight that is none.
    """
    of_class = np.ones(len(classes))
    known = {value: place for place, value in enumerate(classes.tolist())}
    for name, weight in weights.items():
        if name not in known:
            raise SpaceValueError(
                f"class_weight names class {name!r}, which y has not. Its classes are "
                f"{', '.join(map(repr, list(known)[:10]))}."
            )
        number = isinstance(weight, int | float | np.integer | np.floating)
        if not number or not 0 <= weight < np.inf:
            raise SpaceValueError(
                f"class_weight of class {name!r} is {weight!r}. Weights are finite numbers, 0 or "
                "more."
            )
        of_class[known[name]] = weight
    found: Weight = of_class[labels]
    if not found.any():
        raise SpaceValueError("All weights of class_weight are zero. Give some classes more.")
    return found
