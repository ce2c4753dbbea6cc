"""Dividing samples in two, or into folds, class by class, by a seed alone.

The one place where samples are divided. Samples with groups (`Samples.side`) are divided in whole
groups, those with times by time; see `hpsoft.data.parts`.

Which samples go where is decided by raw output of PCG64, the part of NumPy's random numbers that
never changes between versions; so a split can be made again years later. The rows keep their
order: a memory map is read front to back.
"""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.parts.grouped import fold_of_groups
from hpsoft.data.parts.grouped import hold_out as held_groups
from hpsoft.data.parts.ordered import later, windows
from hpsoft.data.parts.tally import Tally
from hpsoft.data.rows import Rows
from hpsoft.data.side.roles import GROUPS, TIME
from hpsoft.data.types import Labels, Samples, Split, TrainingData
from hpsoft.errors import DataError

Parts = tuple[Labels, Labels]  # ascending indices of what is kept and what is held out

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
        kept, held = hold_out(training.samples, training.classes, fraction, seeds)
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
    counts = np.bincount(samples.labels, minlength=training.n_classes)
    _check(counts, training.classes, 0.5, (seed, FOLD_STREAM))
    if n_folds < 2:
        n_held = int(counts[counts > 1].sum())
        raise DataError(f"{n_folds} folds of {n_held:,} samples cannot be made: take 2 or more.")
    for repeat in range(n_repeats):
        keyed = (seed, FOLD_STREAM, repeat)
        for kept, held in _folds_of(samples, training.classes, n_folds, keyed):
            yield Split(take(samples, kept), take(samples, held), training.classes)


def _folds_of(
    samples: Samples, classes: tuple[str, ...], n_folds: int, seed: tuple[int, ...]
) -> Iterator[Parts]:
    """Yield ascending indices of the samples kept and held out, a fold each."""
    if TIME in samples.side:
        yield from _windows(samples, classes, n_folds)
        return
    fold = (_fold_of_groups if GROUPS in samples.side else _fold_of)(
        samples, classes, n_folds, seed
    )
    for i in range(n_folds):
        yield np.flatnonzero(fold != i), np.flatnonzero(fold == i)


def _fold_of(
    samples: Samples, classes: tuple[str, ...], n_folds: int, seed: tuple[int, ...]
) -> Labels:
    """Return the fold in which each sample is held out, -1 for the only one of its class."""
    labels = samples.labels
    counts = np.bincount(labels, minlength=len(classes))
    n_held = int(counts[counts > 1].sum())
    if n_folds > n_held:
        raise DataError(
            f"{n_folds} folds of {n_held:,} samples cannot be made (a class of one sample is never "
            "held out): take 2 or more, at most as many as there are samples."
        )
    by_class = np.lexsort((_keys(seed, len(labels)), labels))  # in random order inside
    by_class = by_class[counts[labels[by_class]] > 1]
    fold = np.full(len(labels), -1, np.intp)
    fold[by_class] = np.arange(len(by_class)) % n_folds
    return fold


def _fold_of_groups(
    samples: Samples, classes: tuple[str, ...], n_folds: int, seed: tuple[int, ...]
) -> Labels:
    """Return the same for whole groups, -1 for those that some class is never without."""
    tally, group = _tally(samples, classes)
    n_held = int(np.sum(~tally.is_bound))
    if n_folds > n_held:
        raise DataError(
            f"{n_folds} folds of {len(tally):,} groups cannot be made: {n_held:,} of them can be "
            "held out (a class of one group is never held out). Each fold needs a group: take "
            f"fewer folds{f', such as --cv {n_held}' if n_held > 1 else ' (--cv none)'}."
        )
    return fold_of_groups(tally, n_folds, _keys(seed, len(tally)))[group]


def _windows(samples: Samples, classes: tuple[str, ...], n_folds: int) -> Iterator[Parts]:
    """Yield folds that are trained on all that lies before them in time."""
    divided = list(windows(samples.side[TIME], n_folds))
    if not divided:
        n_times = len(np.unique(samples.side[TIME]))
        raise DataError(
            f"{n_folds} folds one after another in time need {n_folds + 1} different times or "
            f"more; the {len(samples):,} samples have {n_times:,}. Take fewer folds, or --cv none."
        )
    for kept, held in divided:
        _check_learnt(samples.labels[kept], classes, f"the first of {n_folds} folds")
        yield np.flatnonzero(kept), np.flatnonzero(held)


