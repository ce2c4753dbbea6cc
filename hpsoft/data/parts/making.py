"""Training, validation and test part of a data set: those it has, and those it is given here.

samples as read -> --split -> equal rows -> --dedupe -> a test part
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from hpsoft.data.parts.dedupe import groups_of_twins, keep_together
from hpsoft.data.parts.twincounts import Index, Twins, count_twins, twin_warning
from hpsoft.data.parts.twins import MOST_BYTES, first_equal
from hpsoft.data.side.given import TEST, TRAIN, VAL
from hpsoft.data.side.roles import GROUPS, ROLES, SPLIT, TIME
from hpsoft.data.splitting import TEST_FRACTION, TEST_STREAM, hold_out, take
from hpsoft.data.types import Samples
from hpsoft.errors import DataError

TITLES = ("training", "validation", "test")

Three: TypeAlias = tuple[Samples, Samples | None, Samples | None]


@dataclass(frozen=True)
class Parts:
    """A data set, divided."""

    training: Samples
    validation: Samples | None
    test: Samples
    twins: Twins | None  # None: not looked for
    notes: tuple[str, ...]
    # Groups of equal samples of a test part that was given; None: it has those of its side. Only
    # intervals are by them, so they are none of what the fingerprint covers.
    test_groups: Index | None = None
    held_out: int | None = 0  # of a test part that was made here; None: nothing tests


def check_roles(side: Mapping[str, str], *, dedupe: bool) -> None:
    """Check that wishes for the division do not contradict each other.

    Raises:
        DataError: they do.
    """
    if TIME not in side:
        return
    for other, what in (
        (GROUPS, f"{ROLES[GROUPS].option} {side.get(GROUPS)}"),
        (None, "--dedupe"),
    ):
        if (other in side) if other else dedupe:
            raise DataError(
                f"--time {side[TIME]} divides samples by time, and {what} keeps some together "
                "whenever they are: both cannot hold. Leave one of them out."
            )


def make_parts(
    read: Three,
    classes: tuple[str, ...],
    test_fraction: float | None,
    seed: int,
    *,
    dedupe: bool,
    where: str,
) -> Parts:
    """Divide what was read into a training part, a validation part where it is given, and a test.

    `test_fraction` None holds nothing out: the test part is what was read, or empty.

    Raises:
        DataError: parts contradict each other, or there is too little to divide.
    """
    samples, validation, test = _by_column(read, classes, where)
    present = [part for part in (samples, validation, test) if part is not None]
    _check_groups((samples, validation, test), where)
    _check_times((samples, validation, test), where)
    # Where --groups says nothing of the test part, that is told; equal samples are no such groups.
    is_silent = test is not None and GROUPS in samples.side and GROUPS not in test.side
    n_bytes = sum(part.X.size * part.X.itemsize for part in present)
    notes = []
    if n_bytes > MOST_BYTES and not dedupe:
        notes.append(
            f"Equal samples are not looked for in more than {MOST_BYTES / 1e9:.1f} GB of features; "
            "--dedupe does so."
        )
        first = None
    else:
        first = _cut(first_equal([part.X for part in present]), (samples, validation, test))
    if dedupe:
        assert first is not None, "they were looked for"
        samples, validation, first, said = keep_together(samples, validation, first)
        notes += said
    test_groups = None
    held_out: int | None = 0
    if dedupe and test is not None and first is not None and not is_silent:
        test_groups = groups_of_twins(test, first[2])
    if test is None:
        everything = np.arange(len(samples)), np.arange(0)
        kept, held = everything
        if test_fraction is not None:
            given = [ROLES[GROUPS].option] * (GROUPS in read[0].side) + ["--dedupe"] * dedupe
            seeds, bound = (seed, TEST_STREAM), " and ".join(given)
            try:
                kept, held = hold_out(samples, classes, test_fraction, seeds, bound=bound)
            except DataError as error:
                raise DataError(f"{where}: {error}") from None
        samples, test = take(samples, kept), take(samples, held)
        held_out = len(held) or None
        if first is not None:
            first = [first[0][kept], first[1], first[0][held]]
    elif test_fraction not in {None, TEST_FRACTION}:
        notes.append(
            f"--test-fraction {test_fraction:g} divides nothing: there is a test part already."
        )
    twins = None if first is None else _counted(first, (samples, validation, test))
    if twins is not None and not dedupe:
        notes += twin_warning(twins, len(test), is_given=validation is not None)
    return Parts(samples, validation, test, twins, tuple(notes), test_groups, held_out)


def _by_column(read: Three, classes: tuple[str, ...], where: str) -> Three:
    """Divide samples as a column of theirs says; the column has done its work then."""
    samples, validation, test = read
    if SPLIT not in samples.side:
        return read
    for part, title in ((validation, "validation"), (test, "test")):
        if part is not None:
            raise DataError(
                f"{where} has a {title} part of its own, so --split has nothing to say. Leave it "
                "out."
            )
    part_of = samples.side[SPLIT]
    rest = {role: values for role, values in samples.side.items() if role != SPLIT}
    samples = replace(samples, side=rest)
    train, *others = (np.flatnonzero(part_of == part) for part in (TRAIN, VAL, TEST))
    absent = np.flatnonzero(np.bincount(samples.labels[train], minlength=len(classes)) == 0)
    if len(absent):
        raise DataError(
            f"{where}: {len(absent)} of {len(classes)} classes, {classes[int(absent[0])]!r} for "
            "one, have no sample in the training part of --split, so they cannot be learnt. Give "
            "them some, or take them out."
        )
    val, held = (take(samples, rows) if len(rows) else None for rows in others)
    return take(samples, train), val, held


def _check_groups(parts: Three, where: str) -> None:
    """Check that no group is on two sides of parts that are given."""
    known = [
        (title, np.unique(part.side[GROUPS]), part)
        for title, part in zip(TITLES, parts, strict=True)
        if part is not None and GROUPS in part.side
    ]
    for i, (title, groups, _) in enumerate(known):
        for other, theirs, part in known[i + 1 :]:
            both = np.intersect1d(groups, theirs)
            if len(both):
                rows = int(np.isin(part.side[GROUPS], both).sum())
                raise DataError(
                    f"{where}: {len(both):,} of the {len(theirs):,} groups of the {other} part are "
                    f"in the {title} part as well, with {rows:,} samples of the {other} part: "
                    "--groups and these parts contradict each other. Leave --groups or --split "
                    "out, or move these samples."
                )


def _check_times(parts: Three, where: str) -> None:
    """Check that nothing in a part that is given is as early as what comes before that part."""
    known = [
        (title, part.side[TIME])
        for title, part in zip(TITLES, parts, strict=True)
        if part is not None and TIME in part.side and len(part)
    ]
    for i, (title, times) in enumerate(known):
        for other, theirs in known[i + 1 :]:
            early = int(np.sum(theirs <= times.max()))
            if early:
                raise DataError(
                    f"{where}: {early:,} of the {len(theirs):,} samples of the {other} part are no "
                    f"later than the last of the {title} part: {ROLES[TIME].option} and these parts "
                    "contradict each other. Leave --time or --split out, or move these samples."
                )


def _cut(first: Index, parts: Three) -> list[Index]:
    """Return what belongs to each of three parts; nothing to one that is not there."""
    sizes = [0 if part is None else len(part) for part in parts]
    return np.split(first, np.cumsum(sizes)[:-1])


def _counted(first: list[Index], parts: Three) -> Twins:
    labels = np.concatenate([part.labels for part in parts if part is not None])
    return count_twins(first, labels)
