"""Reading .arff, the files of Weka: a header of attributes, then rows.

    @relation birds
    @attribute 'bill length' numeric
    @attribute class {adelie, 'chinstrap p.'}
    @data
    39.1,adelie

`?` is a missing value. Rows without quotes go through Arrow's parser, others one by one.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np

from hpsoft.data.errors import reading
from hpsoft.data.tables import textfile
from hpsoft.data.tables.arrow.arffrows import COMMENT, MISSING, Attribute, rows, split
from hpsoft.data.tables.arrow.columnar import Columnar
from hpsoft.data.tables.textfile import TextFile
from hpsoft.errors import DataError
from hpsoft.system import room

SUFFIX = ".arff"
_NUMERIC = frozenset(("numeric", "real", "integer"))
_TEXT = frozenset(("string", "date"))
_DECLARED = re.compile(
    r"""@attribute\s+(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\S+?(?=[\s{])))\s*(.*)""",
    re.IGNORECASE,
)
_ODD = (b"'", b'"', b"\\", b"{", b"%", b"\r\r")  # what only the slow way reads
ROWS_AT_A_TIME = 10_000


def open_arff(path: Path, encoding: str | None = None) -> Columnar:
    """Read an .arff file, compressed or not, as a table of Arrow's.

    Raises:
        DataError: damaged: a header or a row that makes no sense, a class that is not declared.
    """
    with reading(path):
        table = textfile.in_its_encoding(textfile.find(path, encoding), _read)
    return Columnar(path, table.schema, lambda names: table.select(list(names)))


def _read(file: TextFile) -> Any:
    with file.text() as lines:
        attributes, above = _header(lines, file.path)
        fast = _fast(file, attributes, above)
        return _slow(lines, attributes, above, file.path) if fast is None else fast


def _header(lines: IO[str], path: Path) -> tuple[list[Attribute], int]:
    """Return the attributes, and the number of the line that says @data."""
    found: list[Attribute] = []
    for number, line in enumerate(lines, 1):
        text = line.strip()
        word = text.split(None, 1)[0].lower() if text else COMMENT
        if word == "@data":
            if found:
                return found, number
            break
        if word == "@attribute":
            found.append(_attribute(text, number, path))
        elif word != "@relation" and not word.startswith(COMMENT):
            raise DataError(
                f"Line {number} of {path} is no line of an ARFF header: {text[:60]!r}. Wanted are "
                "@relation, @attribute and @data; comments begin with %."
            )
    raise DataError(
        f"{path} is no whole ARFF file: "
        + ("its header has no @data." if found else "it declares no @attribute.")
        + " Copy or download it again."
    )


def _attribute(text: str, number: int, path: Path) -> Attribute:
    match = _DECLARED.fullmatch(text)
    if match is None:
        raise DataError(
            f"Line {number} of {path} declares no attribute: {text[:60]!r}. Wanted is @attribute, a "
            "name (quoted if it has spaces) and a type."
        )
    name = re.sub(r"\\(.)", r"\1", next(part for part in match.groups()[:3] if part is not None))
    kind = match[4].partition(COMMENT)[0].strip() if "{" not in match[4] else match[4].strip()
    if kind.startswith("{") and "}" in kind:
        levels = split(kind[1 : kind.rindex("}")], number, path)
        return Attribute(name, False, tuple(levels))
    word = kind.split(None, 1)[0].lower() if kind else ""
    if word in _NUMERIC or word in _TEXT:
        return Attribute(name, word in _NUMERIC)
    raise DataError(
        f"Line {number} of {path} gives attribute {name!r} the type {kind[:40]!r}, which hpsoft "
        "does not read. Known are numeric, real, integer, string, date, and {levels}."
    )


def _fast(file: TextFile, attributes: Sequence[Attribute], above: int) -> Any | None:
    """Return the rows by Arrow's parser; None: they are not plain, or not as they should be."""
    if not file.is_plain or room.limit() is not None or not _is_plain(file, above):
        return None
    import pyarrow as pa
    from pyarrow import csv

    names = [str(i) for i in range(len(attributes))]
    types = [pa.float64() if a.is_numeric else pa.string() for a in attributes]
    with file.bytes() as stream:
        for _ in range(above):
            stream.readline()
        try:
            table = csv.read_csv(
                stream,
                read_options=csv.ReadOptions(column_names=names),
                parse_options=csv.ParseOptions(quote_char=False),
                convert_options=csv.ConvertOptions(
                    column_types=dict(zip(names, types, strict=True)),
                    null_values=[MISSING],
                    strings_can_be_null=True,
                ),
            )
        except pa.ArrowInvalid:
            return None
    columns = [_trimmed(column) for column in table.columns]
    if not all(map(_is_declared, columns, attributes)):
        return None
    return pa.table(columns, names=[a.name for a in attributes])


def _trimmed(column: Any) -> Any:
    import pyarrow as pa
    from pyarrow import compute

    return compute.utf8_trim_whitespace(column) if pa.types.is_string(column.type) else column


def _is_declared(column: Any, attribute: Attribute) -> bool:
    """Tell whether all values are declared; the slow way says of others where they are."""
    found = set(column.unique().to_pylist()) - {None}
    if attribute.is_numeric:
        return True
    return MISSING not in found and (not attribute.levels or found <= set(attribute.levels))


def _is_plain(file: TextFile, above: int) -> bool:
    with file.bytes() as stream:
        for _ in range(above):
            stream.readline()
        while chunk := stream.read(1 << 20):
            if any(odd in chunk for odd in _ODD):
                return False
    return True


def _slow(lines: IO[str], attributes: Sequence[Attribute], above: int, path: Path) -> Any:
    """Return the rows that follow the header, one by one."""
    import pyarrow as pa

    found = rows(enumerate(lines, above + 1), attributes, path)
    columns: list[Any] = [array("d") if a.is_numeric else [] for a in attributes]
    known = [frozenset(a.levels) for a in attributes]
    while block := list(islice(found, ROWS_AT_A_TIME)):
        for i, attribute in enumerate(attributes):
            columns[i].extend(_cells(block, i, attribute, known[i], path))
    arrays = [
        pa.array(np.frombuffer(c) if len(c) else np.empty(0), from_pandas=True)  # NaN is missing
        if isinstance(c, array)
        else pa.array(c, pa.string())
        for c in columns
    ]
    return pa.table(arrays, names=[a.name for a in attributes])


def _cells(
    block: Sequence[tuple[int, list[str | None]]],
    i: int,
    attribute: Attribute,
    levels: frozenset[str],
    path: Path,
) -> Iterator[Any]:
    for number, row in block:
        cell = row[i]
        if attribute.is_numeric:
            yield float("nan") if cell is None else _number(cell, number, attribute, path)
        elif cell is None or not levels or cell in levels:
            yield cell
        else:
            raise DataError(
                f"Line {number} of {path} has {cell!r} for attribute {attribute.name!r}, whose "
                f"declared values are {', '.join(attribute.levels[:12])}. Mend the row or the header."
            )


def _number(cell: str, number: int, attribute: Attribute, path: Path) -> float:
    try:
        return float(cell.replace("_", "no number"))  # Python reads "1_0" as 10
    except ValueError:
        raise DataError(
            f"Line {number} of {path} has {cell!r} for attribute {attribute.name!r}, which is "
            "declared numeric. Mend the row, or declare it as nominal: {value, value}."
        ) from None
