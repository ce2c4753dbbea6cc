"""Reading .parquet through pyarrow."""

import re
from pathlib import Path

from hpsoft.data.errors import corrupt, reading
from hpsoft.data.tables.columns import NO_WISH, Wish
from hpsoft.data.tables.tabular import check_names, no_rows
from hpsoft.data.tables.typed.arrowtable import source_of
from hpsoft.data.types import Source
from hpsoft.errors import out_of_memory
from hpsoft.system import room

PANDAS_INDEX = re.compile(r"__index_level_\d+__")  # what pandas adds of its own accord


def read_parquet(path: Path, wish: Wish = NO_WISH) -> Source:
    """Read a table of numbers, texts and dates.

    Raises:
        DataError: unreadable or empty; a name twice; a column of another type; no such column; a
            column of labels that looks like a measurement.
    """
    import pyarrow as pa
    from pyarrow import parquet

    with reading(path), path.open("rb") as file:
        try:
            stored = parquet.ParquetFile(file)
            schema = stored.schema_arrow
            names = [name for name in schema.names if not PANDAS_INDEX.fullmatch(name)]
            check_names(names, path)
            table = stored.read(columns=names, use_threads=room.limit() is None)
        except (pa.ArrowException, UnicodeDecodeError) as error:
            if out_of_memory(error):
                raise
            raise corrupt(path, str(error)) from None
    if table.num_rows == 0:
        raise no_rows(path)
    return source_of(table, path.stem, str(path), wish)
