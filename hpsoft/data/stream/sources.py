"""Rows of what is read whole: named data sets, IDX files, OpenML."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hpsoft.data.containers.arraynames import WHOLE
from hpsoft.data.encoding.table import Coded, Field, Table
from hpsoft.data.sources import idx
from hpsoft.data.sources.folder import read_idx
from hpsoft.data.stream.incoming import (
    Asked,
    Chunk,
    Incoming,
    Wanted,
    chunk_of,
    takes_text,
    widths,
)
from hpsoft.data.stream.labels import label_texts
from hpsoft.data.stream.matching import match_columns
from hpsoft.data.stream.parts import ALL, chosen
from hpsoft.data.types import Source
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array


@dataclass(frozen=True)
class _Rows:
    """A part that is in memory."""

    X: Array
    texts: tuple[Coded, ...]
    labels: Array | None  # (n,) of str


def open_source(source: Source, asked: Asked, wanted: Wanted) -> Incoming:
    """Open what a reader of data to learn from has found.

    Raises:
        DataError: it lacks a column of the model, or has other features.
    """
    known = {
        WHOLE if source.X_test is None else "train": (source.X, source.texts, source.labels),
        "val": (source.X_val, source.texts_val, source.labels_val),
        "test": (source.X_test, source.texts_test, source.labels_test),
    }
    parts = {
        part: _Rows(_flat(X), texts, _named(label_texts(labels), source.classes))
        for part, (X, texts, labels) in known.items()
        if X is not None and labels is not None
    }
    rows, notes = chosen(parts, asked.part, source.origin)
    label = "labels" if source.columns is None else source.columns.label_name
    if source.fields is None:
        return _of_arrays(rows, source.name, source.origin, label, notes, wanted)
    names = [field.name for field in source.fields]
    match = match_columns(names, replace(asked, labels=None, part=ALL), wanted, source.origin)

    def chunks() -> Iterator[Chunk]:
        for part in rows:
            yield Chunk(_picked(part, source.fields or (), match.places, wanted), part.labels)

    n = sum(len(part.X) for part in rows)
    return Incoming(source.name, source.origin, chunks, label, (*match.notes, *notes), n)


def open_idx(folder: Path, found: Mapping[str, Path], asked: Asked, wanted: Wanted) -> Incoming:
    """Open IDX files by their roles; without labels the images alone.

    Raises:
        DataError: a bad file, or images of another size than the model's.
    """
    images = {role.split("-")[0]: path for role, path in found.items() if role.endswith("images")}
    if {"train-images", *(f"{part}-labels" for part in images)} <= found.keys():
        return open_source(read_idx(folder, dict(found)), asked, wanted)
    if not images:
        raise DataError(
            f"{folder} has IDX files of labels, and no images. Name a folder with both."
        )
    rows, notes = chosen(images, asked.part, str(folder))
    parts = [_Rows(_flat(idx.read(path).array), (), None) for path in rows]
    name = folder.resolve().name
    return _of_arrays(parts, name, str(folder), None, notes, wanted)


def _of_arrays(
    parts: Sequence[_Rows],
    name: str,
    where: str,
    label: str | None,
    notes: tuple[str, ...],
    wanted: Wanted,
) -> Incoming:
    width = parts[0].X.shape[1]
    if not widths(wanted):
        raise takes_text(name, wanted)
    if width not in widths(wanted):
        raise DataError(
            f"{name} has {width:,} features a sample, and the model takes {wanted.n_features:,}. "
            "Is it the data that the model is for?"
        )

    def chunks() -> Iterator[Chunk]:
        step = wanted.rows_at_a_time(width)
        for part in parts:
            for at in range(0, len(part.X), step):
                labels = None if part.labels is None else part.labels[at : at + step]
                yield chunk_of(part.X[at : at + step], wanted, labels)

    return Incoming(name, where, chunks, label, notes, sum(len(part.X) for part in parts))


def _flat(X: Array) -> Array:
    return np.asarray(X).reshape(len(X), -1)


def _named(labels: Array, classes: Sequence[str] | None) -> Array:
    """Return labels by the names of their classes, where these are known by number."""
    if classes is None:
        return labels
    return np.array([classes[int(text)] for text in labels.tolist()], dtype=str)


def _picked(
    part: _Rows, fields: Sequence[Field], places: Sequence[int | None], wanted: Wanted
) -> Table:
    """Return the columns of a table in the order that the model takes them in."""
    numbers = [i for i, field in enumerate(fields) if not field.is_text]
    texts = [i for i, field in enumerate(fields) if field.is_text]
    n, found, coded = len(part.X), [], []
    for field, i in zip(wanted.fields, places, strict=True):
        if i is not None and field.is_text != fields[i].is_text:
            kinds = {True: "text", False: "numbers"}
            raise DataError(
                f"Column {field.name!r} holds {kinds[not field.is_text]}, and the model was trained "
                f"on {kinds[field.is_text]} there. Is it the data that the model is for?"
            )
        if field.is_text:
            coded.append(Coded(np.full(n, -1), ()) if i is None else part.texts[texts.index(i)])
        else:
            found.append(np.zeros(n) if i is None else part.X[:, numbers.index(i)])
    matrix = np.column_stack(found) if found else np.empty((n, 0))
    return Table(matrix, tuple(coded), wanted.fields)
