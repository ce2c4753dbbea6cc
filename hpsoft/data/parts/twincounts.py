"""How many samples have equals in all features, on which side, and what to say of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.intp]


@dataclass(frozen=True)
class Twins:
    """Samples that have equals in all features."""

    n_samples: int  # of the whole data, all that have one
    n_conflicting: int  # of them, that have one with another label
    n_training: int  # of the training part, that have one there or in the validation part
    n_validation: int  # of a validation part of the data's own, that have one in the training part
    n_test: int  # of the test part, that have one in the others


def count_twins(first: Sequence[Index], labels: Index) -> Twins:
    """Count from the first equal of each sample of the training, validation and test part.

    `labels` (n,) are those of all parts, in this order.
    """
    everything, training = np.concatenate(first), np.concatenate(first[:2])
    mine = has_twin(everything)
    return Twins(
        n_samples=int(mine.sum()),
        n_conflicting=_conflicting(everything[mine], labels[mine]),
        n_training=int(has_twin(training)[: len(first[0])].sum()),
        n_validation=int(np.isin(first[1], first[0]).sum()),
        n_test=int(np.isin(first[2], training).sum()),
    )


def has_twin(first: Index) -> NDArray[np.bool_]:
    """Tell which samples (n,) have an equal among them."""
    _, which, counts = np.unique(first, return_inverse=True, return_counts=True)
    return np.asarray(counts[which] > 1)


def _conflicting(first: Index, labels: Index) -> int:
    """Return how many samples have an equal of another label."""
    if not len(first):
        return 0
    _, which = np.unique(first, return_inverse=True)
    lowest = np.full(which.max() + 1, labels.max())
    highest = np.zeros(which.max() + 1, np.intp)
    np.minimum.at(lowest, which, labels)
    np.maximum.at(highest, which, labels)
    return int((lowest != highest)[which].sum())


def twin_warning(twins: Twins, n_test: int, *, is_given: bool) -> list[str]:
    """Return what is wrong with equal samples on two sides, if there are any."""
    shared = twins.n_validation if is_given else twins.n_training
    if not (twins.n_test or shared):
        return []
    labels = (
        f", {twins.n_conflicting:,} of them one of another label" if twins.n_conflicting else ""
    )
    where = []
    if twins.n_test:
        where.append(
            f"{twins.n_test:,} of the {n_test:,} test samples equal one that is trained on"
        )
    if shared:
        where.append(
            f"{shared:,} of the validation part equal one of the training part"
            if is_given
            else f"{shared:,} of the training samples equal another one, which folds and validation "
            "parts may divide"
        )
    warning = (
        f"{twins.n_samples:,} samples equal another in all features{labels}: {'; '.join(where)}. "
        "Scores are flattered by that; --dedupe keeps equal samples on one side."
    )
    return [warning]
