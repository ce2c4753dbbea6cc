"""Reading tables in text files: .csv, .tsv, .txt and the like, compressed or not.

    textfile -> head -> layout (dialect, header, styles, kinds) -> columns -> rows -> Source

Large plain tables go through Arrow's parser, everything else, and every error, through the
standard library's; both give the same numbers. One block of rows is held beside the result.
"""

import csv
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hpsoft.data.encoding.table import Coded, fields_of
from hpsoft.data.errors import corrupt, reading
from hpsoft.data.scale import like_pixels
from hpsoft.data.side.values import SideValues
from hpsoft.data.tables import csvdigits, csvrows, textfile
from hpsoft.data.tables.arrow import csvarrow
from hpsoft.data.tables.columns import NO_WISH, Columns, Kind, Wish, assign, settle
from hpsoft.data.tables.csvlayout import Layout, check_divided, is_text, layout_of
from hpsoft.data.tables.dialect import OpenQuoteError, separator_of
from hpsoft.data.tables.growing import GrowingMatrix, GrowingText
from hpsoft.data.tables.labelcolumn import IMAGE, check_labels, check_rivals
from hpsoft.data.tables.matrix import compact
from hpsoft.data.tables.numerals import AmbiguousError
from hpsoft.data.tables.tabular import no_rows, not_numeric
from hpsoft.data.tables.textfile import TextFile
from hpsoft.data.types import Source
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".dat", ".data")
PACKED = (".gz", ".bz2", ".xz", ".zst")
FOOTERS = frozenset(
    ("total", "totals", "sum", "grand total", "subtotal", "average", "avg", "mean", "median")
)


def is_table(path: Path) -> bool:
    """Tell whether the name of a file is that of a table of text, compressed or not."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return bool(suffixes) and suffixes[-1] in SUFFIXES


def read_csv(path: Path, wish: Wish = NO_WISH, encoding: str | None = None) -> Source:
    """Read a table of numbers and texts; None: the encoding is found.

    Raises:
        DataError: unreadable, ragged or empty; a name twice; text in a column of numbers; no such
            column; a column of labels that looks like a measurement.
    """
    with reading_text(path):
        found = textfile.find(path, encoding)
        return textfile.in_its_encoding(found, lambda file: _read(file, wish))


@contextmanager
def reading_text(path: Path) -> Iterator[None]:
    """Tell what is wrong with a table of text as a DataError."""
    with reading(path):
        try:
            yield
        except OpenQuoteError as error:
            raise csvrows.never_closed(error.line, path) from None
        except AmbiguousError as error:
            raise DataError(f"{path}: {error}") from None
        except csv.Error as error:
            raise corrupt(path, f"it is no table of text ({error})") from None


def column_names(path: Path, wish: Wish = NO_WISH, encoding: str | None = None) -> Sequence[str]:
    """Return the names of a table's columns; none where it has no rows.

    Raises:
        DataError: it cannot be read.
    """

    def names(file: TextFile) -> Sequence[str]:
        layout = layout_of(file.head(), None, separator(wish.delimiter))
        return () if layout is None else layout.header.names

    with reading_text(path):
        return textfile.in_its_encoding(textfile.find(path, encoding), names)


def _check_text(lines: Iterable[str], path: Path) -> None:
    """Refuse text with NUL characters.

    Raises:
        DataError: there is one.
    """
    if line := next((i for i, line in enumerate(lines, 1) if "\0" in line), None):
        raise csvrows.holds_nul(line, path)


def separator(delimiter: str | None) -> str | None:
    """Return what separates cells by the user's word; None: it is found.

    Raises:
        DataError: the word makes no sense.
    """
    return None if delimiter is None else separator_of(delimiter)


def _read(file: TextFile, wish: Wish) -> Source:
    path = file.path
    head = file.head()
    _check_text(head, path)
    layout = layout_of(head, wish.target, separator(wish.delimiter))
    if layout is None:
        raise no_rows(path)
    check_divided(layout, head, path)
    columns = assign(layout.header.names, layout.kinds, wish, str(path), layout.counts)
    if not layout.rows:
        raise no_rows(path)
    content = _gathered(file, head, layout, columns, wish)
    X, columns = content.X, content.columns
    check_rivals(columns, X, str(path))
    check_labels(
        content.labels,
        layout.style.number,
        name=columns.label_name,
        why=columns.why,
        beside_pixels=like_pixels(X, IMAGE),
        where=str(path),
    )
    wide = [i for i, j in zip(columns.numbers, csvdigits.beyond(X), strict=True) if j]
    rounded = csvdigits.warnings(file, layout, wide)
    notes = (*columns.notes(), *layout.remarks(file.encoding), *rounded)
    return Source(
        name=_stem(path),
        X=X,
        labels=content.labels,
        X_test=None,
        labels_test=None,
        origin=str(path),
        notes=notes,
        columns=columns,
        fields=fields_of(columns),
        texts=content.texts,
        number=layout.style.number,
        side={
            role: replace(values, number=layout.style.number)
            for role, values in content.side.items()
        },
    )


def _stem(path: Path) -> str:
    """Return what a table is called: its file's name without the suffixes of a table."""
    packed = path.suffix.lower() in PACKED
    return Path(path.stem).stem if packed else path.stem


@dataclass(frozen=True, eq=False)
class _Content:
    """What the rows of a table hold."""

    X: Array
    labels: Array
    texts: tuple[Coded, ...]  # of the features of text
    side: Mapping[str, SideValues]
    columns: Columns  # what they turned out to be


