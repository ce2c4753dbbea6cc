"""What CSV and Parquet share: names of columns, and which of them holds the labels."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from hpsoft.errors import DataError, unknown


def target_index(names: Sequence[str], target: str | None, path: Path) -> int:
    """Return the position of the column of the labels: `target`, or the last.

    Raises:
        DataError: no such column, two columns of one name, or no column besides it.
    """
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise DataError(
            f"{path} has more than one column called {twice[0]!r}. Rename all but one of them."
        )
    if len(names) < 2:
        raise DataError(
            f"{path} has {len(names)} column(s); at least one feature and the labels are needed. "
            "CSV columns are separated by commas, semicolons or tabs."
        )
    if target is None:
        return len(names) - 1
    if target not in names:
        raise DataError(f"{path}: {unknown('column', target, names)} See --target.")
    return list(names).index(target)


def no_rows(path: Path) -> DataError:
    """Return the error for a table without samples."""
    return DataError(f"{path} has no rows of data. Give it at least a few samples of each class.")


def not_finite(path: Path, column: str, what: str) -> DataError:
    """Return the error for a feature that is NaN or infinite somewhere."""
    return DataError(
        f"Column {column!r} of {path} is not finite everywhere: {what}. Softmax regression needs "
        "finite numbers: drop such rows or fill them in."
    )


def not_numeric(path: Path, column: str, what: str) -> DataError:
    """Return the error for a feature that is no number."""
    return DataError(
        f"Column {column!r} of {path} is not numeric: {what}. Features must be numbers: drop the "
        "column, encode it as numbers, or, if it holds the labels, name it with --target."
    )
