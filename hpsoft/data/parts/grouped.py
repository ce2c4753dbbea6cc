"""Whole groups held out, or in folds, so that classes are divided as evenly as may be.

Groups are taken in random order, and each goes where it brings the counts of classes nearest to
what a stratified division of single samples has:

    sum over classes c of (n_c - wanted_c)^2 / N_c

with n_c samples of N_c on one side. Groups of one sample come last and fill what is missing
exactly, so where every group is one sample the division is the stratified one. As in that one, a
class is never held out whole: where that cannot be had, groups are trained on always.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.parts.tally import Counts, Tally

ALWAYS_TRAINED = -1
PASSES = 3  # over all groups, at most: later ones move what has a better place now

Keys = NDArray[np.uint64]
Row = Sequence[tuple[int, int]]  # classes of a group, and how many samples of each it has


def hold_out(tally: Tally, quota: Counts, keys: Keys) -> NDArray[np.bool_]:
    """Return which groups (n_groups,) are held out, none if none can be.

    `quota` (n_classes,) is how many samples of each class are wanted; `keys` (n_groups,) are
    random and decide the order.
    """
    side = _Side(tally, quota)
    held = np.zeros(len(tally), bool)
    order = tally.larger[np.argsort(keys[tally.larger], kind="stable")]
    # As large a share of these as of all, or they would all be held out: they come first.
    share = quota.sum() / tally.of_class.sum() * 2.0**64
    for group in order[keys[order] < share].tolist():
        side.settle(group, held)
    side.count_on_singles(tally)
    for _ in range(PASSES):
        if not sum([side.settle(group, held) for group in order.tolist()]):
            break
    _fill(tally, held, side, keys)
    if not held.any() and not tally.is_bound.all():
        held[_nearest(tally, quota)] = True
    return held


class _Side:
    """What is held out so far, in samples and groups of each class."""

    def __init__(self, tally: Tally, quota: Counts) -> None:
        self._rows = tally.rows
        self._weight = (1 / np.maximum(tally.of_class, 1)).tolist()
        self._singles = [0] * tally.n_classes  # that can fill what is missing
        self.missing: list[int] = quota.tolist()
        self.left: list[int] = tally.groups_of_class.tolist()  # groups that are trained on

    def count_on_singles(self, tally: Tally) -> None:
        """Leave to groups of one sample what they can fill from now on."""
        classes = tally.classes[tally.start[tally.singles]]
        self._singles = np.bincount(classes, minlength=tally.n_classes).tolist()

    def settle(self, group: int, held: NDArray[np.bool_]) -> bool:
        """Move a group to the other side if that is better; tell whether it was moved."""
        row, sign = self._rows[group], -1 if held[group] else 1
        gain = sum(n * (2 * sign * self._wanted(c) - n) * self._weight[c] for c, n in row)
        if gain <= 0 or (sign > 0 and min(self.left[c] for c, _ in row) < 2):
            return False
        for c, n in row:
            self.missing[c] -= sign * n
            self.left[c] -= sign
        held[group] = sign > 0
        return True

    def _wanted(self, c: int) -> int:
        """Return how many samples of a class are missing, negative where there are too many."""
        return min(self.missing[c], max(self.missing[c] - self._singles[c], 0))


def _fill(tally: Tally, held: NDArray[np.bool_], side: _Side, keys: Keys) -> None:
    """Hold out groups of one sample, as many of each class as are missing."""
    singles = tally.singles
    classes = tally.classes[tally.start[singles]]
    order = np.lexsort((keys[singles], classes))
    counts = np.bincount(classes, minlength=tally.n_classes)
    rank = np.arange(len(singles)) - np.repeat(np.cumsum(counts) - counts, counts)
    wanted = np.minimum(side.missing, np.subtract(side.left, 1))
    held[singles[order[rank < wanted[classes[order]]]]] = True


def _nearest(tally: Tally, quota: Counts) -> int:
    """Return the group that alone comes nearest to what is wanted, of those that may be held."""
    weight = 1 / np.maximum(tally.of_class[tally.classes], 1)
    excess = tally.counts * (tally.counts - 2 * quota[tally.classes]) * weight
    total = np.add.reduceat(excess, tally.start[:-1])
    return int(np.argmin(np.where(tally.is_bound, np.inf, total)))


def fold_of_groups(tally: Tally, n_folds: int, keys: Keys) -> Counts:
    """Return the fold in which each group is held out, ALWAYS_TRAINED where it never is.

    Larger groups go first, in bands of a factor 2 and in random order inside, so that other keys
    make other folds. Each of `n_folds` gets a group where that many may be held out.
    """
    folds = _Folds(tally, n_folds)
    bands = np.log2(tally.sizes[tally.larger]).astype(np.intp)
    order = tally.larger[np.lexsort((keys[tally.larger], -bands))].tolist()
    spins = (keys % np.uint64(n_folds)).tolist()
    for _ in range(PASSES):
        if not sum([folds.settle(group, spins[group]) for group in order]):
            break
    fold = np.array(folds.fold, np.intp)
    _level(tally, fold, n_folds, keys)
    return fold


class _Folds:
    """Where each group is held out so far, and what each fold has of each class."""

    def __init__(self, tally: Tally, n_folds: int) -> None:
        self._rows = tally.rows
        self._weight = (1 / np.maximum(tally.of_class, 1)).tolist()
        self._weight_of_all = 1 / int(tally.sizes.sum())
        self._groups: list[int] = tally.groups_of_class.tolist()
        self.fold = [ALWAYS_TRAINED] * len(tally)
        self._samples = [[0] * tally.n_classes for _ in range(n_folds)]
        self._members = [[0] * tally.n_classes for _ in range(n_folds)]  # groups, by class
        self._size = [0] * n_folds
        self._n_groups = [0] * n_folds

    def settle(self, group: int, spin: int) -> bool:
        """Put a group into the fold that is best for it; tell whether that is another one."""
        row, before = self._rows[group], self.fold[group]
        if before != ALWAYS_TRAINED and self._n_groups[before] == 1:
            return False
        self._add(row, before, -1)
        after = self._best(row, before, spin)
        self._add(row, after, 1)
        self.fold[group] = after
        return before != after

    def _best(self, row: Row, before: int, spin: int) -> int:
        """Return the fold with least of what the group has; of equal ones the one it was in."""
        n_folds = len(self._size)
        best, least = ALWAYS_TRAINED, np.inf
        for i in range(n_folds):
            fold = (i + spin) % n_folds
            cost = self._cost(row, fold)
            if cost < least or (cost == least and fold == before):
                best, least = fold, cost
        return best

    def _cost(self, row: Row, fold: int) -> float:
        """Return by how much more the sum of squares grows than in an empty fold."""
        samples, members = self._samples[fold], self._members[fold]
        cost, size = 0.0, 0
        for c, n in row:
            if members[c] + 1 == self._groups[c]:
                return np.inf  # the fold would have all groups of a class
            cost += n * samples[c] * self._weight[c]
            size += n
        return cost + self._size[fold] * size * self._weight_of_all

    def _add(self, row: Row, fold: int, sign: int) -> None:
        if fold == ALWAYS_TRAINED:
            return
        samples, members = self._samples[fold], self._members[fold]
        for c, n in row:
            samples[c] += sign * n
            members[c] += sign
            self._size[fold] += sign * n
        self._n_groups[fold] += sign


def _level(tally: Tally, fold: Counts, n_folds: int, keys: Keys) -> None:
    """Deal out groups of one sample, class by class, each to a fold with fewest of the class."""
    n = _per_fold(tally, fold, n_folds)
    size = n.sum(axis=1)
    singles = tally.singles
    classes = tally.classes[tally.start[singles]]
    by_class = singles[np.lexsort((keys[singles], classes))]
    ends = np.cumsum(np.bincount(classes, minlength=tally.n_classes))
    for c, mine in enumerate(np.split(by_class, ends[:-1])):
        if len(mine) and tally.groups_of_class[c] > 1:
            fold[mine] = _lowest(n[:, c], size, len(mine))
            size += np.bincount(fold[mine], minlength=n_folds)


def _per_fold(tally: Tally, fold: Counts, n_folds: int) -> Counts:
    """Return how many samples of each class each fold has, (n_folds, n_classes)."""
    of_pair = np.repeat(fold, np.diff(tally.start))
    placed = of_pair != ALWAYS_TRAINED
    flat = of_pair[placed] * tally.n_classes + tally.classes[placed]
    n = np.bincount(flat, tally.counts[placed], n_folds * tally.n_classes)
    return n.astype(np.intp).reshape(n_folds, tally.n_classes)


def _lowest(heights: Counts, size: Counts, n: int) -> Counts:
    """Return the folds that n samples go to, one after another, each to the lowest then.

    Among equally low folds the smaller goes first.
    """
    level = np.sort(heights)
    # No fold is filled above the height that the n samples reach together.
    top = min((n + int(level[: k + 1].sum())) // (k + 1) for k in range(len(level))) + 1
    slots = [np.arange(height, max(height, top) + 1) for height in heights.tolist()]
    of = np.repeat(np.arange(len(heights)), [len(those) for those in slots])
    order = np.lexsort((of, size[of], np.concatenate(slots)))
    return of[order[:n]]
