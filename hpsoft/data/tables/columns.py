"""Which column of a table is what: the labels, the features, and what is left out.

    names, kinds, Wish -> assign -> Columns -> (the table is read) -> settle -> Columns

Nothing is left out or guessed in silence: `Columns` keeps why, and says it in sentences.
"""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.encoding.policy import BEFORE, NOW
from hpsoft.data.side.roles import ROLES
from hpsoft.data.tables.columnnames import is_unnamed, named_labels, numbers_rows
from hpsoft.data.tables.header import ROW_NAMES
from hpsoft.data.tables.tabular import check_called, check_names, column_index, no_features
from hpsoft.errors import DataError

Numbers = NDArray[np.float64] | NDArray[np.int64]

DROPPED = "--drop says so"
ONLY_TEXT = "the only one of text"
NAMES_ROWS = "it names the rows"
NOT_NAMED = "--features names others"
FEWEST_COUNTED = 10  # rows that a column of any name must count to be no feature


class Kind(StrEnum):
    """What most cells of a column are."""

    NUMBER = "number"
    TRUTH = "truth"  # true or false
    TEXT = "text"
    DATE = "date"  # stored as such; dates in text are found later
    EMPTY = "empty"  # all of them, as far as they are known


@dataclass(frozen=True)
class Wish:
    """What the user says of the columns, each by its name or its position from 0."""

    target: str | None = None
    keep: tuple[str, ...] = ()  # as features, although they seem to number the rows
    drop: tuple[str, ...] = ()
    side: Mapping[str, str] = field(default_factory=dict)  # role -> column, no feature
    features: tuple[str, ...] = ()  # no other columns, or arrays, are features
    rules: int = NOW  # of which release; no wish of the user's
    delimiter: str | None = None  # between columns of text; None: it is found
    sets: tuple[str, ...] = ()  # names in feature sets: of arrays, without `features`
    missing: frozenset[str] = frozenset()  # words in lower case that say so; of the policy
    whole_rows: bool = False  # rows with gaps are left out; of the policy

    def __bool__(self) -> bool:
        """Tell whether the user says anything."""
        lists = (self.keep, self.drop, self.side, self.features)
        texts = (self.target, self.delimiter)
        return any(text is not None for text in texts) or any(map(bool, lists))


NO_WISH = Wish()


@dataclass(frozen=True)
class LeftOut:
    """A column that is neither a feature nor the labels."""

    name: str
    why: str


@dataclass(frozen=True)
class Columns:
    """What each column is taken for."""

    names: tuple[str, ...]
    label: int
    why: str | None  # it is the labels; None: the user said so
    left_out: Mapping[int, str]  # position -> why
    suspects: Mapping[int, bool] = field(default_factory=dict)  # position -> named as row numbers
    side: Mapping[str, int] = field(default_factory=dict)  # role -> position
    kinds: tuple[Kind, ...] = ()  # of all columns
    kept: frozenset[int] = frozenset()  # that --keep names

    @property
    def features(self) -> list[int]:
        """Positions of the features, suspects among them."""
        out = {self.label, *self.left_out}
        return [i for i in range(len(self.names)) if i not in out]

    @property
    def numbers(self) -> list[int]:
        """Positions of the features that are stored as numbers."""
        return [i for i in self.features if self.kinds[i] is not Kind.TEXT]

    @property
    def texts(self) -> list[int]:
        """Positions of the features that are stored as texts."""
        return [i for i in self.features if self.kinds[i] is Kind.TEXT]

    @property
    def label_name(self) -> str:
        """Name of the column of the labels."""
        return self.names[self.label]

    @property
    def is_guess(self) -> bool:
        """Whether nobody said which column holds the labels."""
        return self.why is not None

    def notes(self) -> tuple[str, ...]:
        """Return in sentences what was decided where nobody said, the labels first."""
        found = []
        if self.is_guess:
            found.append(f"Labels: column {self.label_name!r}, {self.why}.")
        return (
            *found,
            *(
                f"Column {self.names[i]!r} is left out: {why}."
                for i, why in self.left_out.items()
                if why not in {DROPPED, NOT_NAMED}
            ),
        )

    def omitted(self) -> tuple[LeftOut, ...]:
        """Return the columns that are left out."""
        return tuple(LeftOut(self.names[i], why) for i, why in self.left_out.items())


