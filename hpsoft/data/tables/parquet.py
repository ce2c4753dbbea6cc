"""Reading .parquet, and other tables of Arrow's, through pyarrow."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.data.scale import like_pixels
from hpsoft.data.side.values import SideValues
from hpsoft.data.tables.arrow.columnar import Columnar, open_columnar
from hpsoft.data.tables.arrow.vectors import is_vector, read_vectors
from hpsoft.data.tables.columns import NO_WISH, Columns, Kind, Wish, assign, counts_rows, settle
from hpsoft.data.tables.labelcolumn import IMAGE, check_labels
from hpsoft.data.tables.matrix import first_bad, side_by_side
from hpsoft.data.tables.tabular import check_names, no_rows, not_finite, not_numeric
from hpsoft.data.types import Source
from hpsoft.softmax.probabilities import Array


def read_parquet(path: Path, wish: Wish = NO_WISH) -> Source:
    """Read a table whose columns are numbers, but for the labels.

    Raises:
        DataError: unreadable or empty; a name twice; a feature that is no number, not finite or
            has nulls; no such column; a column of labels that looks like a measurement.
    """
    return read_columnar(open_columnar(path), wish, path.stem)


def read_columnar(stored: Columnar, wish: Wish, name: str) -> Source:
    """Read a table of Arrow's, from whatever file.

    Raises:
        DataError: as `read_parquet`.
    """
    path, names = stored.path, stored.names
    check_names(names, path)
    kinds = [_kind(stored.schema.field(column).type) for column in names]
    if any(is_vector(stored.schema.field(column).type) for column in names):
        return read_vectors(stored, kinds, wish, name)
    table = stored.read(names)
    if table.num_rows == 0:
        raise no_rows(path)
    columns = _columns(table, kinds, wish, path)
    features = [_feature(table.column(i), columns.names[i], path) for i in columns.features]
    X = side_by_side(features)
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
        name,
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
