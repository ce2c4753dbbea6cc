"""Dividing samples in two, or into folds, class by class, by a seed alone.

Which samples go where is decided by raw output of PCG64, the part of NumPy's random numbers that
never changes between versions; so a split can be made again years later. The rows keep their
order: a memory map is read front to back.
"""

import math
from collections.abc import Iterator

import numpy as np

from hpsoft.data.rows import Rows
from hpsoft.data.types import Labels, Samples, Split, TrainingData
from hpsoft.errors import DataError

VAL_FRACTION = TEST_FRACTION = 0.2  # where nobody says otherwise
# What one seed divides in these streams has nothing in common.
TEST_STREAM, VALIDATION_STREAM, FOLD_STREAM = 0, 1, 2


def split(training: TrainingData, val_fraction: float | None, seed: int) -> Split:
    """Divide training data into a part to train on and a part to choose by, stratified.

    Data with a validation part of its own is divided so. `val_fraction` None is VAL_FRACTION.

    Raises:
        DataError: a fraction outside (0, 1) or beside a validation part, a negative seed, too few
            samples for two parts, or a class without training samples.
    """
    if training.validation is None:
        fraction = VAL_FRACTION if val_fraction is None else val_fraction
        seeds = (seed, VALIDATION_STREAM)
        kept, held = stratified(training.samples.labels, training.classes, fraction, seeds)
        parts = take(training.samples, kept), take(training.samples, held)
        return Split(*parts, training.classes)
    if val_fraction is not None:
        raise DataError(
            f"{training.name} has a validation part of its own, {len(training.validation):,} "
            "samples, so --val-fraction has nothing to divide. Leave it out."
        )
    _check_seed(seed)
    return Split(training.samples, training.validation, training.classes)


def folds(training: TrainingData, n_folds: int, n_repeats: int, seed: int) -> Iterator[Split]:
    """Yield the splits of a stratified K-fold cross-validation, repeated with other folds.

    In each repetition every sample is held out once, but for a class of one sample, which is
    trained on always. Folds differ by one sample at most, of each class too. The samples of a
    validation part of the data's own are among them.

    Raises:
        DataError: fewer than two folds, more folds than samples to hold out, no repetition, a
            negative seed, or a class without samples.
    """
    samples = training.everything
    labels = samples.labels
    counts = np.bincount(labels, minlength=training.n_classes)
    _check(counts, training.classes, 0.5, (seed, FOLD_STREAM))
    n_held = int(counts[counts > 1].sum())
    if not 2 <= n_folds <= n_held:
        raise DataError(
            f"{n_folds} folds of {n_held:,} samples cannot be made (a class of one sample is never "
            "held out): take 2 or more, at most as many as there are samples."
        )
    for repeat in range(n_repeats):
        fold = _fold_of(labels, counts, n_folds, (seed, FOLD_STREAM, repeat))
        for i in range(n_folds):
            kept, held = np.flatnonzero(fold != i), np.flatnonzero(fold == i)
            yield Split(take(samples, kept), take(samples, held), training.classes)


def _fold_of(labels: Labels, counts: Labels, n_folds: int, seed: tuple[int, ...]) -> Labels:
    """Return the fold in which each sample is held out, -1 for the only one of its class."""
    keys = np.random.PCG64(np.random.SeedSequence(seed)).random_raw(len(labels))
    by_class = np.lexsort((keys, labels))  # grouped by class, in random order inside
    by_class = by_class[counts[labels[by_class]] > 1]
    fold = np.full(len(labels), -1, np.intp)
    fold[by_class] = np.arange(len(by_class)) % n_folds
    return fold


def take(samples: Samples, rows: Labels) -> Samples:
    """Return the samples of the given rows; nothing is copied yet but their labels."""
    X = samples.X.take(rows) if isinstance(samples.X, Rows) else Rows(samples.X, rows)
    side = {role: values[rows] for role, values in samples.side.items()}
    return Samples(X, samples.labels[rows], side)


def stratified(
    labels: Labels, classes: tuple[str, ...], fraction: float, seed: tuple[int, int]
) -> tuple[Labels, Labels]:
    """Return ascending indices of the samples kept and of those held out.

    ceil(n * fraction) samples are held out, from each class in proportion (largest remainders
    first); a class always keeps at least one sample.

    Raises:
        DataError: as `split`.
    """
    counts = np.bincount(labels, minlength=len(classes))
    _check(counts, classes, fraction, seed)
    quota = _quotas(counts, math.ceil(len(labels) * fraction - 1e-9))
    if not quota.any():
        raise DataError(
            f"{len(labels)} samples of {len(classes)} classes cannot be divided: no class has a "
            "sample to spare. Give the classes more samples; if this is not the column of the labels, "
            "name it with --target."
        )
    keys = np.random.PCG64(np.random.SeedSequence(seed)).random_raw(len(labels))
    by_class = np.lexsort((keys, labels))  # grouped by class, in random order inside
    rank = np.empty(len(labels), np.intp)
    rank[by_class] = np.arange(len(labels)) - np.repeat(np.cumsum(counts) - counts, counts)
    held = rank < quota[labels]
    return np.flatnonzero(~held), np.flatnonzero(held)


def _check(
    counts: Labels, classes: tuple[str, ...], fraction: float, seed: tuple[int, int]
) -> None:
    if not 0 < fraction < 1:
        raise DataError(
            f"A fraction of {fraction:g} cannot be held out: it must lie between 0 and 1, such as 0.2."
        )
    _check_seed(seed[0])
    if not counts.all():
        raise DataError(
            f"Class {classes[int(np.argmin(counts))]!r} is absent from the training part, so it "
            "cannot be learnt. Give it samples or leave it out."
        )


def _check_seed(seed: int) -> None:
    if seed < 0:
        raise DataError(f"The seed must be 0 or more, not {seed}.")


def _quotas(counts: Labels, wanted: int) -> Labels:
    """Return how many samples each class gives up: in proportion, never its last one."""
    room = counts - 1
    exact = counts * (wanted / counts.sum())
    quota = np.minimum(np.floor(exact).astype(np.intp), room)
    while (short := wanted - int(quota.sum())) > 0 and (quota < room).any():
        remainder = np.where(quota < room, exact - quota, -np.inf)
        best = np.argsort(-remainder, kind="stable")[: min(short, int((quota < room).sum()))]
        quota[best] += 1
    return quota
