"""From raw samples that were divided to features: columns encoded, and what is said of it."""

from collections.abc import Collection, Mapping, Sized
from dataclasses import dataclass

import numpy as np

from hpsoft.data.encoding.category import Category
from hpsoft.data.encoding.encoding import Encoding
from hpsoft.data.encoding.filled import Filled, holes_of
from hpsoft.data.encoding.fit import fit, notes_of
from hpsoft.data.encoding.leaks import find_leaks
from hpsoft.data.encoding.left import Left
from hpsoft.data.encoding.number import Number
from hpsoft.data.encoding.policy import BEFORE, ERROR, NOW, ONE_HOT, Policy
from hpsoft.data.encoding.table import Table
from hpsoft.data.parts.making import Parts
from hpsoft.data.raw import ROW, TEST, TRAINING, VALIDATION, Part
from hpsoft.data.rows import Matrix, Rows
from hpsoft.data.scale import like_pixels
from hpsoft.data.side.roles import GROUPS, ROLES, SPLIT, TIME
from hpsoft.data.splitting import groups_held
from hpsoft.data.tables.labelcolumn import other_labels
from hpsoft.data.tables.tabular import no_features
from hpsoft.data.types import Labels, Samples, Source
from hpsoft.errors import DataError


@dataclass(frozen=True, eq=False)
class Encoded:
    """The parts of a data set with their features."""

    training: Samples
    validation: Samples | None
    test: Samples
    whole: Matrix  # of the part that was read as the training part, all rows of it
    encoding: Encoding | None  # None: nothing was done
    table: Table  # the training rows, as they were read
    others: Mapping[str, Table]  # validation and test rows, by part


def encode_parts(source: Source, read: Mapping[str, Part], made: Parts, policy: Policy) -> Encoded:
    """Return the features of every part, by an encoding that is fitted to the training rows.

    Raises:
        DataError: as `fit_encoding`.
    """
    places = {title: _place(part, read) for title, part in _titled(made).items()}
    tables = {title: _taken(read[of].table, rows) for title, (of, rows) in places.items()}
    whole = read[TRAINING].table
    encoding = fit_encoding(source, whole, tables[TRAINING], policy)
    encoded = {
        title: part.table.numbers
        if encoding is None
        else encoding.apply(part.table, source.origin)
        for title, part in read.items()
    }

    refit = encoding is not None and policy.fills and policy.rules == NOW
    holes = holes_of(encoding, {t: p.table for t, p in read.items()}) if encoding and refit else {}

    def features(title: str, part: Samples) -> Samples:
        of, rows = places[title]
        side = {role: values for role, values in part.side.items() if role != ROW}
        X: Matrix = encoded[of]
        if (
            holes and title != TEST
        ):  # which is filled in by the training part, whatever is held out
            X = Filled(np.asarray(X), rows, holes[of], policy.missing)
        elif not _is_all(rows, X):
            X = Rows(np.asarray(X), rows)
        return Samples(X, part.labels, side)

    return Encoded(
        training=features(TRAINING, made.training),
        validation=None if made.validation is None else features(VALIDATION, made.validation),
        test=features(TEST, made.test),
        whole=encoded[TRAINING],
        encoding=encoding,
        table=tables[TRAINING],
        others={title: table for title, table in tables.items() if title != TRAINING},
    )


def _titled(made: Parts) -> dict[str, Samples]:
    parts = {TRAINING: made.training, VALIDATION: made.validation, TEST: made.test}
    return {title: part for title, part in parts.items() if part is not None}


def _place(samples: Samples, read: Mapping[str, Part]) -> tuple[str, Labels]:
    """Return of which part that was read samples are, and which rows of it."""
    rows, start = samples.side[ROW], 0
    for title in (TRAINING, VALIDATION, TEST):
        if title in read:
            end = start + len(read[title].table)
            if not len(rows) or rows[0] < end:
                return title, rows - start
            start = end
    raise AssertionError("every row is of one part")


def _taken(table: Table, rows: Labels) -> Table:
    return table if _is_all(rows, table) else table.take(rows)


def _is_all(rows: Labels, of: Sized) -> bool:
    return len(rows) == len(of) and bool(np.all(rows == np.arange(len(of))))


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
    constant = source.fields is not None and policy.rules != BEFORE
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


def is_of_names(encoding: Encoding | None, name: str) -> bool:
    """Tell whether a column became one of names, or was left out, rather than numbers or dates."""
    columns = () if encoding is None else encoding.columns
    return any(isinstance(c, Category | Left) for c in columns if c.name == name)


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
    """Return a warning for every column of a table that gives the labels away, or may do so."""
    if source.fields is None or encoding is None or like_pixels(training.numbers):
        return ()
    left = {column.name for column in encoding.columns if isinstance(column, Left)}
    found = {leak.name: leak.note for leak in find_leaks(training, labels, n_classes)}
    named = {} if source.columns is None else other_labels(source.columns)
    return tuple(note for name, note in {**named, **found}.items() if name not in left)


def undivided(
    samples: Samples, validation: Samples | None, classes: tuple[str, ...]
) -> tuple[str, ...]:
    """Return a sentence where no group that is trained on can be held out to choose by."""
    if GROUPS not in samples.side or validation is not None or groups_held(samples, classes):
        return ()
    n = len(np.unique(samples.side[GROUPS]))
    note = (
        f"Warning: the training part has {n:,} group(s), each the only one of some class, so a "
        "search cannot hold one out to choose by, and refuses. Take finer groups."
    )
    return (note,)


def one_sided(
    held: Mapping[str, Samples | None], classes: tuple[str, ...], side: Mapping[str, str]
) -> tuple[str, ...]:
    """Return a sentence on each part that lacks classes by what divides it: time, groups, parts.

    `held` are the parts that are not trained on, by title.
    """
    by = [f"{ROLES[role].option} {side[role]}" for role in (SPLIT, TIME, GROUPS) if role in side]
    notes = []
    for title, part in held.items():
        if not by or part is None or not len(part):
            continue
        counts = np.bincount(part.labels, minlength=len(classes))
        absent = [repr(name) for name, n in zip(classes, counts, strict=True) if n == 0]
        if absent:
            more = f" and {len(absent) - 5:,} others" if len(absent) > 5 else ""
            notes.append(
                f"Warning: the {title} part by {', '.join(by)} has {len(classes) - len(absent):,} "
                f"of {len(classes):,} classes: {', '.join(absent[:5])}{more} "
                f"{'is' if len(absent) == 1 else 'are'} absent from it, so it says nothing of them."
            )
    return tuple(notes)


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
