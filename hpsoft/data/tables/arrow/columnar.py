"""Files of columns that are read when they are asked for: Parquet, Arrow, Feather.

Several files of the same columns, shards, are one table.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hpsoft.data.errors import corrupt, reading
from hpsoft.errors import DataError, out_of_memory
from hpsoft.system import room

PANDAS_INDEX = re.compile(r"__index_level_\d+__")  # what pandas adds of its own accord
PARQUET = (".parquet", ".pq")
IPC = (".arrow", ".feather", ".ipc", ".arrows")
SUFFIXES = (*PARQUET, *IPC)


@dataclass(frozen=True)
class Columnar:
    """A table whose columns are not read yet."""

    path: Path  # of its file, or of the folder of its shards
    schema: Any  # pyarrow's, of all columns
    read: Callable[[Sequence[str]], Any]  # names -> pyarrow.Table; raises DataError

    @property
    def names(self) -> list[str]:
        """Names of the columns, without the index that pandas adds."""
        return [name for name in self.schema.names if not PANDAS_INDEX.fullmatch(name)]


def open_columnar(path: Path) -> Columnar:
    """Open a file by its suffix.

    Raises:
        DataError: missing, damaged, or of another format.
    """
    return _open_parquet(path) if path.suffix.lower() in PARQUET else _open_ipc(path)


def open_shards(paths: Sequence[Path], folder: Path) -> Columnar:
    """Open files that hold the rows of one table, in this order.

    Raises:
        DataError: one cannot be read, or has other columns than the first.
    """
    import pyarrow as pa

    shards = [open_columnar(path) for path in paths]
    first = shards[0]
    for shard in shards[1:]:
        if set(shard.names) != set(first.names):
            odd = min(set(shard.names) ^ set(first.names))
            raise DataError(
                f"{shard.path} has other columns than {first.path.name}: {odd!r} is in one of them "
                "only. Shards of one table have the same columns: take out what does not belong."
            )

    def read(names: Sequence[str]) -> Any:
        tables = [shard.read(names) for shard in shards]
        try:
            return pa.concat_tables(tables, promote_options="permissive")
        except pa.ArrowException as error:
            raise DataError(
                f"The files {first.path.name} to {shards[-1].path.name} of {folder} are not of one "
                f"table: {' '.join(str(error).split())}. Write them with the same types."
            ) from None

    return Columnar(folder, first.schema, read)


def batches(path: Path, names: Sequence[str], rows: int) -> Iterator[Any]:
    """Yield some columns of a file, about so many rows at a time, as tables.

    No more is in memory than that, or a row group of Parquet, or those columns of a record batch;
    Feather of version 1 is as a whole.

    Raises:
        DataError: missing, damaged, or of another format.
    """
    import pyarrow as pa

    if path.suffix.lower() in PARQUET:
        yield from _parquet_batches(path, names, rows)
        return
    with reading(path), path.open("rb") as file:
        start = file.read(6)
    if start[:4] == b"FEA1":
        whole = _read_feather(path).select(list(names))
        yield from (whole.slice(at, rows) for at in range(0, whole.num_rows, rows))
        return
    with arrow_errors(path), pa.memory_map(str(path)) as source:
        for batch in _ipc_batches(source, names, is_file=start == b"ARROW1"):
            table = pa.Table.from_batches([batch]).select(list(names))
            yield from (table.slice(at, rows) for at in range(0, table.num_rows, rows))


def _parquet_batches(path: Path, names: Sequence[str], rows: int) -> Iterator[Any]:
    import pyarrow as pa
    from pyarrow import parquet

    with arrow_errors(path), path.open("rb") as file:
        stored = parquet.ParquetFile(file)
        how: dict[str, Any] = {"columns": list(names), "use_threads": room.limit() is None}
        for group in range(stored.num_row_groups):  # over all of them it keeps what it has read
            for batch in stored.iter_batches(rows, row_groups=[group], **how):
                yield pa.Table.from_batches([batch]).select(list(names))


def _ipc_batches(source: Any, names: Sequence[str], *, is_file: bool) -> Iterator[Any]:
    reader = _ipc_reader(source, names, is_file=is_file)
    if not is_file:
        yield from reader
        return
    yield from (reader.get_batch(i) for i in range(reader.num_record_batches))


def _ipc_reader(source: Any, names: Sequence[str] | None = None, *, is_file: bool) -> Any:
    """Return what reads Arrow's file or stream; of some columns, only these are decompressed."""
    import pyarrow as pa

    open_it = pa.ipc.open_file if is_file else pa.ipc.open_stream
    reader = open_it(source)
    if names is None:
        return reader
    wanted = [i for i, name in enumerate(reader.schema.names) if name in set(names)]
    source.seek(0)
    return open_it(source, options=pa.ipc.IpcReadOptions(included_fields=wanted))


@contextmanager
def arrow_errors(path: Path) -> Iterator[None]:
    """Turn what Arrow says of a file into a DataError."""
    import pyarrow as pa

    with reading(path):
        try:
            yield
        except (pa.ArrowException, UnicodeDecodeError) as error:
            if out_of_memory(error):
                raise
            raise corrupt(path, str(error)) from None


def _open_parquet(path: Path) -> Columnar:
    from pyarrow import parquet

    with arrow_errors(path), path.open("rb") as file:
        opened = parquet.ParquetFile(file)
        schema, metadata = opened.schema_arrow, opened.metadata

    def read(names: Sequence[str]) -> Any:
        # A map saves a copy of the file; under a limit on address space there may be no room.
        is_free = room.limit() is None
        with arrow_errors(path), _mapped(path) if is_free else path.open("rb") as file:
            stored = parquet.ParquetFile(file, metadata=metadata)
            return stored.read(columns=list(names), use_threads=is_free)

    return Columnar(path, schema, read)


def _open_ipc(path: Path) -> Columnar:
    """Open Arrow's file or stream, or Feather of either version: the first bytes tell."""
    with reading(path), path.open("rb") as file:
        start = file.read(6)
    if start[:4] == b"FEA1":
        table = _read_feather(path)
        return Columnar(path, table.schema, lambda names: table.select(list(names)))
    is_file = start == b"ARROW1"
    with arrow_errors(path), _mapped(path) as source:
        schema = _ipc_reader(source, is_file=is_file).schema
    return Columnar(path, schema, lambda names: _read_ipc(path, names, is_file=is_file))


def _mapped(path: Path) -> Any:
    import pyarrow as pa

    if path.stat().st_size == 0:
        raise EOFError
    return pa.memory_map(str(path))


def _read_ipc(path: Path, names: Sequence[str], *, is_file: bool) -> Any:
    with arrow_errors(path):
        source = _mapped(path)  # closed with the last of its columns
        table = _ipc_reader(source, names, is_file=is_file).read_all()
        table.validate()
        return table.select(list(names))


def _read_feather(path: Path) -> Any:
    from pyarrow import feather

    with arrow_errors(path):
        return feather.read_table(path)
