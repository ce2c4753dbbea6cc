"""The arrays of a setup in files, each once, that worker processes map."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hpsoft.engine.setup import Fold, Folds, TrainingSetup, View
from hpsoft.optimizers.categories import Key

Files = tuple[Mapping[str, str], ...]  # of each fold: name of the array -> of the file


@dataclass(frozen=True)
class Shared:
    """Where the arrays of a setup are, and which of them each view has."""

    folds: Files
    stores: tuple[Files, ...]
    views: Mapping[Key, tuple[int, slice]]  # which store, and which columns of it


def bare(setup: TrainingSetup) -> TrainingSetup:
    """Return the setup without its arrays."""
    return replace(setup, folds=(), views={})


def share(setup: TrainingSetup, folder: Path) -> Shared:
    """Write the arrays of a setup to a folder.

    Raises:
        OSError: the folder takes no more.
    """
    known: dict[int, str] = {}

    def written(folds: Folds) -> Files:
        return tuple(
            {name: _written(array, known, folder) for name, array in fold.arrays().items()}
            for fold in folds
        )

    stores = list({id(view.folds): view.folds for view in setup.views.values()}.values())
    places = {id(folds): i for i, folds in enumerate(stores)}
    return Shared(
        folds=() if setup.views else written(setup.folds),
        stores=tuple(map(written, stores)),
        views={key: (places[id(v.folds)], v.columns) for key, v in setup.views.items()},
    )


def _written(array: np.ndarray, known: dict[int, str], folder: Path) -> str:
    if id(array) not in known:
        known[id(array)] = f"{len(known)}.npy"
        np.save(folder / known[id(array)], array)
    return known[id(array)]


def mapped(without: TrainingSetup, shared: Shared, folder: Path) -> TrainingSetup:
    """Return a setup with the arrays that were shared, mapped from their files."""
    stores = [_folds(files, folder) for files in shared.stores]
    views = {key: View(stores[i], columns) for key, (i, columns) in shared.views.items()}
    folds = next(iter(views.values())).folds if views else _folds(shared.folds, folder)
    return replace(without, folds=folds, views=views)


def _folds(files: Files, folder: Path) -> Folds:
    return tuple(
        Fold(**{name: np.load(folder / file, mmap_mode="r") for name, file in of.items()})
        for of in files
    )
