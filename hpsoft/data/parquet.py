"""Reading .parquet through pyarrow, which the extra `hpsoft[parquet]` installs."""

import re
from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.data.files import corrupt, reading
from hpsoft.data.matrix import first_bad
from hpsoft.data.tabular import no_rows, not_finite, not_numeric, target_index
from hpsoft.data.types import Array, Source
from hpsoft.errors import DataError

PANDAS_INDEX = re.compile(r"__index_level_\d+__")  # what pandas adds of its own accord


def read_parquet(path: Path, target: str | None = None) -> Source:
    """Read a table whose columns are numbers, but for the labels.

    Raises:
        DataError: pyarrow is not installed; unreadable or empty; a name twice; a feature that is
            no number, not finite or has nulls; no such target.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise DataError(
            f"Reading {path} needs pyarrow, which is not installed. Install it with "
            "pip install 'hpsoft[parquet]', or save the table as .csv."
        ) from None
    with reading(path), path.open("rb") as file:
        try:
            stored = parquet.ParquetFile(file)
            names = [
                name for name in stored.schema_arrow.names if not PANDAS_INDEX.fullmatch(name)
            ]
            index = target_index(names, target, path)
            table = stored.read(columns=names)
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise corrupt(path, str(error)) from None
    if table.num_rows == 0:
        raise no_rows(path)
    columns = [i for i in range(table.num_columns) if i != index]
    features = [_feature(table.column(i), table.column_names[i], path) for i in columns]
    X = np.empty((table.num_rows, len(features)), np.result_type(*features))
    for i, feature in enumerate(features):
        X[:, i] = feature
    labels = np.asarray(table.column(index).to_pylist(), dtype=object)
    return Source(path.stem, X, labels, None, None, str(path), scale="standard")


def _feature(column: Any, name: str, path: Path) -> Array:
    """Return a column as an array of numbers."""
    if column.null_count:
        raise not_numeric(path, name, f"{column.null_count} of its values are missing")
    values = column.to_numpy()
    if values.dtype.kind not in "buif":
        raise not_numeric(path, name, f"it holds {column.type}")
    if (bad := first_bad(np.asarray(values)[:, None])) is not None:
        raise not_finite(path, name, f"row {bad[0]} (from 0) has {values[bad[0]]}")
    return np.asarray(values)
