"""Reading .csv with the standard library alone: one pass, numbers straight into one buffer.

The separator is the comma, semicolon or tab that the first line has most of. The first line names
the columns unless all its cells but the label are numbers; then the columns are called 0, 1, 2, ...
(A first line of just 0, 1, 2, ... is such names, as pandas writes them.)
"""

import csv
from array import array
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from hpsoft.data.files import corrupt, reading
from hpsoft.data.matrix import compact, first_bad
from hpsoft.data.tabular import no_rows, not_finite, not_numeric, target_index
from hpsoft.data.types import Array, Source
from hpsoft.errors import DataError

Row = tuple[int, list[str]]  # line of the file, from 1, and its cells


def read_csv(path: Path, target: str | None = None) -> Source:
    """Read a table whose columns are numbers, but for the labels.

    Raises:
        DataError: unreadable, ragged or empty; a name twice; a feature that is no number or not
            finite; no such target.
    """
    with reading(path):
        try:
            X, labels, names, lines = _parse(path, target)
        except (csv.Error, UnicodeDecodeError) as error:
            raise corrupt(path, f"it is no CSV in UTF-8 ({error})") from None
    if (bad := first_bad(X)) is not None:
        raise not_finite(path, names[bad[1]], f"line {lines[bad[0]]} has {X[bad]}")
    return Source(path.stem, compact(X), labels, None, None, str(path), scale="standard")


def _parse(path: Path, target: str | None) -> tuple[Array, Array, list[str], "array[int]"]:
    """Return features, labels, the names of the features and the line that each row is on."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        separator = max(",;\t", key=file.readline().count)
        file.seek(0)
        reader = csv.reader(file, delimiter=separator, skipinitialspace=True)
        rows: Iterator[Row] = ((reader.line_num, row) for row in reader if row)
        first = next(rows, None)
        if first is None:
            raise no_rows(path)
        names, has_header = _names(first[1], target)
        index = target_index(names, target, path)
        values, lines, labels = array("d"), array("q"), []
        for row in rows if has_header else chain([first], rows):
            labels.append(_add(row, values, names, index, path))
            lines.append(row[0])
    if not labels:
        raise no_rows(path)
    del names[index]
    X = np.frombuffer(values).reshape(len(labels), -1)
    return X, np.asarray(labels, dtype=str), names, lines


def _names(cells: list[str], target: str | None) -> tuple[list[str], bool]:
    """Return the names of the columns, and whether the first line is what holds them."""
    positions = [str(i) for i in range(len(cells))]
    cells = [cell.strip() for cell in cells]
    if cells == positions or (target not in positions and target in cells):
        return cells, True
    label = positions.index(target) if target in positions else len(cells) - 1
    if all(_is_number(cell) for i, cell in enumerate(cells) if i != label):
        return positions, False
    return cells, True


def _add(row: Row, values: "array[float]", names: Sequence[str], index: int, path: Path) -> str:
    """Append the features of a row to `values`; return its label."""
    line, cells = row
    if len(cells) != len(names):
        raise DataError(
            f"Line {line} of {path} has {len(cells)} cells where there are {len(names)} columns. "
            "Every row needs a cell a column; quote cells that contain the separator."
        )
    label = cells.pop(index)
    try:
        values.extend(map(float, cells))
        bad = "_" in "".join(cells)  # Python reads "1_0" as 10
    except ValueError:
        bad = True
    if bad:
        names = [name for i, name in enumerate(names) if i != index]
        where = next(i for i, cell in enumerate(cells) if not _is_number(cell))
        cell = cells[where]
        what = f"line {line} has {cell!r}" if cell.strip() else f"line {line} is empty"
        raise not_numeric(path, names[where], what)
    return label


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell
