"""Reading .parquet through pyarrow."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.data.errors import corrupt, reading
from hpsoft.data.scale import like_pixels
from hpsoft.data.side.values import SideValues
from hpsoft.data.tables.columns import NO_WISH, Columns, Kind, Wish, assign, counts_rows, settle
from hpsoft.data.tables.labelcolumn import IMAGE, check_labels
from hpsoft.data.tables.matrix import first_bad
from hpsoft.data.tables.tabular import check_names, no_rows, not_finite, not_numeric
from hpsoft.data.types import Source
from hpsoft.errors import out_of_memory
from hpsoft.softmax.probabilities import Array
from hpsoft.system import room

PANDAS_INDEX = re.compile(r"__index_level_\d+__")  # what pandas adds of its own accord


def read_parquet(path: Path, wish: Wish = NO_WISH) -> Source:
    """Read a table whose columns are numbers, but for the labels.

    Raises:
        DataError: unreadable or empty; a name twice; a feature that is no number, not finite or
            has nulls; no such column; a column of labels that looks like a measurement.
    """
    import pyarrow as pa
    from pyarrow import parquet

    with reading(path), path.open("rb") as file:
        try:
            stored = parquet.ParquetFile(file)
            schema = stored.schema_arrow
            names = [name for name in schema.names if not PANDAS_INDEX.fullmatch(name)]
            check_names(names, path)
            kinds = [_kind(schema.field(name).type) for name in names]
            table = stored.read(columns=names, use_threads=room.limit() is None)
        except (pa.ArrowException, UnicodeDecodeError) as error:
            if out_of_memory(error):
                raise
            raise corrupt(path, str(error)) from None
    if table.num_rows == 0:
        raise no_rows(path)
    columns = _columns(table, kinds, wish, path)
    features = [_feature(table.column(i), columns.names[i], path) for i in columns.features]
    X = np.empty((table.num_rows, len(features)), np.result_type(*features))
    for i, feature in enumerate(features):
        X[:, i] = feature
    labels = _objects(table.column(columns.label))
    side = {
        role: SideValues(columns.names[i], _objects(table.column(i)))
        for role, i in columns.side.items()
    }
    check_labels(
        labels,
        float,
        name=columns.label_name,
        why=columns.why,
        beside_pixels=like_pixels(X, IMAGE),
        where=str(path),
    )
    return Source(
        path.stem,
        X,
        labels,
        None,
        None,
        str(path),
        notes=columns.notes(),
        columns=columns,
        side=side,
    )


def _objects(column: Any) -> Array:
    found = np.empty(len(column), dtype=object)
    found[:] = column.to_pylist()
    return found


def _kind(of: Any) -> Kind:
    from pyarrow import types

    numeric = types.is_integer(of) or types.is_floating(of) or types.is_boolean(of)
    return Kind.NUMBER if numeric else Kind.TEXT


def _columns(table: Any, kinds: Sequence[Kind], wish: Wish, path: Path) -> Columns:
    def values(i: int) -> Array:
        return np.asarray(table.column(i).to_numpy(), dtype=np.float64)

    names = table.column_names
    found = assign(names, kinds, wish, str(path), lambda i: counts_rows(values(i)))
    return settle(found, {i: values(i) for i in found.suspects}, str(path))


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
