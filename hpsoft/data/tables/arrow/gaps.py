"""Rows whose lists are missing, or have missing numbers: left out where `--missing` says so."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.errors import DataError


def whole_rows(table: Any, names: Sequence[str], where: str) -> tuple[Any, tuple[str, ...]]:
    """Return a pyarrow.Table without the rows that lack a list, and a sentence if there are any.

    `names` are columns of lists (or images), in which a null inside a list counts as well.

    Raises:
        DataError: no row would be left.
    """
    missing = {name: missing_lists(table.column(name)) for name in names}
    out = np.logical_or.reduce(list(missing.values()))
    if not out.any():
        return table, ()
    counts = {name: int(rows.sum()) for name, rows in missing.items() if rows.any()}
    columns = ", ".join(f"{name!r} {n:,}" for name, n in counts.items())
    if out.all():
        raise DataError(
            f"Every row of {where} lacks a list: none is left ({columns}). Leave the emptiest column "
            "out with --drop."
        )
    said = f"{int(out.sum()):,} of {len(out):,} rows lack a list ({columns}) and are left out."
    return table.filter(~out), (said,)


def missing_lists(column: Any) -> NDArray[np.bool_]:
    """Tell in which rows (n,) of a chunked column a list is missing, or something in it."""
    return np.concatenate([np.zeros(0, bool), *(_gaps(chunk) for chunk in column.chunks)])


def _gaps(chunk: Any) -> NDArray[np.bool_]:
    import pyarrow as pa
    from pyarrow import compute, types

    if isinstance(chunk, pa.ExtensionArray):
        chunk = chunk.storage
    found = np.array(chunk.is_null(), bool) if chunk.null_count else np.zeros(len(chunk), bool)
    of = chunk.type
    if not (types.is_list(of) or types.is_large_list(of) or types.is_fixed_size_list(of)):
        return found
    inner = _gaps(chunk.flatten())
    if inner.any():
        parents = compute.list_parent_indices(chunk).to_numpy(zero_copy_only=False)
        found[parents[inner]] = True
    return found
