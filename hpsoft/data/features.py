"""From what a reader found to features: parts checked, gaps closed, columns encoded."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.encoding.complete import rows_to_leave
from hpsoft.data.encoding.encoding import Encoding
from hpsoft.data.encoding.fit import fit, notes_of
from hpsoft.data.encoding.leaks import find_leaks
from hpsoft.data.encoding.left import Left
from hpsoft.data.encoding.number import Number
from hpsoft.data.encoding.policy import ERROR, NOW, ONE_HOT, Policy
from hpsoft.data.encoding.table import Coded, Table, unnamed
from hpsoft.data.scale import like_pixels
from hpsoft.data.tables.matrix import conform
from hpsoft.data.tables.tabular import no_features
from hpsoft.data.types import Labels, Source
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

TRAINING, VALIDATION, TEST = "training", "validation", "test"


@dataclass(frozen=True, eq=False)
class Part:
    """Rows of one part of the data, as they were read."""

    table: Table
    labels: Array  # (n,), numbers or strings


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
        of_part = "" if title == TRAINING else f"the {title} part of "
        part = _part(X, texts, labels, source, f"{of_part}{source.origin}")
        if parts and _width(part) != _width(parts[TRAINING]):
            raise DataError(
                f"{source.origin}: the training part has {_width(parts[TRAINING])} features and "
                f"the {title} part {_width(part)}. They must be the same features."
            )
        where = f"{of_part}{source.origin}"
        out, note = rows_to_leave(
            part.table,
            part.labels,
            policy,
            where,
            label_name=name,
            named=source.fields is not None,
        )
        parts[title] = part if out is None else _rows(part, ~out)
        notes += [
            sentence if title == TRAINING else f"Of the {title} part, {sentence}"
            for sentence in note
        ]
    return parts, tuple(notes)


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
    return Part(Table(X, texts, fields), labels)


def _width(part: Part) -> int:
    return len(part.table.fields)


def _rows(part: Part, rows: NDArray[np.bool_]) -> Part:
    """Return some rows, copied."""
    table = part.table
    numbers = np.asarray(table.numbers[rows])
    texts = tuple(text.take(rows) for text in table.texts)
    return Part(Table(numbers, texts, table.fields), part.labels[rows])


def fit_encoding(source: Source, whole: Table, training: Table, policy: Policy) -> Encoding | None:
    """Return how columns become features, fitted to training rows; None: as they are, unnamed.

    `whole` are all rows of the part that the training rows are from: whether they are images is
    told by them, as the scale is.

    Raises:
        DataError: columns that are not numbers, where `policy` refuses them, or none is left.
    """
    if source.fields is None and policy.categories != ONE_HOT:
        raise DataError(
            f"--categories {policy.categories} makes no sense for {source.origin}: only the columns "
            "of tables hold text. Leave it out."
        )
    if source.fields is None and not policy.fills:
        return None
    columns = source.columns
    keep = () if columns is None else [columns.names[i] for i in columns.kept]
    constant = source.fields is not None and policy.rules == NOW
    constant = constant and not like_pixels(whole.numbers)
    encoding = fit(training, policy, source.origin, keep=keep, constant=constant)
    if not encoding.features:
        label = "y" if columns is None else columns.label_name
        raise no_features(source.origin, label, " ".join(notes_of(encoding)))
    return None if source.fields is None and encoding.is_plain else encoding


def matters(encoding: Encoding | None, policy: Policy) -> bool:
    """Tell whether older rules of tables might have given other samples or features, or none."""
    return policy.missing != ERROR or (
        encoding is not None and not all(isinstance(c, Number) for c in encoding.columns)
    )


def remarks(encoding: Encoding | None, others: Mapping[str, Table]) -> tuple[str, ...]:
    """Return in sentences what was done to columns, and what parts hold that was never seen."""
    if encoding is None:
        return ()
    return (
        *notes_of(encoding),
        *(
            f"Column {name!r}: {count:,} of {len(table):,} {title} samples have a value that no "
            "training sample has; it counts as none of the known ones."
            for title, table in others.items()
            for name, count in encoding.unseen(table).items()
        ),
    )


def leaks(
    source: Source, encoding: Encoding | None, training: Table, labels: Labels, n_classes: int
) -> tuple[str, ...]:
    """Return a warning for every column of a table that gives the labels away."""
    if source.fields is None or encoding is None or like_pixels(training.numbers):
        return ()
    left = {column.name for column in encoding.columns if isinstance(column, Left)}
    return tuple(
        leak.note for leak in find_leaks(training, labels, n_classes) if leak.name not in left
    )


def lonely(labels: Labels, classes: tuple[str, ...], given: Collection[str]) -> tuple[str, ...]:
    """Return a sentence on the classes of one sample, of all samples that may be divided.

    Parts that are `given` are not divided off.
    """
    what = [verb for part, verb in ((VALIDATION, "choose"), (TEST, "test")) if part not in given]
    counts = np.bincount(labels, minlength=len(classes))
    names = [repr(name) for name, count in zip(classes, counts, strict=True) if count == 1]
    if not names or not what:
        return ()
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5:,} others" if len(names) > 5 else "")
    who = f"Class {shown} has" if len(names) == 1 else f"Classes {shown} have"
    it = "it is" if len(names) == 1 else "they are"
    never = " or to ".join(what)
    return (f"{who} one sample: {it} trained on, and never held out to {never} by.",)
