"""Features, labels and what is said of them -> a checked Dataset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np

from hpsoft.data.encoding.policy import DROP_ROWS, Policy
from hpsoft.data.loading import USUAL, assemble
from hpsoft.data.memory.arrays import as_array
from hpsoft.data.memory.frames import is_frame, to_arrow, with_column
from hpsoft.data.memory.kinds import kind_of
from hpsoft.data.parts.making import check_roles
from hpsoft.data.recode import reading_words
from hpsoft.data.scale import check_scale
from hpsoft.data.side.roles import GROUPS, WEIGHT
from hpsoft.data.side.values import SideValues
from hpsoft.data.sources.tableparts import check_kinds
from hpsoft.data.spec import IN_MEMORY, DataSpec
from hpsoft.data.tables.arrow.plain import source_of
from hpsoft.data.tables.columns import Wish
from hpsoft.data.types import Dataset, Source
from hpsoft.errors import DataTypeError, DataValueError
from hpsoft.softmax.probabilities import Array

TestPart: TypeAlias = tuple[Any, Any, Any]  # features, labels, weights or None
MOST_NAMED = 10  # classes in a message
NAME = "arrays"  # of the data set, where nobody says


@dataclass(frozen=True, eq=False)
class Given:
    """Data in memory, and the options they are read with: those of a DataSpec."""

    X: Any  # an array, or a data frame
    y: Any = None  # None: a column of the frame, `target`
    name: str = NAME
    target: str | None = None
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    test_fraction: float | None = None  # None: all samples may be trained on
    seed: int = 0
    scale: str | None = None
    side: Mapping[str, Any] = field(default_factory=dict)  # role -> column of a frame, or values
    features: tuple[str, ...] = ()
    dedupe: bool = False
    policy: Policy = USUAL
    feature_sets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    classes: Array | None = None  # (n_classes,): y are indices into it, y_test are of it

    @property
    def spec(self) -> DataSpec:
        """What a study keeps of it: how the data were read, not where they lie."""
        return DataSpec(
            IN_MEMORY,
            self.target,
            keep=self.keep,
            drop=self.drop,
            test_fraction=self.test_fraction,
            seed=self.seed,
            scale=self.scale,
            side={
                role: values if isinstance(values, str) else role
                for role, values in self.side.items()
            },
            features=self.features,
            dedupe=self.dedupe,
            policy=self.policy,
            feature_sets={name: tuple(items) for name, items in self.feature_sets.items()},
        )

    def divisible(self) -> tuple[int, Array, Array | None]:
        """Return how many samples there are, their labels (n,) and groups, for a splitter.

        Raises:
            DataError: they cannot be read.
        """
        source = self._frame(None) if is_frame(self.X) else self._arrays(None)
        groups = self.side.get(GROUPS)
        if isinstance(groups, str):
            groups = source.side[GROUPS].train
        elif groups is not None:
            groups = as_array(groups, GROUPS)
        labels = source.labels
        one_hot = labels.ndim == 2 and labels.shape[1] > 1
        return len(source.X), labels.argmax(axis=1) if one_hot else labels.ravel(), groups

    def load(self, test: TestPart | None = None) -> Dataset:
        """Check the data; `test` are features, labels and weights of a test part.

        Raises:
            DataError: they cannot be learnt from.
        """
        if self.scale is not None:
            check_scale(self.scale)
        self.policy.check()
        check_roles(self.spec.side, dedupe=self.dedupe)
        source = self._frame(test) if is_frame(self.X) else self._arrays(test)
        side = {
            role: SideValues(role, as_array(values, role))
            for role, values in self.side.items()
            if not isinstance(values, str)
        }
        if test is not None and test[2] is not None:
            side[WEIGHT] = self._weighed(source, side, as_array(test[2], "sample_weight"))
        return assemble(
            replace(self._named(source), side={**source.side, **side}),
            self.test_fraction,
            self.seed,
            self.scale,
            dedupe=self.dedupe,
            policy=self.policy,
            feature_sets=self.feature_sets,
        )

    def _named(self, source: Source) -> Source:
        """Return the source with what its classes are, and of which kind its labels were.

        Raises:
            DataError: a label of the test part is no class.
        """
        if self.classes is None:
            one_axis = source.labels.ndim == 1 or source.labels.shape[1] == 1
            return replace(source, label_kind=kind_of(source.labels) if one_axis else None)
        values, labels_test = self.classes.tolist(), source.labels_test
        return replace(
            source,
            classes=tuple(map(str, values)),
            label_kind=kind_of(self.classes),
            labels_test=None if labels_test is None else _places(values, labels_test),
        )

    def _weighed(self, source: Source, side: Mapping[str, SideValues], test: Array) -> SideValues:
        known = side.get(WEIGHT) or source.side.get(WEIGHT)
        if known is None:
            raise DataValueError(
                "sample_weight weighs the test samples, and those of the search had no weights. "
                "Leave it out, or search with sample_weight."
            )
        return replace(known, test=test)

    def _arrays(self, test: TestPart | None) -> Source:
        if asked := [
            word for word in (self.target, *self.keep, *self.drop, *self.features) if word
        ]:
            raise DataValueError(
                f"{asked[0]!r} names a column, and X is an array without names: give a data frame, "
                "or leave target, keep, drop and features out."
            )
        for role, values in self.side.items():
            if isinstance(values, str):
                raise DataValueError(
                    f"{role} is the name of a column, {values!r}, and X is an array without names: "
                    "give the values, one a sample."
                )
        if self.y is None:
            raise DataTypeError("y is missing: an array X needs the labels beside it.")
        X_test, y_test, _ = (None, None, None) if test is None else test
        return Source(
            name=self.name,
            X=as_array(self.X, "X"),
            labels=as_array(self.y, "y"),
            X_test=None if X_test is None else as_array(X_test, "X_test"),
            labels_test=None if y_test is None else as_array(y_test, "y_test"),
            origin="X",
        )

    def _frame(self, test: TestPart | None) -> Source:
        named = {role: values for role, values in self.side.items() if isinstance(values, str)}
        wish = Wish(
            self.target,
            self.keep,
            self.drop,
            named,
            self.features,
            self.policy.rules,
            missing=reading_words(self.policy),
            whole_rows=self.policy.missing == DROP_ROWS,
        )
        train = _table(self.X, self.y, wish, self.name, "X")
        if test is None:
            return train
        found = _like(train, test, wish, self.name)
        check_kinds(train, found, "X_test")
        return replace(
            train,
            X_test=found.X,
            labels_test=found.labels,
            texts_test=found.texts,
            side={
                role: replace(values, test=found.side[role].train if role in found.side else None)
                for role, values in train.side.items()
            },
        )


def _places(classes: Sequence[Any], labels: Array) -> Array:
    """Return the indices into the classes (n_classes,) of labels (n,).

    Raises:
        DataValueError: some are no class.
    """
    known = {value: place for place, value in enumerate(classes)}
    values = np.ravel(labels).tolist()
    absent = [i for i, value in enumerate(values) if value not in known]
    if absent:
        named = ", ".join(map(repr, classes[:MOST_NAMED])) + (
            ", ..." * (len(classes) > MOST_NAMED)
        )
        raise DataValueError(
            f"y_test has {values[absent[0]]!r} in row {absent[0]} (from 0), which is no class that "
            f"was trained on; {len(absent):,} of {len(values):,} are so. The classes are {named}. "
            "Leave those samples out, or train on such too."
        )
    return np.array([known[value] for value in values], np.intp)


def _like(train: Source, test: TestPart, wish: Wish, name: str) -> Source:
    """Read the columns of a frame that another one had: features in their order, labels, side."""
    X, y, _ = test
    if not is_frame(X):
        raise DataTypeError(
            "X_test is no data frame, and X was one: give the same columns, by name."
        )
    assert train.columns is not None, "tables have columns"
    chosen = tuple(train.columns.names[i] for i in train.columns.features)
    table = to_arrow(X, "X_test")
    there = {role: column for role, column in wish.side.items() if column in table.column_names}
    label = () if y is not None else (train.columns.label_name,)
    wanted = dict.fromkeys((*chosen, *there.values(), *label))
    if missing := [name for name in wanted if name not in table.column_names]:
        if missing == [train.columns.label_name]:
            raise DataTypeError(
                f"The labels of X_test are missing: it has no column {missing[0]!r}, as X had. Give "
                "it, or y_test beside X_test."
            )
        raise DataValueError(
            f"X_test lacks {len(missing)} of the {len(wanted)} columns that X had, {missing[0]!r} "
            "for one. Give the same columns, by name."
        )
    same = replace(wish, target=label[0] if label else None, features=chosen, side=there)
    return _table(table.select(list(wanted)), y, replace(same, keep=(), drop=()), name, "X_test")


def _table(frame: Any, y: Any, wish: Wish, name: str, what: str) -> Source:
    """Read a frame as a table in a file is read; labels beside it are its last column."""
    table = to_arrow(frame, what)
    if y is None:
        return source_of(table, name, what, wish)
    labels = as_array(y, "y")
    if len(labels) != table.num_rows:
        raise DataValueError(
            f"{what} has {table.num_rows:,} rows, but there are {len(labels):,} labels. Every "
            "sample needs one; do the two belong together?"
        )
    if labels.ndim > 1 and labels.shape[1] > 1:
        labels = labels.argmax(axis=1)
    table, column = with_column(table, _label_name(y), labels.ravel())
    source = source_of(table, name, what, replace(wish, target=column))
    return replace(source, labels=labels)


def _label_name(y: Any) -> str:
    return str(getattr(y, "name", None) or "y")
