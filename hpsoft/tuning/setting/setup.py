"""What models are trained on, and what of it each block sees.

The one place where a search and its repetitions have it made.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from hpsoft.data import Split
from hpsoft.data.encoding.filled import Filled
from hpsoft.engine.setup import TrainingSetup
from hpsoft.optimizers.categories import Key
from hpsoft.optimizers.protocol import Optimizer
from hpsoft.tuning.setting.folds import make_fold
from hpsoft.tuning.setting.views import Look, make_views


def make_setup(
    optimizer: Optimizer,
    splits: Iterable[Split],
    *,
    scale: str,
    dtype: str,
    seed: int,
    curves: bool = False,
    looks: Mapping[Key, Look] | None = None,
) -> TrainingSetup:
    """Return the setting of a search over some splits; `seed` is that of the sample order.

    With `curves` AUROC and average precision are measured too. `looks` say what blocks see by
    their words; without, all see all columns by `scale`.
    """
    splits = tuple(map(filled_in, splits))
    views = make_views(splits, looks or {}, dtype)
    if views:
        folds = next(iter(views.values())).folds
    else:
        folds = tuple(
            make_fold(split.train, split.validation, scale=scale, dtype=dtype)[0]
            for split in splits
        )
    return TrainingSetup(
        optimizer=optimizer,
        folds=folds,
        n_classes=len(splits[0].classes),
        dtype=np.dtype(dtype),
        seed=seed,
        curves=curves,
        views=views,
        totals=tuple(split.train.total for split in splits),
    )


def filled_in(split: Split) -> Split:
    """Return a split whose gaps are filled in by what is trained on; nothing is copied."""
    X, X_validation = split.train.X, split.validation.X
    if not isinstance(X, Filled):
        return split
    fills = X.fitted()
    assert isinstance(X_validation, Filled), "its rows are of the same data"
    return replace(
        split,
        train=replace(split.train, X=X.with_fills(fills)),
        validation=replace(split.validation, X=X_validation.with_fills(fills)),
    )