def assign(
    names: Sequence[str],
    kinds: Sequence[Kind],
    wish: Wish,
    where: str,
    counts: Callable[[int], bool],
) -> Columns:
    """Say what each column is, as far as names and kinds tell.

    Columns that may number or name the rows become `suspects`: `settle` decides on them. `counts`
    tells whether the column at a position counts the rows, as far as they are known.

    Raises:
        DataError: a column that does not exist, a name twice, contradictory wishes, or no feature.
    """
    check_names(names, where)
    target = None if wish.target is None else column_index(names, wish.target, where, "--target")
    keep = {column_index(names, name, where, "--keep") for name in wish.keep}
    drop = {column_index(names, name, where, "--drop") for name in wish.drop}
    only = {column_index(names, name, where, "--features") for name in wish.features}
    keep |= only
    _check_wishes(names, target, keep, drop)
    side = {
        role: column_index(names, name, where, ROLES[role].option)
        for role, name in wish.side.items()
    }
    _check_side(names, side, target)
    beside = {i: _holds(role) for role, i in side.items() if i not in keep}
    left_out = {**dict.fromkeys(drop, DROPPED), **beside}
    suspects = {}
    for i, name in enumerate(names):
        if (
            i in left_out
            or i in keep
            or i == target
            or not (name == ROW_NAMES or numbers_rows(name))
        ):
            continue
        if name == ROW_NAMES:
            left_out[i] = NAMES_ROWS
        elif kinds[i] is Kind.EMPTY:
            left_out[i] = "it is empty"
        else:
            suspects[i] = True
    label, why = _labels(
        names, kinds, target, {*left_out, *suspects, *keep, *side.values()}, where
    )
    if why is not None and label not in named_labels(names):
        check_called(names, {ROLES[role].option: i for role, i in side.items()}, where)
    if only:
        left_out |= {i: NOT_NAMED for i in range(len(names)) if i not in {label, *only, *left_out}}
        suspects = {}
    free = [i for i in range(len(names)) if i not in {label, *left_out, *suspects}]
    if free and free[0] not in keep and kinds[free[0]] is Kind.NUMBER and counts(free[0]):
        suspects[free[0]] = False
    if not free and not suspects:
        raise no_features(where, names[label])
    return Columns(
        tuple(names),
        label,
        why,
        dict(sorted(left_out.items())),
        suspects,
        side,
        tuple(kinds),
        frozenset(keep),
    )


def settle(
    columns: Columns, values: Mapping[int, Numbers], where: str, rules: int = NOW
) -> Columns:
    """Leave the suspects out whose values, all known now, do number or name the rows.

    Of a column of text the values are codes, one a text.

    Raises:
        DataError: no other feature is left.
    """
    left_out = dict(columns.left_out)
    for i, is_named in columns.suspects.items():
        name = columns.names[i]
        is_index = i == 0 and is_unnamed(name)
        if columns.kinds[i] is Kind.TEXT:
            why = NAMES_ROWS if rules == BEFORE or _names(values[i]) else None
        else:
            why = _numbering(values[i], is_named=is_named, is_index=is_index)
        if why is not None:
            option = shlex.quote(name) if name.isprintable() else str(i)
            left_out[i] = f"{why}; --keep {option} takes it as a feature"
    settled = replace(columns, left_out=dict(sorted(left_out.items())), suspects={})
    if not settled.features:
        raise no_features(where, settled.label_name, " ".join(settled.notes()))
    return settled


def counts_rows(values: Numbers) -> bool:
    """Tell whether values (n_rows,) go up by one from row to row."""
    if len(values) < 2 or not np.isfinite(values).all():
        return False
    return bool(np.all(np.diff(values) == 1) and values[0] == int(values[0]))


def _numbering(values: Numbers, *, is_named: bool, is_index: bool) -> str | None:
    """Return why a column is taken for numbers of the rows; None: it is not."""
    if not np.isfinite(values).all():
        return None
    if counts_rows(values) and (is_named or len(values) >= FEWEST_COUNTED):
        return f"it counts the rows, {values[0]:.0f} to {values[-1]:.0f}"
    whole = bool(np.all(values == np.trunc(values)))
    if is_index and whole:
        return "it is first, has no name and holds whole numbers, as an index does"
    if is_named and whole and len(np.unique(values)) == len(values):
        return "by its name and its values, all different, it tells the rows apart"
    return None


def _names(codes: Numbers) -> bool:
    """Tell whether most rows have a text of their own."""
    return len(np.unique(codes)) > len(codes) / 2


def _labels(
    names: Sequence[str], kinds: Sequence[Kind], target: int | None, out: set[int], where: str
) -> tuple[int, str | None]:
    """Return the column of the labels, and why it is taken where the user does not say."""
    if target is not None:
        return target, None
    free = [i for i in range(len(names)) if i not in out]
    if not free:
        raise DataError(f"{where} has no column of labels left. Name it with --target.")
    if named := [i for i in named_labels(names) if i in free]:
        others = ", ".join(repr(names[i]) for i in named[1:])
        return named[0], "by its name" + (f" (before {others})" if others else "")
    text = [i for i in free if kinds[i] is Kind.TEXT]
    if len(text) == 1:
        return text[0], ONLY_TEXT
    return free[-1], "the last one; --target COLUMN names another"


def _holds(role: str) -> str:
    return f"it holds {ROLES[role].what} ({ROLES[role].option})"


def _check_side(names: Sequence[str], side: Mapping[str, int], target: int | None) -> None:
    for role, i in side.items():
        if i == target:
            raise DataError(
                f"Column {names[i]!r} holds the labels by --target, so {ROLES[role].option} cannot "
                "have it."
            )


def _check_wishes(
    names: Sequence[str], target: int | None, keep: set[int], drop: set[int]
) -> None:
    for i in drop & keep:
        raise DataError(f"Column {names[i]!r} cannot be both kept and dropped: choose one.")
    if target in drop | keep:
        option = "--drop" if target in drop else "--keep"
        raise DataError(
            f"Column {names[target or 0]!r} holds the labels by --target, so {option} cannot have "
            "it."
        )
