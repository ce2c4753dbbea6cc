"""What blocks see of the data: which columns, scaled how, by the structural values of the data.

The one place where a search, its repetitions and its exact optima have views made. Columns that
are one span of those that are scaled anyway are a slice of them; only what is scaled as a whole
(unit, l2-rows), or lies apart, is stored once more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from hpsoft.data import Samples, Split
from hpsoft.data.featuresets.columnset import ColumnSet, union
from hpsoft.data.scale import BY_COLUMN
from hpsoft.engine.setup import Fold, Folds, View
from hpsoft.errors import StudyError
from hpsoft.optimizers.categories import FEATURE_SET, SCALE, Choice, Key, categories, view_of
from hpsoft.tuning.setting.folds import make_fold


@dataclass(frozen=True)
class Look:
    """What a block sees."""

    columns: ColumnSet | None  # None: all
    scale: str

    def of(self, samples: Samples) -> Samples:
        """Return samples with the columns that are seen."""
        if self.columns is None:
            return samples
        return replace(samples, X=self.columns.cut(samples.X))


@dataclass(frozen=True)
class Looks:
    """What words of the structural hyperparameters of the data mean."""

    sets: Mapping[str, ColumnSet]
    scale: str  # where a point does not say

    def of(self, params: Mapping[str, Choice]) -> Look:
        """Return what a point sees.

        Raises:
            StudyError: the data has no feature set of that name.
        """
        words = dict(view_of(params))
        name = words.get(FEATURE_SET)
        if name is not None and name not in self.sets:
            raise StudyError(
                f"Nothing says which columns the feature set {name!r} of the study is. Define it "
                f"as before: --feature-set {name}=COLUMNS."
            )
        return Look(None if name is None else self.sets[name], words.get(SCALE, self.scale))

    def over(self, space: Mapping[str, object]) -> dict[Key, Look]:
        """Return what the points of a space see, by their words; nothing where it has none."""
        names = [[(one.name, word) for word in one.words] for one in categories(space)]
        return self.among(dict(key) for key in product(*names)) if names else {}

    def among(self, points: Iterable[Mapping[str, Choice]]) -> dict[Key, Look]:
        """Return what some points see, by their words; nothing where they have none."""
        found = {view_of(params): self.of(params) for params in points}
        found.pop((), None)
        return found


def make_views(splits: Sequence[Split], looks: Mapping[Key, Look], dtype: str) -> dict[Key, View]:
    """Return what blocks see of all splits, by the words of the points."""
    views: dict[Key, View] = {}
    for scale in dict.fromkeys(look.scale for look in looks.values()):
        alike = {key: look for key, look in looks.items() if look.scale == scale}
        make = _slices if scale in BY_COLUMN else _apart
        views |= make(splits, alike, dtype)
    return {key: views[key] for key in looks}


def _slices(splits: Sequence[Split], looks: Mapping[Key, Look], dtype: str) -> dict[Key, View]:
    """Scale all columns that are seen once; `looks` are of one scale."""
    scale = next(iter(looks.values())).scale
    sets = [look.columns for look in looks.values()]
    known = [columns for columns in sets if columns is not None]
    whole = union(known) if len(known) == len(sets) else None
    folds = _folds(splits, Look(whole, scale), dtype)
    views = {}
    for key, look in looks.items():
        inside = look.columns
        if inside is not None and whole is not None:
            inside = inside.within(whole)
        views[key] = _view(folds, inside)
    return views


def _view(folds: Folds, columns: ColumnSet | None) -> View:
    if columns is None:
        return View(folds)
    if len(columns.spans) == 1:
        return View(folds, slice(*columns.spans[0]))
    return View(tuple(_gathered(fold, columns) for fold in folds))


def _gathered(fold: Fold, columns: ColumnSet) -> Fold:
    parts = (np.asarray(columns.cut(X)) for X in (fold.X, fold.X_validation))
    X, X_validation = parts
    return replace(fold, X=X, X_validation=X_validation)


def _apart(splits: Sequence[Split], looks: Mapping[Key, Look], dtype: str) -> dict[Key, View]:
    return {key: View(_folds(splits, look, dtype)) for key, look in looks.items()}


def _folds(splits: Sequence[Split], look: Look, dtype: str) -> Folds:
    return tuple(
        make_fold(look.of(split.train), look.of(split.validation), scale=look.scale, dtype=dtype)[
            0
        ]
        for split in splits
    )
