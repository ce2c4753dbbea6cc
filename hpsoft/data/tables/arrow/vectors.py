"""Columns of lists as features: embeddings of one length, images as lists of lists.

A table that has such columns is read for them: other columns of numbers are features only where
`--keep` or `--features` says so, since what lies beside an embedding tells whose it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.data.errors import nth
from hpsoft.data.side.roles import ROLES
from hpsoft.data.side.values import SideValues
from hpsoft.data.tables.arrow.columnar import Columnar
from hpsoft.data.tables.arrow.gaps import missing_lists, whole_rows
from hpsoft.data.tables.arrow.images import images_of, is_image
from hpsoft.data.tables.arrow.plain import labels_of, numbers_of, objects_of
from hpsoft.data.tables.columns import Columns, Kind, Wish, assign
from hpsoft.data.tables.labelcolumn import check_labels
from hpsoft.data.tables.matrix import row_slices
from hpsoft.data.tables.tabular import column_index, no_rows
from hpsoft.data.types import Source
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array


def is_vector(of: Any) -> bool:
    """Tell whether a type is that of lists of numbers, of lists of such lists, or of images."""
    from pyarrow import types

    of = _storage(of)
    if is_image(of):
        return True
    if not _is_list(of):
        return False
    inner = _storage(of.value_type)
    numeric = types.is_integer(inner) or types.is_floating(inner) or types.is_boolean(inner)
    return numeric or is_vector(inner)


def _storage(of: Any) -> Any:
    return getattr(of, "storage_type", of)  # of an extension type, such as a tensor's


def _is_list(of: Any) -> bool:
    from pyarrow import types

    return types.is_list(of) or types.is_large_list(of) or types.is_fixed_size_list(of)


def read_vectors(table: Columnar, kinds: Sequence[Kind], wish: Wish, name: str) -> Source:
    """Read the columns of lists, and those that the user adds, side by side.

    Raises:
        DataError: lists of several lengths, or missing; no such column; a column of
            labels that looks like a measurement.
    """
    where = str(table.path)
    columns = _columns(table, kinds, wish, where)
    taken = [columns.names[i] for i in columns.features]
    side = {role: columns.names[i] for role, i in columns.side.items()}
    read = table.read(list(dict.fromkeys([*taken, columns.label_name, *side.values()])))
    if read.num_rows == 0:
        raise no_rows(table.path)
    left: tuple[str, ...] = ()
    if wish.whole_rows:
        lists = [column for column in taken if is_vector(read.schema.field(column).type)]
        read, left = whole_rows(read, lists, where)
    found = {column: _numbers(read.column(column), column, table.path) for column in taken}
    labels = _labels(read.column(columns.label_name), columns.label_name, table.path)
    if labels.ndim == 1:
        check_labels(
            labels,
            float,
            name=columns.label_name,
            why=columns.why,
            beside_pixels=False,
            where=where,
        )
    return Source(
        name,
        _side_by_side(list(found.values())),
        labels,
        None,
        None,
        where,
        notes=_notes(columns, found),
        columns=columns,
        side={
            role: SideValues(column, objects_of(read.column(column)))
            for role, column in side.items()
        },
        blocks=tuple((column, int(np.prod(X.shape[1:]))) for column, X in found.items()),
        left=left,
    )


def _side_by_side(found: list[Array]) -> Array:
    if len(found) == 1:
        return found[0]
    return np.concatenate([X.reshape(len(X), -1) for X in found], axis=1)


def _notes(columns: Columns, found: Mapping[str, Array]) -> tuple[str, ...]:
    """Return what was decided, the labels first."""
    said = list(columns.notes())
    widths = [f"{name!r} ({' x '.join(map(str, X.shape[1:]))})" for name, X in found.items()]
    title = "column" if len(widths) == 1 else "columns"
    said.insert(int(columns.is_guess), f"Features: {title} {', '.join(widths)}.")
    return tuple(said)


def _columns(table: Columnar, kinds: Sequence[Kind], wish: Wish, where: str) -> Columns:
    """Say what each column is; no label is guessed among the columns of lists."""
    names = table.names
    wish = _by_names(wish, names, where)
    vectors = {name for name in names if is_vector(table.schema.field(name).type)}
    order = sorted(names, key=lambda name: name not in vectors)  # the last is none of them
    kind_of = dict(zip(names, kinds, strict=True)) | dict.fromkeys(vectors, Kind.NUMBER)
    found = assign(order, [kind_of[name] for name in order], wish, where, lambda _: False)
    label = found.names[found.label]
    if wish.target is None and label in vectors:
        raise DataError(
            f"{where} has no column of labels beside {', '.join(sorted(vectors))}. Name it with "
            "--target, or add one."
        )
    asked = {*wish.keep, *wish.features}
    left_out = {
        i: "the features are lists; --keep takes it beside them"
        for i, name in enumerate(found.names)
        if i in found.features and name not in vectors and name not in asked
    }
    settled = replace(found, left_out={**found.left_out, **left_out}, suspects={})
    if not settled.features:
        raise DataError(f"{where} has no features left: name them with --features COLUMN.")
    return settled


def _by_names(wish: Wish, names: Sequence[str], where: str) -> Wish:
    """Return the wish with names for positions, which hold in the table's own order alone."""

    def named(columns: Iterable[str], option: str) -> tuple[str, ...]:
        return tuple(names[column_index(names, column, where, option)] for column in columns)

    return replace(
        wish,
        target=None if wish.target is None else named([wish.target], "--target")[0],
        keep=named(wish.keep, "--keep"),
        drop=named(wish.drop, "--drop"),
        features=named(wish.features, "--features"),
        side={role: named([name], ROLES[role].option)[0] for role, name in wish.side.items()},
    )