def _gathered(
    file: TextFile, head: Sequence[str], layout: Layout, columns: Columns, wish: Wish
) -> _Content:
    what, rules = (columns.numbers, _texts(columns)), wish.rules
    if csvarrow.is_worth_it(file, layout, head):
        try:
            blocks = csvarrow.blocks(file, layout, *what)
            expected = csvarrow.n_expected(file, layout, head)
            return _collected(blocks, columns, file, rules, layout, expected)
        except csvarrow.OddError:
            pass  # read row by row, or refused with a line
    try:
        return _collected(csvrows.blocks(file, layout, *what), columns, file, rules, layout)
    except csvrows.OddCellError as odd:
        layout = _second_look(file, layout, odd.column, wish.missing)
        return _gathered(file, head, layout, replace(columns, kinds=layout.kinds), wish)


def _texts(columns: Columns) -> tuple[int, ...]:
    """Return the columns that are read as text: the labels first, each once."""
    return tuple(dict.fromkeys((columns.label, *columns.side.values(), *columns.texts)))


def _second_look(file: TextFile, layout: Layout, column: int, missing: Collection[str]) -> Layout:
    """Return the layout with a column of text that looked like numbers in the first rows.

    One whose odd cells are all among the words of `missing` is read as text too: numbers are made
    of it when these are taken out.

    Raises:
        DataError: it is one of numbers, with mistakes.
    """
    odd = csvrows.odd_cells(file, layout, column, missing)
    if odd.n_odd and not is_text(odd.n_odd, odd.n_known):
        others = f"; {odd.n_odd:,} of {odd.n_known:,} cells are no numbers"
        what = f"line {odd.line} has {odd.cell!r}{others if odd.n_odd > 1 else ''}"
        if (row := _no_sample(odd, layout)) is not None:
            raise DataError(
                f"Column {layout.header.names[column]!r} of {file.path} is not numeric: {what}. "
                f"{row} out of the file."
            )
        raise not_numeric(file.path, layout.header.names[column], what, odd.cell.strip())
    return replace(layout, turned_out=layout.turned_out | {column})


def _no_sample(odd: csvrows.OddCells, layout: Layout) -> str | None:
    """Say what the row of a column's only mistakes is, where it is no sample, and what to take."""
    cells = [cell.strip() for cell in odd.row]
    numeric = [i for i, kind in enumerate(layout.kinds) if kind is Kind.NUMBER]
    texts = [i for i in numeric if not layout.style.is_number(cells[i])]
    if odd.n_odd == odd.n_rows_like_it and cells == list(layout.header.names):
        return "That row repeats the header, as where files were joined. Take such rows"
    if odd.is_first and len(texts) == len(numeric) and odd.n_odd == odd.n_rows_like_it > 1:
        return (
            f"That row occurs {odd.n_odd:,} times, as a header where files were joined. Take all "
            "but the first"
        )
    if odd.n_odd > 1:
        return None
    if odd.is_first and len(texts) == len(numeric) > 1:
        return "That row has no numbers below the header, as one of units. Take it"
    if odd.is_last and any(cell.casefold().strip(":") in FOOTERS for cell in cells):
        return "That row is the last, and looks like one of totals. Take it"
    return None


def _collected(
    blocks: Iterable[csvrows.Block],
    columns: Columns,
    file: TextFile,
    rules: int,
    layout: Layout,
    n_expected: int = 0,
) -> _Content:
    """Gather blocks; numbers that may be row numbers are kept apart from the features."""
    numeric = columns.numbers
    inside = [k for k, i in enumerate(numeric) if i not in columns.suspects]
    apart = {i: array("d") for i in numeric if i in columns.suspects}
    X = GrowingMatrix(len(inside), n_expected)
    texts = {i: GrowingText() for i in _texts(columns)}
    for numbers, cells in blocks:
        X.add(numbers[:, inside] if apart else numbers)
        for gathered, some in zip(texts.values(), cells, strict=True):
            gathered.add(some)
        for i, known in apart.items():
            known.frombytes(numbers[:, numeric.index(i)].astype(np.float64).tobytes())
    if any("\0" in text for gathered in texts.values() for text in gathered.distinct()):
        with file.text() as lines:
            _check_text(lines, file.path)
    labels = texts[columns.label]
    if not len(labels):
        raise no_rows(file.path)
    values = {i: np.frombuffer(known) for i, known in apart.items()}
    codes = {i: texts[i].codes() for i in columns.texts if i in columns.suspects}
    settled = settle(columns, {**values, **codes}, str(file.path), rules)
    return _Content(
        X=_joined(X.matrix(), values, settled),
        labels=labels.texts(),
        texts=tuple(Coded.of(texts[i].codes(), texts[i].distinct()) for i in settled.texts),
        side={
            role: SideValues(columns.names[i], texts[i].texts(), number=layout.style.number)
            for role, i in columns.side.items()
        },
        columns=settled,
    )


def _joined(X: Array, apart: Mapping[int, Array], columns: Columns) -> Array:
    """Put columns that were kept apart, and are features after all, in their places."""
    features = columns.numbers
    back = [i for i in features if i in apart]
    for i in back:
        X = np.insert(X.astype(np.float64, copy=False), features.index(i), apart[i], axis=1)
    return compact(X) if back else X
