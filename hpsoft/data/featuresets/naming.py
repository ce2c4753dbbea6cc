"""From what was typed to columns: slices, names of columns and arrays, beginnings of names.

An item is, in this order: the name of a feature, or of an array or a column of a table, which
may be several features; a slice `start:stop` of the features, from 0; the beginning of names, up
to a * or to a mark as in `emb_`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hpsoft.data.featuresets.columnset import ColumnSet, Span
from hpsoft.errors import DataError, unknown

SLICE = re.compile(r"(\d*):(\d*)")
MARKS = ("_", "-", ".", "/", ":")
BEGINNING = "*"
MOST_NAMES = 2000  # of which a similar one is looked for


@dataclass(frozen=True)
class Named:
    """What the columns of X are called: their number, and spans by name."""

    n_features: int
    spans: Mapping[str, Span]

    @classmethod
    def of(
        cls,
        n_features: int,
        blocks: Sequence[tuple[str, int]] = (),
        features: Sequence[str] | None = None,
    ) -> "Named":
        """Take the widths of arrays or columns that stand side by side, and names of features."""
        spans: dict[str, Span] = {}
        start = 0
        for name, width in blocks:
            spans[name] = (start, start + width)
            start += width
        return cls(n_features, {**{n: (i, i + 1) for i, n in enumerate(features or ())}, **spans})


def plain_names(sets: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return the items of all sets that can only be names, each once."""
    items = (item for items in sets.values() for item in items)
    return tuple(
        dict.fromkeys(
            item for item in items if not SLICE.fullmatch(item) and not item.endswith(BEGINNING)
        )
    )


def resolve(sets: Mapping[str, Iterable[str]], named: Named, where: str) -> dict[str, ColumnSet]:
    """Return the columns of every set.

    Raises:
        DataError: an item that names no column, or two sets of the same columns.
    """
    found: dict[str, ColumnSet] = {}
    for name, items in sets.items():
        spans = [span for item in items for span in _spans(item, name, named, where)]
        columns = ColumnSet.of(spans)
        if columns in found.values():
            other = next(known for known, those in found.items() if those == columns)
            raise DataError(
                f"{where}: the feature sets {other!r} and {name!r} are the same {len(columns):,} "
                "columns, so the same models would be trained twice. Leave one of them out."
            )
        found[name] = columns
    return found


def _spans(item: str, name: str, named: Named, where: str) -> list[Span]:
    if item in named.spans:
        return [named.spans[item]]
    if (sliced := SLICE.fullmatch(item)) is not None:
        return [_slice(sliced, item, name, named, where)]
    if item.endswith((BEGINNING, *MARKS)):
        beginning = item.removesuffix(BEGINNING)
        spans = [span for key, span in named.spans.items() if key.startswith(beginning)]
        if spans:
            return spans
    raise DataError(f"{where}: feature set {name!r}: {_no_column(item, named)}")


def _slice(sliced: "re.Match[str]", item: str, name: str, named: Named, where: str) -> Span:
    n = named.n_features
    start, stop = int(sliced[1] or 0), int(sliced[2] or n)
    if not start < stop <= n:
        raise DataError(
            f"{where}: feature set {name!r}: {item} is no slice of {n:,} features. Slices count "
            f"from 0, and the end is not in them: 0:{n} is all of them."
        )
    return start, stop


def _no_column(item: str, named: Named) -> str:
    if item.isdecimal():
        return f"{item} is no slice. A single feature is {item}:{int(item) + 1}."
    if not named.spans:
        return (
            f"the {named.n_features:,} features have no names, so {item!r} is none of them. Name a "
            f"slice, such as 0:{named.n_features}."
        )
    alike = sum(key.startswith(item) for key in named.spans)
    if alike and not item.endswith(BEGINNING):
        return (
            f"no feature is called {item!r}, but {alike:,} begin so: {item}{BEGINNING} names them."
        )
    few = list(named.spans) if len(named.spans) <= MOST_NAMES else []
    return f"{unknown('feature', item, few)} Slices such as 0:{named.n_features} will do as well."
