"""Equal samples on one side: groups of them, and none of what a later part has."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.parts.twincounts import Index, has_twin
from hpsoft.data.side.roles import GROUPS
from hpsoft.data.splitting import take
from hpsoft.data.types import Samples
from hpsoft.errors import DataError


def keep_together(
    samples: Samples, validation: Samples | None, first: list[Index]
) -> tuple[Samples, Samples | None, list[Index], list[str]]:
    """Return training and validation part with equal samples on one side, and what was done.

    `first` is the first equal of each sample of the training, validation and test part.

    Of parts that are given, the earlier lose what is in a later one: the test part stays as it is,
    and the validation part but for that. Inside the training part they become groups.
    """
    later = first[2]
    notes: list[str] = []
    if validation is not None:
        keep = ~np.isin(first[1], later)
        validation, notes = _without(validation, keep, "validation", "the test part", notes)
        first = [first[0], first[1][keep], first[2]]
        later = np.concatenate([first[1], later])
    if len(later):
        keep = ~np.isin(first[0], later)
        what = "the test part" if validation is None else "the validation or test part"
        samples, notes = _without(samples, keep, "training", what, notes)
        first = [first[0][keep], *first[1:]]
    members = np.concatenate(first[:2])
    if len(np.unique(members)) == len(members):
        return samples, validation, first, notes
    pooled = [part for part in (samples, validation) if part is not None]
    codes = _codes(pooled, members)
    ends = np.cumsum([len(part) for part in pooled])[:-1]
    grouped = [
        with_groups(part, mine) for part, mine in zip(pooled, np.split(codes, ends), strict=True)
    ]
    n_twins = int(has_twin(members).sum())
    notes.append(f"{n_twins:,} samples equal others in all features; these stay together.")
    return grouped[0], grouped[1] if validation is not None else None, first, notes


def with_groups(part: Samples, groups: Index | None) -> Samples:
    """Return a part with these groups (n,) of its samples; None: with those that it has."""
    return part if groups is None else replace(part, side={**part.side, GROUPS: groups})


def groups_of_twins(part: Samples, first: Index) -> Index | None:
    """Return groups (n,) that have equal samples of a part together; None: there are none.

    `first` is the first equal of each. A test part that is given needs them for its intervals.
    """
    if len(np.unique(first)) == len(first):
        return None
    return _codes([part], first)


def _codes(parts: Sequence[Samples], members: Index) -> Index:
    """Return groups of the samples of some parts, (n,): equal ones are in one, as groups were."""
    groups = members
    if GROUPS in parts[0].side:
        groups = _joined(np.concatenate([part.side[GROUPS] for part in parts]), members)
    return np.unique(groups, return_inverse=True)[1].astype(np.intp)


def _without(
    part: Samples, keep: NDArray[np.bool_], title: str, other: str, notes: list[str]
) -> tuple[Samples, list[str]]:
    if keep.all():
        return part, notes
    if not keep.any():
        raise DataError(f"All samples of the {title} part equal one of {other}: none is left.")
    note = (
        f"{int((~keep).sum()):,} of {len(keep):,} samples of the {title} part equal one of {other} "
        "in all features, and are left out."
    )
    return take(part, np.flatnonzero(keep)), [*notes, note]


def _joined(groups: Index, members: Index) -> Index:
    """Return groups (n,) of which those that have equal samples are one."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    of_member = np.unique(members, return_inverse=True)[1]
    size = int(groups.max()) + 1
    n = size + int(of_member.max()) + 1
    links = coo_array((np.ones(len(groups), bool), (groups, size + of_member)), shape=(n, n))
    component = connected_components(links, directed=False)[1]
    return np.asarray(component[groups], np.intp)
