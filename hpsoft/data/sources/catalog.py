"""What `hpsoft data list`, `info` and `fetch` show: plain data, drawn elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from hpsoft.data.encoding.left import Left
from hpsoft.data.loading import NAMES
from hpsoft.data.parts.twincounts import Twins
from hpsoft.data.side.roles import GROUPS
from hpsoft.data.sources.images import candidates, fetch_images
from hpsoft.data.sources.imagesets import IMAGE_SETS, ImageSet
from hpsoft.data.sources.sklearnsets import EMBEDDED, read_openml
from hpsoft.data.tables.columns import LeftOut
from hpsoft.data.types import Dataset
from hpsoft.errors import DataError, unknown


@dataclass(frozen=True)
class DataSource:
    """A data set that --data takes by name."""

    name: str
    description: str
    found: str | None  # where it is on this machine; None: it is not
    how: str  # to get it, or what to write


@dataclass(frozen=True)
class ClassCount:
    """How often a class occurs."""

    name: str
    training: int
    test: int


@dataclass(frozen=True)
class LabelColumn:
    """Which column of a table holds the labels."""

    column: str
    why: str


@dataclass(frozen=True)
class ColumnInfo:
    """What a column of a table is taken for, and what is done to it."""

    name: str
    taken_for: str  # labels, number, truth, date, text, or left out
    becomes: str
    features: tuple[str, ...]  # names


@dataclass(frozen=True)
class GroupCount:
    """How many groups of samples there are that are never divided."""

    training: int
    validation: int | None  # None: no such part of the data's own
    test: int | None  # None: the groups of the test part are not known
    largest: int  # samples of the largest one of the training part


@dataclass(frozen=True)
class DataInfo:
    """A data set in numbers."""

    name: str
    source: str
    n_training: int  # validation part included
    n_validation: int | None  # None: the data has no validation part of its own
    n_test: int
    n_features: int
    dtype: str
    scale: str
    classes: tuple[ClassCount, ...]
    fingerprint: str
    labels: LabelColumn | None  # None: no table
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    side: Mapping[str, str] = field(default_factory=dict)  # role -> column: groups, split, time
    groups: GroupCount | None = None  # those of equal samples included, by --dedupe
    twins: Twins | None = None  # samples of equal features; None: not looked for
    feature_sets: Mapping[str, str] = field(default_factory=dict)  # name -> columns of X
    columns: tuple[ColumnInfo, ...] = ()  # in their order; none: no table


def available() -> list[DataSource]:
    """Return the data sets that have a name, and where they are; no file is read."""
    return [
        *(_image_source(image_set) for image_set in IMAGE_SETS.values()),
        DataSource(
            "digits", "1,797 grey images of digits, 8 x 8, 10 classes", EMBEDDED, "nothing to do"
        ),
        DataSource(
            "openml:NAME|ID",
            "any data set of OpenML",
            None,
            "downloaded when used",
        ),
        DataSource(
            "PATH",
            "arrays (.npz, .npy, .safetensors, .pt, .h5, .mat), a table (.csv, .parquet, .feather, "
            ".arff), svmlight, or a folder",
            None,
            "your own file",
        ),
    ]


def _image_source(image_set: ImageSet) -> DataSource:
    place = next(candidates(image_set), None)
    package = f"apt install {image_set.package}, or " if image_set.package else ""
    how = f"{package}hpsoft data fetch {image_set.name}"
    return DataSource(image_set.name, image_set.description, place and str(place[0]), how)


def info(dataset: Dataset) -> DataInfo:
    """Return shapes, classes with their counts, fingerprint and origin of a data set."""
    training, test, columns = dataset.training, dataset.test, dataset.columns
    size = len(dataset.classes)
    given = training.validation
    labels = [part.labels for part in (training.samples, given) if part is not None]
    counts = zip(
        dataset.classes,
        np.bincount(np.concatenate(labels), minlength=size).tolist(),
        np.bincount(test.labels, minlength=size).tolist(),
        strict=True,
    )
    return DataInfo(
        name=dataset.name,
        source=dataset.source,
        n_training=len(training),
        n_validation=None if given is None else len(given),
        n_test=len(test),
        n_features=training.samples.n_features,
        dtype=str(training.samples.X.dtype),
        scale=training.scale,
        classes=tuple(ClassCount(*count) for count in counts),
        fingerprint=dataset.fingerprint,
        labels=None
        if columns is None
        else LabelColumn(columns.label_name, columns.why or "--target"),
        left_out=_left_out(dataset),
        columns=_columns(dataset),
        notes=dataset.notes,
        side=dataset.side,
        groups=_groups(dataset),
        twins=dataset.twins,
        feature_sets={name: c.text for name, c in training.feature_sets.items()},
    )


def _left_out(dataset: Dataset) -> tuple[LeftOut, ...]:
    encoded = () if dataset.encoding is None else dataset.encoding.columns
    constant = tuple(LeftOut(c.name, c.why) for c in encoded if isinstance(c, Left))
    return constant if dataset.columns is None else (*dataset.columns.omitted(), *constant)


def _columns(dataset: Dataset) -> tuple[ColumnInfo, ...]:
    """Return what each column of a table is taken for, in their order."""
    columns, encoding = dataset.columns, dataset.encoding
    if encoding is None:
        return ()
    made = {column.name: column for column in encoding.columns}
    found = []
    for i, name in enumerate(() if columns is None else columns.names):
        assert columns is not None, "it has names"
        if i == columns.label:
            found.append(ColumnInfo(name, "labels", f"{len(dataset.classes)} classes", ()))
        elif name in made:
            column = made.pop(name)
            doubt = f", although {dataset.doubts[name]}" if name in dataset.doubts else ""
            becomes = f"{column.becomes}{doubt}"
            found.append(ColumnInfo(name, column.taken_for, becomes, column.features))
        else:
            why = columns.left_out.get(i, "it is no feature")
            found.append(ColumnInfo(name, Left.TYPE, f"left out: {why}", ()))
    # Features that are parts of one column stand at the end.
    found += [ColumnInfo(c.name, c.taken_for, c.becomes, c.features) for c in made.values()]
    return tuple(found)


def _groups(dataset: Dataset) -> GroupCount | None:
    """Count the groups of each part; None where samples have none."""
    training, given = dataset.training.samples, dataset.training.validation
    if GROUPS not in training.side:
        return None
    sizes = np.unique(training.side[GROUPS], return_counts=True)[1]
    validation, test = (
        len(np.unique(part.side[GROUPS])) if part is not None and GROUPS in part.side else None
        for part in (given, dataset.test)
    )
    return GroupCount(len(sizes), validation, test, int(sizes.max()))


def fetch(name: str, *, progress: bool = False) -> tuple[Path, ...]:
    """Make sure that a named data set is on this machine and sound; return its files.

    Files that are found in one of the places are verified, others downloaded into the user's
    cache. The digits are embedded and OpenML's are kept by scikit-learn: no files to name.

    Raises:
        DataError: no such name, no connection, or a corrupt file.
    """
    if name in IMAGE_SETS:
        return fetch_images(IMAGE_SETS[name], progress=progress)
    if name.startswith("openml:"):
        read_openml(name)
    elif name != "digits":
        raise DataError(f"{unknown('data set', name, NAMES)} Only these can be fetched.")
    return ()
