"""Numbers for newton-demo: the tables that scikit-learn ships, a CSV file, or a random problem.

scikit-learn's diabetes are read from the files in its package, found without importing it:
`import sklearn.datasets` alone would take longer than the whole demonstration.
"""

import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import numpy as np

from hpsoft.data.sources.sklearnsets import read_digits
from hpsoft.data.tables.dialect import sniff
from hpsoft.data.tables.tabular import target_index
from hpsoft.errors import DataError, SpaceError
from hpsoft.softmax.probabilities import Array

LARGEST_CONDITION = 1e12  # times the rounding of float64, 1e-16, and a few operations: 1 %
DIABETES = ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")


@dataclass(frozen=True)
class Table:
    """A design matrix with a numeric target."""

    X: Array  # (n_samples, n_features)
    y: Array  # (n_samples,)
    names: tuple[str, ...]  # of the columns of X
    source: str


def diabetes() -> Table:
    """Return scikit-learn's diabetes data, 442 patients and 10 raw measurements."""
    X = np.loadtxt(_shipped("diabetes_data_raw.csv.gz"))
    y = np.loadtxt(_shipped("diabetes_target.csv.gz"))
    return Table(X, y, DIABETES, "diabetes (embedded in scikit-learn)")


def digits() -> tuple[Array, Array]:
    """Return scikit-learn's digits: pixels 0..1 (1797, 64) and labels (1797,)."""
    source = read_digits()
    return source.X / 16.0, source.labels


def _shipped(name: str) -> Path:
    """Find a data file inside scikit-learn without importing it.

    Raises:
        DataError: this scikit-learn does not ship the file.
    """
    spec = find_spec("sklearn")
    path = Path(spec.origin if spec and spec.origin else "").parent / "datasets" / "data" / name
    if not path.is_file():
        raise DataError(
            f"No file {name} in the installed scikit-learn; name your own with --data."
        )
    return path


def synthetic(
    condition: float, rng: np.random.Generator, n_samples: int = 200, n_features: int = 10
) -> Table:
    """Return a random table whose Hessian X.T X / n has exactly this condition number.

    X = sqrt(n) U diag(s) V.T with random orthonormal U, V and s^2 from 1 down to 1 / condition in
    equal ratios, so that the Hessian is V diag(s^2) V.T.

    Raises:
        SpaceError: condition is not between 1 and LARGEST_CONDITION.
    """
    if not 1 <= condition <= LARGEST_CONDITION:
        raise SpaceError(
            f"A condition number is from 1 to {LARGEST_CONDITION:g}, not {condition:g}. Above it "
            "rounding in float64 may leave as much of the error as a step that fails. Take another "
            "--condition."
        )
    U, _ = np.linalg.qr(rng.normal(size=(n_samples, n_features)))
    V, _ = np.linalg.qr(rng.normal(size=(n_features, n_features)))
    scales = np.geomspace(1.0, condition**-0.5, n_features)
    X = np.sqrt(n_samples) * (U * scales) @ V.T
    y = X @ rng.normal(size=n_features) + 0.1 * rng.normal(size=n_samples)
    names = tuple(f"x{j + 1}" for j in range(n_features))
    return Table(X, y, names, f"synthetic, condition number {condition:g}")


def read_csv(path: Path, target: str | None = None) -> Table:
    """Read a table of numbers, plain or .gz, with or without a header line.

    Separators and comments are told as in hpsoft.data; unlike there the target is a number, and
    no column is left out.

    Args:
        path: the file.
        target: name of the target column, by default the last. Without a header the columns are
            called "0", "1", ...

    Raises:
        DataError: the file cannot be read, or is no table of finite numbers; says where.
    """
    try:
        with _open(path) as file:
            lines = file.read().splitlines()
        rows = [row for _, row in sniff(lines).rows(lines)]
    except (OSError, EOFError, UnicodeDecodeError, csv.Error, zlib.error) as error:
        raise DataError(f"Cannot read {path}: {error}.") from error
    if not rows:
        raise DataError(f"{path} is empty.")
    has_header = not all(_is_number(cell) for cell in rows[0])
    names = (
        [cell.strip() for cell in rows[0]] if has_header else [str(j) for j in range(len(rows[0]))]
    )
    column = target_index(names, target, path)
    content = _numbers(rows[has_header:], names, path)
    kept = [j for j in range(len(names)) if j != column]
    return Table(content[:, kept], content[:, column], tuple(names[j] for j in kept), str(path))


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _numbers(rows: list[list[str]], names: list[str], path: Path) -> Array:
    """Turn cells into floats, (n_samples, n_columns), or say which cell is none."""
    for number, row in enumerate(rows, start=1):
        if len(row) != len(names):
            raise DataError(f"{path}: row {number} has {len(row)} cells, not {len(names)}.")
    if len(rows) < 2:
        raise DataError(f"{path} has {len(rows)} rows of numbers; a regression needs two.")
    content = np.array([[_number(cell) for cell in row] for row in rows])
    bad = np.argwhere(~np.isfinite(content))
    if len(bad):
        row, column = bad[0]
        raise DataError(
            f"{path}: row {row + 1}, column {names[column]!r}: {rows[row][column]!r} is no finite "
            "number."
        )
    return content


def _number(cell: str) -> float:
    return float(cell) if _is_number(cell) else float("nan")
