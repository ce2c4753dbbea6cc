"""What all tables share: columns found by name or position, and what is said of bad ones."""

import re
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from hpsoft.data.tables.columnnames import is_surely_label
from hpsoft.errors import DataError, unknown


def check_names(names: Sequence[str], where: Path | str) -> None:
    """Check that there are two columns or more, with different names.

    Raises:
        DataError: two columns have one name, or there is no column besides the labels.
    """
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise DataError(
            f"{where} has more than one column called {twice[0]!r}. Rename all but one of them."
        )
    if len(names) < 2:
        raise DataError(
            f"{where} has {len(names)} column(s); at least one feature and the labels are needed."
        )


def check_called(names: Sequence[str], side: Mapping[str, int], where: Path | str) -> None:
    """Check that no side column, by its option, is the one that is called as labels are.

    Raises:
        DataError: one is.
    """
    for option, i in side.items():
        if is_surely_label(names[i]):
            raise DataError(
                f"Column {names[i]!r} of {where} is called as labels are, and {option} cannot have "
                f"the labels. Name another column with {option}, or the labels with --target."
            )


def column_index(names: Sequence[str], wanted: str, where: Path | str, option: str) -> int:
    """Return the position of a column, told by its name or else by its position.

    Positions count from 0, or from -1, the last one, backwards.

    Raises:
        DataError: there is no such column.
    """
    if wanted in names:
        return list(names).index(wanted)
    if re.fullmatch(r"-?[0-9]{1,9}", wanted) and -len(names) <= int(wanted) < len(names):
        return int(wanted) % len(names)
    raise DataError(f"{where}: {unknown('column', wanted, names)} See {option}.")


def target_index(names: Sequence[str], target: str | None, where: Path | str) -> int:
    """Return the position of the target: `target`, or the last column.

    Raises:
        DataError: no such column, two columns of one name, or no column besides it.
    """
    check_names(names, where)
    if target is None:
        return len(names) - 1
    return column_index(names, target, where, "--target")


def no_features(where: Path | str, label: str, why: str = "") -> DataError:
    """Return the error for a table of which no feature is left."""
    return DataError(
        f"{where} has no feature besides the labels, column {label!r}. {why}".strip()
        + " At least one column of numbers, text or dates is needed."
    )


def no_rows(path: Path | str) -> DataError:
    """Return the error for a table without samples."""
    return DataError(f"{path} has no rows of data, and so no samples. Add a row for each.")


def not_numeric(path: Path | str, column: str, what: str, word: str = "") -> DataError:
    """Return the error for a feature that is no number; `word` may say that one is missing."""
    missing = "" if not word or "," in word else f"--missing-values {shlex.quote(word)} takes it "
    return DataError(
        f"Column {column!r} of {path} is not numeric: {what}. Features must be numbers: leave the "
        "column out with --drop, correct it, or, if it holds the labels, name it with --target."
        + (f" {missing}for a missing one." if missing else "")
    )
