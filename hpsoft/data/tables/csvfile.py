"""Reading tables in text files: .csv, .tsv, .txt and the like, compressed or not.

    textfile -> head -> layout (dialect, header, styles, kinds) -> columns -> rows -> Source

Large plain tables go through Arrow's parser, everything else, and every error, through the
standard library's; both give the same numbers. One block of rows is held beside the result.
"""

import csv
from array import array
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from hpsoft.data.errors import corrupt, reading
from hpsoft.data.scale import like_pixels
from hpsoft.data.side.values import SideValues
from hpsoft.data.tables import csvarrow, csvrows, textfile
from hpsoft.data.tables.columns import NO_WISH, Columns, Wish, assign, settle
from hpsoft.data.tables.csvlayout import Layout, layout_of
from hpsoft.data.tables.growing import GrowingMatrix, GrowingText
from hpsoft.data.tables.labelcolumn import IMAGE, check_labels
from hpsoft.data.tables.matrix import compact
from hpsoft.data.tables.tabular import no_rows
from hpsoft.data.tables.textfile import TextFile
from hpsoft.data.types import Source
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".dat", ".data")
PACKED = (".gz", ".bz2", ".xz")


def is_table(path: Path) -> bool:
    """Tell whether the name of a file is that of a table of text, compressed or not."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return bool(suffixes) and suffixes[-1] in SUFFIXES


def read_csv(path: Path, wish: Wish = NO_WISH) -> Source:
    """Read a table whose columns are numbers, but for the labels.

    Raises:
        DataError: unreadable, ragged or empty; a name twice; a feature that is no number or not
            finite; no such column; a column of labels that looks like a measurement.
    """
    with reading(path):
        try:
            return _read(path, wish)
        except UnicodeError as error:
            raise DataError(
                f"{path} is no CSV in UTF-8: {error}. Save it in UTF-8 (Excel: CSV UTF-8), or "
                "convert it: iconv -f CP1252 -t UTF-8."
            ) from None
        except csv.Error as error:
            raise corrupt(path, f"it is no CSV in UTF-8 ({error})") from None


def _read(path: Path, wish: Wish) -> Source:
    file = textfile.find(path)
    head = file.head()
    layout = layout_of(head, wish.target)
    if layout is None:
        raise no_rows(path)
    columns = assign(layout.header.names, layout.kinds, wish, str(path), layout.counts)
    if not layout.rows:
        raise no_rows(path)
    X, texts, columns = _gathered(file, head, layout, columns)
    labels = texts[0]
    check_labels(
        labels,
        layout.style.number,
        name=columns.label_name,
        why=columns.why,
        beside_pixels=like_pixels(X, IMAGE),
        where=str(path),
    )
    notes = (*columns.notes(), *layout.remarks(file.encoding))
    side = {
        role: SideValues(columns.names[i], values)
        for (role, i), values in zip(columns.side.items(), texts[1:], strict=True)
    }
    return Source(
        _stem(path), X, labels, None, None, str(path), notes=notes, columns=columns, side=side
    )


def _stem(path: Path) -> str:
    """Return what a table is called: its file's name without the suffixes of a table."""
    packed = path.suffix.lower() in PACKED
    return Path(path.stem).stem if packed else path.stem


def _gathered(
    file: TextFile, head: Sequence[str], layout: Layout, columns: Columns
) -> tuple[Array, list[Array], Columns]:
    """Return features, the labels and the side columns, and what the columns turned out to be."""
    numeric, texts = columns.features, [columns.label, *columns.side.values()]
    if csvarrow.is_worth_it(file, layout, head):
        try:
            return _collected(csvarrow.blocks(file, layout, numeric, texts), columns, file)
        except csvarrow.OddError:
            pass  # read row by row, or refused with a line
    return _collected(csvrows.blocks(file, layout, numeric, texts), columns, file)


def _collected(
    blocks: Iterable[csvrows.Block], columns: Columns, file: TextFile
) -> tuple[Array, list[Array], Columns]:
    """Gather blocks; numbers that may be row numbers are kept apart from the features."""
    numeric = columns.features
    inside = [k for k, i in enumerate(numeric) if i not in columns.suspects]
    apart = {i: array("d") for i in columns.suspects}
    X = GrowingMatrix(len(inside))
    gathered = [GrowingText() for _ in (columns.label, *columns.side)]
    for numbers, texts in blocks:
        X.add(numbers[:, inside] if apart else numbers)
        for column, cells in zip(gathered, texts, strict=True):
            column.add(cells)
        for i, known in apart.items():
            known.frombytes(numbers[:, numeric.index(i)].tobytes())
    if not len(gathered[0]):
        raise no_rows(file.path)
    values = {i: np.frombuffer(known) for i, known in apart.items()}
    settled = settle(columns, values, str(file.path))
    return _joined(X.matrix(), values, settled), [g.texts() for g in gathered], settled


def _joined(X: Array, apart: Mapping[int, Array], columns: Columns) -> Array:
    """Put columns that were kept apart, and are features after all, in their places."""
    features = columns.features
    back = [i for i in features if i in apart]
    for i in back:
        X = np.insert(X.astype(np.float64, copy=False), features.index(i), apart[i], axis=1)
    return compact(X) if back else X
