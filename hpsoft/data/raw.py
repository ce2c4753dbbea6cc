"""From what a reader found to raw samples: parts checked, gaps closed, labels named."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hpsoft.data.encoding.category import fit_category
from hpsoft.data.encoding.complete import Mask, rows_to_leave
from hpsoft.data.encoding.huge import check_huge
from hpsoft.data.encoding.policy import Policy
from hpsoft.data.encoding.table import Coded, Table, unnamed
from hpsoft.data.labels import encode
from hpsoft.data.parts.making import Three
from hpsoft.data.rows import Matrix
from hpsoft.data.side.cells import unknown_values
from hpsoft.data.side.roles import ROLES, prepare
from hpsoft.data.side.values import SideValues
from hpsoft.data.tables.matrix import conform, row_slices
from hpsoft.data.tables.rounding import EXACT, n_rounded, rounding_warning
from hpsoft.data.types import Labels, Samples, Source
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

TRAINING, VALIDATION, TEST = "training", "validation", "test"
ROW = "row"  # a side column that tells, until parts are made, which row of what was read it is


@dataclass(frozen=True, eq=False)
class Part:
    """Rows of one part of the data, as they were read."""

    table: Table
    labels: Array  # (n,), numbers or strings, or (n, n_classes)
    kept: Mask | None  # of the rows that there were; None: all


def parts_of(source: Source, policy: Policy) -> tuple[dict[str, Part], tuple[str, ...]]:
    """Return the parts that there are, without the rows that are left out, and what to say of it.

    Raises:
        DataError: arrays of another shape or type, or that do not belong together; values that are
            missing, where `policy` refuses them, or infinite.
    """
    given = {
        TRAINING: (source.X, source.texts, source.labels),
        VALIDATION: (source.X_val, source.texts_val, source.labels_val),
        TEST: (source.X_test, source.texts_test, source.labels_test),
    }
    name = None if source.columns is None else source.columns.label_name
    parts: dict[str, Part] = {}
    notes: list[str] = []
    for title, (X, texts, labels) in given.items():
        if X is None or labels is None:
            continue
        where = source.origin if title == TRAINING else f"the {title} part of {source.origin}"
        part = _part(X, texts, labels, source, where)
        if parts:
            _check_width(part, parts[TRAINING], title, source.origin)
        out, said = rows_to_leave(
            part.table,
            part.labels,
            policy,
            where,
            label_name=name,
            named=source.fields is not None,
            beside=_side_gaps(source, title, len(part.table)),
        )
        said = (*_rounded(X, part.table, where), *said)
        said = (*check_huge(part.table, where, named=source.fields is not None), *said)
        parts[title] = part if out is None else _rows(part, ~out)
        notes += [_of(title, text) for text in said]
    return parts, tuple(notes)


def _of(title: str, text: str) -> str:
    """Return a sentence with the part that it is about; warnings name it."""
    if title == TRAINING or text.startswith("Warning: "):
        return text
    return f"Of the {title} part, {text}"


def _side_gaps(source: Source, title: str, size: int) -> dict[str, Mask]:
    """Return in which rows of a part side columns are missing, by the option that names each.

    A column of another length is an error of its own.
    """
    found = {}
    for role, values in source.side.items():
        column = {TRAINING: values.train, VALIDATION: values.val, TEST: values.test}[title]
        if column is not None and column.shape == (size,):
            found[f"{ROLES[role].option} {values.name}"] = unknown_values(column)
    return found


def _part(X: Array, texts: tuple[Coded, ...], labels: Array, source: Source, where: str) -> Part:
    if not texts or np.asarray(X).size:
        X = conform(X, f"X of {where}")
    fields = unnamed(X.shape[1]) if source.fields is None else source.fields
    labels = np.asarray(labels)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim and len(X) != len(labels):
        raise DataError(
            f"{where}: X has {len(X)} rows, but there are {len(labels)} labels. Every sample needs "
            "one; do the two belong together?"
        )
    return Part(Table(X, texts, fields), labels, None)


def _rounded(X: Array, table: Table, where: str) -> Iterator[str]:
    """Yield a warning for each column that loses digits as a float."""
    if np.asarray(X).dtype.kind not in "ui" or table.numbers.dtype == np.uint8:
        return
    flat = np.asarray(X).reshape(len(X), -1)
    high = np.max([flat[rows].max(axis=0) for rows in row_slices(flat)], axis=0)
    low = np.min([flat[rows].min(axis=0) for rows in row_slices(flat)], axis=0)
    for j in np.flatnonzero((high > EXACT) | (low < -EXACT)):
        if n := n_rounded(flat[:, j]):
            yield rounding_warning(table.number_fields[j].name, n, where)


def _check_width(part: Part, training: Part, title: str, where: str) -> None:
    widths = [table.numbers.shape[1] + len(table.texts) for table in (training.table, part.table)]
    if widths[0] != widths[1]:
        raise DataError(
            f"{where}: the training part has {widths[0]} features and the {title} part "
            f"{widths[1]}. They must be the same features."
        )


def _rows(part: Part, rows: Mask) -> Part:
    """Return some rows, copied."""
    table = part.table
    numbers = np.asarray(table.numbers[rows])
    texts = tuple(text.take(rows) for text in table.texts)
    return Part(Table(numbers, texts, table.fields), part.labels[rows], rows)


def labels_of(
    source: Source, parts: Mapping[str, Part]
) -> tuple[dict[str, Labels], tuple[str, ...]]:
    """Return the labels of each part as indices, and the names of the classes.

    Raises:
        DataError: as `labels.encode`.
    """
    train = parts[TRAINING].labels
    found: dict[str, Labels] = {}
    found[TRAINING], _, classes = encode(train, None, source.origin)
    for title in (VALIDATION, TEST):
        if title in parts:
            _, other, _ = encode(train, parts[title].labels, source.origin, title)
            assert other is not None, "labels were given"
            found[title] = other
    if source.classes is not None:
        classes = tuple(source.classes[int(name)] for name in classes)
    return found, classes


def raw_samples(source: Source, parts: Mapping[str, Part], labels: Mapping[str, Labels]) -> Three:
    """Return what parts are made of: raw columns, by which samples are equal, and side columns.

    The side column ROW numbers the rows of all parts.

    Raises:
        DataError: as `side.roles.prepare`.
    """
    titles = (TRAINING, VALIDATION, TEST)
    known = [parts.get(title) for title in titles]
    sizes = [None if part is None else len(part.table) for part in known]
    kept = [None if part is None else part.kept for part in known]
    side = {role: _kept(values, kept) for role, values in source.side.items()}
    beside = prepare(side, sizes, source.origin, kept)
    found: list[Samples | None] = []
    start = 0
    texts = _telling(parts[TRAINING].table)
    for title, part, columns in zip(titles, known, beside, strict=True):
        if part is None:
            found.append(None)
            continue
        rows = start + np.arange(len(part.table))
        start += len(rows)
        X = _content(part.table, parts[TRAINING].table, texts)
        found.append(Samples(X, labels[title], {**columns, ROW: rows}))
    training, validation, test = found
    assert training is not None, "every source has one"
    return training, validation, test


def _kept(values: SideValues, kept: Sequence[Mask | None]) -> SideValues:
    """Return a side column without the rows that were left out."""
    columns = (values.train, values.val, values.test)
    train, val, test = (
        column if column is None or mask is None or len(column) != len(mask) else column[mask]
        for column, mask in zip(columns, kept, strict=True)
    )
    assert train is not None, "it is there in the training part"
    return replace(values, train=train, val=val, test=test)


def _telling(table: Table) -> list[int]:
    """Return the texts that do not tell every row apart."""
    fitted = (fit_category("", text) for text in table.texts)
    return [k for k, category in enumerate(fitted) if len(category.features) > 1]


def _content(table: Table, training: Table, texts: Sequence[int]) -> Matrix:
    """Return what makes rows equal, (n, ...): the numbers, and codes of texts in all parts."""
    if not texts:
        return table.numbers
    columns = [np.asarray(table.numbers, np.float64)]
    for k in texts:
        places = {level: i for i, level in enumerate(training.texts[k].levels)}
        text = table.texts[k]
        codes = [places.setdefault(level, len(places)) for level in text.levels]
        columns.append(np.array([*codes, -1], np.float64)[text.codes][:, None])
    return np.hstack(columns)
