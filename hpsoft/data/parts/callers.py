"""Folds that the caller has made: in Samples.side, a text a sample with a letter a fold."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.side.given import HELD, KEPT, UNUSED
from hpsoft.data.side.roles import FOLDS
from hpsoft.data.splitting import take
from hpsoft.data.types import Samples, Split, TrainingData
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

Indices = NDArray[np.intp]


def folds_text(parts: Sequence[tuple[Indices, Indices]], n_samples: int) -> Array:
    """Return folds, indices of what each keeps and holds out, as the text of each sample."""
    letters = np.full((n_samples, len(parts)), UNUSED, np.uint8)
    for i, (kept, held) in enumerate(parts):
        letters[kept, i], letters[held, i] = KEPT, HELD
    return letters.view(f"S{len(parts)}")[:, 0]


def given_folds(training: TrainingData) -> Iterator[Split]:
    """Yield the splits that the caller has made.

    Raises:
        DataError: a class without samples to train on in one of them.
    """
    samples, classes = training.samples, training.classes
    for i, letters in enumerate(_letters(samples).T):
        kept, held = (np.flatnonzero(letters == letter) for letter in (KEPT, HELD))
        absent = np.flatnonzero(np.bincount(samples.labels[kept], minlength=len(classes)) == 0)
        if len(absent):
            raise DataError(
                f"{len(absent)} of {len(classes)} classes, {classes[int(absent[0])]!r} for one, "
                f"have no sample that fold {i} (from 0) of --cv trains on, so they cannot be "
                "learnt there. Take stratified or fewer folds, or leave these classes out."
            )
        yield Split(take(samples, kept), take(samples, held), classes)


def given_share(samples: Samples) -> tuple[int, float]:
    """Return how many folds the caller has made, and the share that they hold out in the mean."""
    letters = _letters(samples)
    n_kept, n_held = ((letters == letter).sum() for letter in (KEPT, HELD))
    return letters.shape[1], float(n_held / (n_kept + n_held))


def _letters(samples: Samples) -> NDArray[np.uint8]:
    """Return what each sample is to each fold: (n_samples, n_folds)."""
    text = np.ascontiguousarray(samples.side[FOLDS])
    return text.view(np.uint8).reshape(len(text), -1)
