"""Columns of single values -> a Source: numbers, truth values, text and dates, each with gaps."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from hpsoft.data.encoding.table import Coded, fields_of
from hpsoft.data.scale import like_pixels
from hpsoft.data.side.values import SideValues
from hpsoft.data.tables.columns import NO_WISH, Columns, Kind, Wish, assign, counts_rows, settle
from hpsoft.data.tables.labelcolumn import IMAGE, check_labels, check_rivals
from hpsoft.data.tables.matrix import side_by_side
from hpsoft.data.tables.rounding import n_rounded, rounding_warning
from hpsoft.data.tables.tabular import not_numeric
from hpsoft.data.types import Source
from hpsoft.softmax.probabilities import Array

LONGEST = 256  # characters of a class whose name is stored once a sample
MICROSECONDS = 86_400 * 10**6  # of a day


def _known(stored: Any, read: Array) -> Array:
    """Return the numbers of a column that are there, in the type in which they are stored."""
    return np.asarray(stored.drop_null().to_numpy()) if stored.null_count else read


def source_of(table: Any, name: str, where: str, wish: Wish = NO_WISH) -> Source:
    """Return the features and labels of a pyarrow.Table that has rows; nulls are missing values.

    Raises:
        DataError: a feature of another type than numbers, truth values, text and dates; no such
            column; a name twice; a column of labels that looks like a measurement.
    """
    kinds = [kind_of(field.type) for field in table.schema]
    columns = _columns(table, kinds, wish, where)
    names = [columns.names[i] for i in columns.numbers]
    numbers = [numbers_of(table.column(i), columns.names[i], where) for i in columns.numbers]
    X = matrix_of(numbers)
    rounded = [
        rounding_warning(name, n, where)
        for name, column, i in zip(names, numbers, columns.numbers, strict=True)
        # Of matrices of whole numbers it is said later; columns with gaps are floats already.
        if X.dtype.kind == "f" and (n := n_rounded(_known(table.column(i), column)))
    ]
    if not columns.numbers:
        X = np.empty((table.num_rows, 0), np.uint8)
    labels = labels_of(table.column(columns.label))
    check_rivals(columns, X, where)
    check_labels(
        labels,
        float,
        name=columns.label_name,
        why=columns.why,
        beside_pixels=like_pixels(X, IMAGE),
        where=where,
    )
    return Source(
        name=name,
        X=X,
        labels=labels,
        X_test=None,
        labels_test=None,
        origin=where,
        notes=(*columns.notes(), *rounded),
        columns=columns,
        fields=fields_of(columns),
        texts=tuple(texts_of(table.column(i)) for i in columns.texts),
        side={
            role: SideValues(columns.names[i], objects_of(table.column(i)))
            for role, i in columns.side.items()
        },
    )


def labels_of(column: Any) -> Array:
    """Return labels (n,): as an array of integers, truth values or text where none is missing.

    Fractions, dates, and text that is long or mostly different stay Python's objects.
    """
    import pyarrow as pa

    if column.null_count:
        return objects_of(column)
    of = column.type
    if pa.types.is_integer(of) or pa.types.is_boolean(of):
        return np.asarray(column.to_numpy())
    if kind_of(of) is not Kind.TEXT:
        return objects_of(column)
    coded = texts_of(column)
    longest = max(map(len, coded.levels), default=0)
    if coded.missing.any() or len(coded.levels) > len(column) / 2 or longest > LONGEST:
        return objects_of(column)
    return np.array(coded.levels)[coded.codes]


def objects_of(column: Any) -> Array:
    """Return the values of a column (n,) as Python's objects; null is None."""
    found = np.empty(len(column), dtype=object)
    found[:] = column.to_pylist()
    return found


def matrix_of(columns: Sequence[Array]) -> Array:
    """Return columns (n,) side by side, (n, n_columns), in the type that holds them all."""
    if not columns:
        return np.empty((0, 0), np.uint8)
    return side_by_side(columns)


def kind_of(of: Any) -> Kind:
    """Return what the values of an Arrow type are taken for."""
    from pyarrow import types

    if types.is_boolean(of):
        return Kind.TRUTH
    if types.is_timestamp(of) or types.is_date(of):
        return Kind.DATE
    if types.is_null(of):
        return Kind.EMPTY
    if types.is_dictionary(of):
        return kind_of(of.value_type)
    text = types.is_string(of) or types.is_large_string(of) or types.is_string_view(of)
    return Kind.TEXT if text else Kind.NUMBER


def texts_of(column: Any) -> Coded:
    """Return a column of texts, each different one once; null is missing."""
    import pyarrow as pa

    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(whole, pa.ChunkedArray):  # of older releases, where nothing was to combine
        whole = pa.concat_arrays(whole.chunks)
    coded = whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return Coded.of(codes, coded.dictionary.to_pylist())


def numbers_of(column: Any, name: str, where: str) -> Array:
    """Return a column of numbers, truth values or dates as an array of numbers; null is NaN.

    Dates are days since 1970-01-01.
    """
    import pyarrow as pa

    kind = kind_of(column.type)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if kind is Kind.DATE:
        micro = column.cast(pa.timestamp("us", getattr(column.type, "tz", None)), safe=False)
        return np.asarray(
            micro.cast(pa.int64()).cast(pa.float64(), safe=False).to_numpy() / MICROSECONDS
        )
    if kind is Kind.EMPTY or pa.types.is_decimal(column.type):
        column = column.cast(pa.float64())
    elif kind is Kind.TRUTH and column.null_count:
        column = column.cast(pa.uint8()).cast(pa.float32())
    values = column.to_numpy()
    if values.dtype.kind not in "buif":
        raise not_numeric(where, name, f"it holds {column.type}")
    return np.asarray(values)


def _columns(table: Any, kinds: Sequence[Kind], wish: Wish, where: str) -> Columns:
    def values(i: int) -> Array:
        if kinds[i] is Kind.TEXT:
            return texts_of(table.column(i)).codes
        return np.asarray(numbers_of(table.column(i), table.column_names[i], where), np.float64)

    found = assign(table.column_names, kinds, wish, where, lambda i: counts_rows(values(i)))
    return settle(found, {i: values(i) for i in found.suspects}, where, wish.rules)
