"""Reading .parquet, and other tables of Arrow's, through pyarrow."""

from pathlib import Path

from hpsoft.data.tables.arrow.columnar import Columnar, open_columnar
from hpsoft.data.tables.arrow.plain import kind_of, source_of
from hpsoft.data.tables.arrow.vectors import is_vector, read_vectors
from hpsoft.data.tables.columns import NO_WISH, Wish
from hpsoft.data.tables.tabular import check_names, no_rows
from hpsoft.data.types import Source


def read_parquet(path: Path, wish: Wish = NO_WISH) -> Source:
    """Read a table of numbers, texts, dates and lists.

    Raises:
        DataError: unreadable or empty; a name twice; a column of another type; no such column; a
            column of labels that looks like a measurement.
    """
    return read_columnar(open_columnar(path), wish, path.stem)


def read_columnar(stored: Columnar, wish: Wish, name: str) -> Source:
    """Read a table of Arrow's, from whatever file.

    Raises:
        DataError: as `read_parquet`.
    """
    path, names = stored.path, stored.names
    check_names(names, path)
    types = [stored.schema.field(column).type for column in names]
    if any(map(is_vector, types)):
        return read_vectors(stored, list(map(kind_of, types)), wish, name)
    table = stored.read(names)
    if table.num_rows == 0:
        raise no_rows(path)
    return source_of(table, name, str(path), wish)