def groups_held(samples: Samples, classes: tuple[str, ...]) -> int:
    """Return how many groups of some samples can be held out: not those a class depends on."""
    return int(np.sum(~_tally(samples, classes)[0].is_bound))


def _tally(samples: Samples, classes: tuple[str, ...]) -> tuple[Tally, Labels]:
    """Return the groups that there are, and which of them each sample is in."""
    group = np.unique(samples.side[GROUPS], return_inverse=True)[1]
    return Tally.of(samples.labels, group, len(classes)), group


def _keys(seed: tuple[int, ...], n: int) -> NDArray[np.uint64]:
    return np.random.PCG64(np.random.SeedSequence(seed)).random_raw(n)


def take(samples: Samples, rows: Labels) -> Samples:
    """Return the samples of the given rows; nothing is copied yet but their labels."""
    X = samples.X.take(rows) if isinstance(samples.X, Rows) else Rows(samples.X, rows)
    side = {role: values[rows] for role, values in samples.side.items()}
    return Samples(X, samples.labels[rows], side)


def hold_out(
    samples: Samples,
    classes: tuple[str, ...],
    fraction: float,
    seed: tuple[int, int],
    *,
    bound: str = "--groups or --dedupe",
) -> Parts:
    """Return ascending indices of the samples kept and of those held out.

    `bound` names the options that keep samples together.
    ceil(n * fraction) samples are held out: the later ones where samples have a time, whole groups
    where they have groups (as near to `stratified` as these allow), else as `stratified` says.

    Raises:
        DataError: as `split`.
    """
    if TIME in samples.side:
        return _later(samples, classes, fraction, seed)
    if GROUPS in samples.side:
        return _whole_groups(samples, classes, fraction, seed, bound)
    return stratified(samples.labels, classes, fraction, seed)


def _later(
    samples: Samples, classes: tuple[str, ...], fraction: float, seed: tuple[int, int]
) -> Parts:
    counts = np.bincount(samples.labels, minlength=len(classes))
    _check(counts, classes, fraction, seed)
    held = later(samples.side[TIME], _wanted(len(samples), fraction))
    if not held.any():
        raise DataError(
            f"{len(samples):,} samples of one time cannot be divided by --time: none is later. "
            "Give them different times, or leave --time out."
        )
    _check_learnt(samples.labels[~held], classes, "the later part that is held out")
    return np.flatnonzero(~held), np.flatnonzero(held)


def _whole_groups(
    samples: Samples, classes: tuple[str, ...], fraction: float, seed: tuple[int, int], bound: str
) -> Parts:
    counts = np.bincount(samples.labels, minlength=len(classes))
    _check(counts, classes, fraction, seed)
    tally, group = _tally(samples, classes)
    quota = _quotas(counts, _wanted(len(samples), fraction))
    held = held_groups(tally, quota, _keys(seed, len(tally)))[group]
    if not held.any():
        raise DataError(
            f"{len(tally):,} group(s) of {len(samples):,} samples cannot be divided: each is the "
            "only one that has some class, so none can be held out. Take finer groups, or leave "
            f"{bound} out."
        )
    return np.flatnonzero(~held), np.flatnonzero(held)


def _check_learnt(labels: Labels, classes: tuple[str, ...], held: str) -> None:
    """Check that all classes occur among what lies before `held` in time."""
    absent = np.flatnonzero(np.bincount(labels, minlength=len(classes)) == 0)
    if len(absent):
        raise DataError(
            f"{len(absent)} of {len(classes)} classes, {classes[int(absent[0])]!r} for one, do not "
            f"occur before {held} in time, so they cannot be learnt there. Hold out less, take "
            "fewer folds or --cv none, or leave these classes out."
        )


def _wanted(n: int, fraction: float) -> int:
    return math.ceil(n * fraction - 1e-9)


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
    quota = _quotas(counts, _wanted(len(labels), fraction))
    if not quota.any():
        raise DataError(
            f"{len(labels)} samples of {len(classes)} classes cannot be divided: no class has a "
            "sample to spare. Give the classes more samples; if this is not the column of the labels, "
            "name it with --target."
        )
    by_class = np.lexsort((_keys(seed, len(labels)), labels))  # in random order inside
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
