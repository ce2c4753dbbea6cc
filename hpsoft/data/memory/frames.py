"""A data frame -> the table of Arrow's that files of tables are read into."""

from collections import Counter
from typing import Any

import numpy as np

from hpsoft.errors import DataValueError
from hpsoft.softmax.probabilities import Array


def is_frame(values: Any) -> bool:
    """Tell whether values are columns with names: pandas, polars, pyarrow and their like."""
    return hasattr(values, "__arrow_c_stream__") and hasattr(values, "columns")


def check_names(frame: Any, what: str) -> None:
    """Check that no two columns of a frame have one name.

    Raises:
        DataValueError: two have.
    """
    names = frame.column_names if hasattr(frame, "column_names") else list(frame.columns)
    twice = [name for name, n in Counter(names).items() if n > 1]
    if twice:
        raise DataValueError(
            f"{what} has {names.count(twice[0])} columns called {twice[0]!r}. Rename all but one of "
            "them, or leave them out."
        )


def to_arrow(frame: Any, what: str) -> Any:
    """Return a frame as a pyarrow.Table; of columns that Arrow knows nothing is copied.

    The index of pandas is no column. Names that are no text are written as text.

    Raises:
        DataValueError: a column holds values of several types, or two have one name.
    """
    import pyarrow as pa

    check_names(frame, what)

    try:
        if type(frame).__module__.partition(".")[0] == "pandas":
            named = frame.set_axis([str(name) for name in frame.columns], axis=1)
            return pa.Table.from_pandas(named, preserve_index=False).replace_schema_metadata()
        return pa.table(frame)
    except (pa.ArrowException, TypeError) as error:
        raise DataValueError(
            f"{what} has a column that Arrow cannot hold: {str(error).strip()}. Make its values "
            "numbers or texts, or leave it out."
        ) from error


def with_column(table: Any, name: str, values: Array) -> tuple[Any, str]:
    """Return a table with one more column, and how it is called: no name comes twice."""
    import pyarrow as pa

    while name in table.column_names:
        name += "_"
    try:
        column = pa.array(values)
    except (pa.ArrowException, TypeError):
        column = pa.array([str(value) for value in np.asarray(values, object)])
    return table.append_column(name, column), name