def _numbers(column: Any, name: str, path: Path) -> Array:
    """Return a column as numbers, (n, ...) where it holds lists, else (n, 1); NaN is missing."""
    if not is_vector(column.type):
        return numbers_of(column, name, str(path))[:, None]
    X = vector(column, name, path)
    flat = X.reshape(len(X), -1)
    for rows in row_slices(flat) if X.dtype.kind == "f" else ():
        if (bad := np.isinf(flat[rows])).any():
            i, j = np.argwhere(bad)[0]
            raise DataError(
                f"Column {name!r} of {path} is not finite everywhere: row {nth(rows.start + i)} "
                f"has {flat[rows][i, j]} at place {j}. Softmax regression needs finite numbers: "
                "correct it, take the row out, or leave the column out with --drop."
            )
    return X


def vector(column: Any, name: str, path: Path, begin: int = 0) -> Array:
    """Return a column of lists (n, width, ...), without a copy where it is of one piece.

    `begin` is the row of the table that the column begins with.

    Raises:
        DataError: lists or images of several sizes, or missing ones.
    """
    if is_image(column.type):
        return images_of(column, name, path)
    if (missing := missing_lists(column)).any():
        n, first = int(missing.sum()), int(missing.argmax())
        raise DataError(
            f"Column {name!r} of {path} is missing, or something in its lists is, in {n:,} "
            f"row{'s' * (n > 1)}, first in row {nth(begin + first)}. --missing drop-rows leaves such "
            "rows out (no list can be filled in); --drop leaves the column out."
        )
    _check_lengths(column, name, path, begin)
    chunks = [_chunk(chunk, name, path) for chunk in column.chunks if len(chunk)]
    if not chunks:
        raise no_rows(path)
    shapes = {chunk.shape[1:] for chunk in chunks}
    if len(shapes) > 1:
        least, most, *_ = sorted(int(np.prod(shape)) for shape in shapes)
        raise _ragged(name, path, least, most)
    return chunks[0] if len(chunks) == 1 else np.concatenate(chunks)


def _check_lengths(column: Any, name: str, path: Path, begin: int) -> None:
    """Refuse lists of several lengths; those within them are looked at later.

    Raises:
        DataError: there are.
    """
    from pyarrow import compute

    if not _is_list(column.type) or not len(column):
        return
    found = compute.list_value_length(column)
    least, most = compute.min_max(found).as_py().values()
    if least == most:
        return
    lengths = found.to_numpy()
    values, counts = np.unique(lengths, return_counts=True)
    usual = values[counts.argmax()]
    odd = np.flatnonzero(lengths != usual)
    n, first = len(odd), int(odd[0])
    rows = f"row{'s' * (n > 1)}, first {lengths[first]} in row {nth(begin + first)}"
    raise _ragged(name, path, least, most, f": {usual} as a rule, and others in {n:,} {rows}")


def _chunk(chunk: Any, name: str, path: Path) -> Array:
    import pyarrow as pa
    from pyarrow import compute, types

    shape = getattr(chunk.type, "shape", None)  # of Arrow's own tensors
    if isinstance(chunk, pa.ExtensionArray):
        chunk = chunk.storage
    if not _is_list(chunk.type):
        return np.asarray(chunk.to_numpy(zero_copy_only=False))
    if types.is_fixed_size_list(chunk.type):
        width = chunk.type.list_size
    else:
        lengths = compute.list_value_length(chunk)
        least, most = compute.min_max(lengths).as_py().values()
        if least != most:
            raise _ragged(name, path, least, most)
        width = least
    if not width:
        raise DataError(f"Column {name!r} of {path} holds empty lists. Leave it out with --drop.")
    inner = _chunk(chunk.flatten(), name, path)
    return inner.reshape(len(chunk), *(shape or (width,)), *inner.shape[1:])


def _ragged(name: str, path: Path, least: int, most: int, rows: str = "") -> DataError:
    return DataError(
        f"The lists in column {name!r} of {path} have {least} to {most} numbers{rows}. Features "
        "need as many in every row: pad or pool them first, or leave the column out with --drop."
    )


def _labels(column: Any, name: str, path: Path) -> Array:
    return vector(column, name, path) if is_vector(column.type) else labels_of(column)
