"""What a data set is once it has been read: samples, classes by name, and who may see which part.

Conventions, here and everywhere above:

    X       (n_samples, n_features)  uint8 or float16 where the source is, else float32 or float64
    labels  (n_samples,)             intp, 0 .. n_classes - 1, an index into `classes`

`TrainingData` has no test part: that is the type that a search gets, so no code below
`hpsoft search` can look at the test set.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.encoding.encoding import Encoding
from hpsoft.data.encoding.filled import stacked
from hpsoft.data.encoding.table import Coded, Field
from hpsoft.data.featuresets.columnset import ColumnSet
from hpsoft.data.parts.twincounts import Twins
from hpsoft.data.rows import Matrix
from hpsoft.data.side.values import SideValues
from hpsoft.data.tables.columns import Columns
from hpsoft.softmax.probabilities import Array

Labels = NDArray[np.intp]


@dataclass(frozen=True)
class Samples:
    """Rows of a data set with their labels."""

    X: Matrix  # (n_samples, n_features)
    labels: Labels  # (n_samples,)
    side: Mapping[str, Array] = field(default_factory=dict)  # by role, (n_samples,); see side/

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.labels)

    @property
    def n_features(self) -> int:
        """Number of columns of X."""
        return int(self.X.shape[1])

    @property
    def weight(self) -> NDArray[np.float64] | None:
        """What each sample counts, (n_samples,), of any mean; None: 1 each."""
        return self.side.get("sample_weight")

    @property
    def total(self) -> float:
        """How many samples there are, or the sum of their weights as they are given."""
        return len(self) if self.weight is None else float(self.weight.sum())


@dataclass(frozen=True)
class TrainingData:
    """All that a search may know of a data set: everything but its test part."""

    name: str
    samples: Samples  # without those of `validation`
    classes: tuple[str, ...]
    scale: str  # one of hpsoft.data.scale.SCALES
    fingerprint: str  # SHA-256 of all content, test part included
    validation: Samples | None = None  # the part to choose by, where the data has one of its own
    features: tuple[str, ...] | None = None  # their names; None: they have none
    feature_sets: Mapping[str, ColumnSet] = field(default_factory=dict)  # by name
    held_out: int | None = None  # to test by; 0: the data's own part tests; None: not known

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.classes)

    @property
    def everything(self) -> Samples:
        """All samples that may be trained on: those of a validation part come last, copied."""
        if self.validation is None:
            return self.samples
        parts = (self.samples, self.validation)
        return Samples(
            stacked(part.X for part in parts),
            np.concatenate([part.labels for part in parts]),
            {
                role: np.concatenate([part.side[role] for part in parts])
                for role in self.samples.side
            },
        )

    def pooled(self) -> "TrainingData":
        """Return the same data without a validation part: its samples are among the others."""
        return replace(self, samples=self.everything, validation=None)

    def __len__(self) -> int:
        """Return how many samples may be trained on."""
        return len(self.samples) + (0 if self.validation is None else len(self.validation))


@dataclass(frozen=True)
class Dataset:
    """A data set as it was read: training part, test part, and where it came from."""

    name: str
    training: TrainingData
    test: Samples
    source: str  # a path, or "embedded in scikit-learn"
    notes: tuple[str, ...] = ()  # sentences: what was decided about the data, first things first
    columns: Columns | None = None  # of a table: what each column was taken for
    twins: Twins | None = None  # samples with equal features; None: not looked for
    side: Mapping[str, str] = field(default_factory=dict)  # role -> name of its column
    encoding: Encoding | None = None  # of a table: its columns -> X; None: nothing was done
    named: tuple[str, ...] = ()  # arrays that feature sets named, and nothing else
    blocks: tuple[tuple[str, int], ...] = ()  # arrays or columns of lists in X: name, features
    doubts: Mapping[str, str] = field(default_factory=dict)  # column of text -> why it is odd
    label_kind: str | None = None  # of the labels in memory, see hpsoft.data.memory.kinds
    matters: bool = False  # whether older rules of tables would have given another X

    @property
    def features(self) -> tuple[str, ...] | None:
        """Names of the features; None: they have none."""
        return self.training.features

    def tested_as(self, fingerprint: str) -> "Dataset":
        """Return the data, of which a search knew all but this test part, under its name."""
        return replace(self, training=replace(self.training, fingerprint=fingerprint))

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, in the order of the labels."""
        return self.training.classes

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all content."""
        return self.training.fingerprint


@dataclass(frozen=True)
class Source:
    """What a reader hands on: arrays as they were stored, not yet checked."""

    name: str
    X: Array  # (n, ...), any dtype; NaN: missing
    labels: Array  # (n,), numbers or strings
    X_test: Array | None
    labels_test: Array | None
    origin: str  # a path, or where else it came from
    scale: str | None = None  # the default; None: by the kind of X
    classes: tuple[str, ...] | None = None  # names of the labels 0, 1, ...; None: the labels
    label_kind: str | None = None  # of the labels in memory, see hpsoft.data.memory.kinds
    X_val: Array | None = None  # the validation part, where there is one
    labels_val: Array | None = None
    notes: tuple[str, ...] = ()
    columns: Columns | None = None
    fields: tuple[Field, ...] | None = None  # of a table: columns of X, and texts; None: unnamed
    texts: tuple[Coded, ...] = ()  # columns that are not in X, one for each field of text
    texts_val: tuple[Coded, ...] = ()
    texts_test: tuple[Coded, ...] = ()
    side: Mapping[str, SideValues] = field(default_factory=dict)  # by role
    blocks: tuple[tuple[str, int], ...] = ()  # arrays or columns of lists in X: name, features
    named: tuple[str, ...] = ()  # of the blocks, where feature sets named them and nothing else
    number: Callable[[str], float] = float  # reads text as the number it stands for there
    left: tuple[str, ...] = ()  # sentences: rows that the reader left out


@dataclass(frozen=True)
class Split:
    """Training data divided into a part to train on and a part to choose by."""

    train: Samples
    validation: Samples
    classes: tuple[str, ...]
