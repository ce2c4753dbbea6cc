"""Columns of a table and those that a model takes: by name, else by position."""

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from hpsoft.data.containers.arraynames import WHOLE
from hpsoft.data.stream.incoming import Asked, Wanted, takes_text, widths
from hpsoft.data.stream.parts import ALL, chosen
from hpsoft.data.tables.columnnames import named_labels, numbers_rows
from hpsoft.data.tables.header import ROW_NAMES
from hpsoft.data.tables.tabular import column_index
from hpsoft.errors import DataError

SHOWN = 6


@dataclass(frozen=True)
class Match:
    """Which column of the data is which field of the model."""

    places: tuple[int | None, ...]  # of each field; None: not there, and not needed
    label: int | None
    notes: tuple[str, ...]
    split: int | None = None  # says of which part each row is


def match_columns(names: Sequence[str], asked: Asked, wanted: Wanted, where: str) -> Match:
    """Find the columns of the model, of the labels, and of the parts, among `names`.

    Raises:
        DataError: a column is not there, or one that the model does not know, a name comes twice,
            or a model that knows no names takes another number of columns.
    """
    twice = [name for name, n in Counter(names).items() if n > 1]
    if twice:
        raise DataError(
            f"{where} has more than one column called {twice[0]!r}. Rename all but one of them."
        )
    label = find_label(names, asked.labels, wanted, where)
    dropped = dropped_columns(names, asked.drop, label, wanted, where)
    found = _matched(names, label, dropped, wanted, where)
    return replace(found, split=find_split(names, label, asked, wanted, where))


def _matched(
    names: Sequence[str], label: int | None, dropped: frozenset[int], wanted: Wanted, where: str
) -> Match:
    taken = [column.name for column in wanted.columns]
    lacking = [name for name in taken if name in wanted.needed and name not in names]
    if wanted.has_names or (taken and not lacking):
        if lacking:
            raise _lacking(lacking, names, wanted, where)
        places = {name: i for i, name in enumerate(names)}
        if label is not None and names[label] in wanted.needed:
            raise DataError(
                f"{where}: --labels {names[label]!r} is a feature of the model. Name another "
                "column, or leave --labels out."
            )
        found = tuple(places[name] if name in wanted.needed else None for name in taken)
        return Match(found, label, _unused(names, label, dropped, wanted, where))
    return _by_position(names, label, dropped, wanted, where)


def find_label(names: Sequence[str], given: str | None, wanted: Wanted, where: str) -> int | None:
    """Return the column of the labels: as the user says, as in training, or by its name.

    Raises:
        DataError: there is none of the name that the user gives.
    """
    if given is not None:
        return column_index(names, given, where, "--labels")
    taken = {column.name for column in wanted.columns}
    if wanted.label is not None and wanted.label in names and wanted.label not in taken:
        return list(names).index(wanted.label)
    return next((i for i in named_labels(names) if names[i] not in taken), None)


def find_split(
    names: Sequence[str], label: int | None, asked: Asked, wanted: Wanted, where: str
) -> int | None:
    """Return the column that said in training of which part each row is; None: all are read.

    Raises:
        DataError: there is none, and a part is asked for.
    """
    if asked.part != ALL and wanted.split is not None and wanted.split in names:
        at = list(names).index(wanted.split)
        if at != label:
            return at
    chosen({WHOLE: ()}, asked.part, where)  # refuses a part of it
    return None


def dropped_columns(
    names: Sequence[str], drop: Sequence[str], label: int | None, wanted: Wanted, where: str
) -> frozenset[int]:
    """Return the columns that the user leaves out: by name, position, or how unknown ones begin.

    Raises:
        DataError: there is none, or it is needed.
    """
    needed = {column.name for column in wanted.columns if wanted.has_names} & wanted.needed
    found: set[int] = set()
    for word in drop:
        if word.endswith("*") and word not in names:
            taken = {column.name for column in wanted.columns}
            begun = {i for i, name in enumerate(names) if name.startswith(word[:-1])}
            found |= {i for i in begun if i != label and names[i] not in taken}
            continue
        at = column_index(names, word, where, "--drop")
        if at == label or names[at] in needed:
            what = "the column of the labels" if at == label else "a feature of the model"
            raise DataError(f"{where}: --drop {names[at]!r} is {what}, and is needed.")
        found.add(at)
    return frozenset(found)


def _is_known(name: str, wanted: Wanted) -> bool:
    known = {wanted.label, ROW_NAMES, *(wanted.known or ())}
    return name in known or numbers_rows(name)


def _unused(
    names: Sequence[str], label: int | None, dropped: frozenset[int], wanted: Wanted, where: str
) -> tuple[str, ...]:
    """Refuse columns that the model does not know; those that number the rows are no surprise.

    A model of a release that did not keep what was no feature cannot tell, and says so.
    """
    taken = {column.name for column in wanted.columns}
    extra = [
        name
        for i, name in enumerate(names)
        if i != label and i not in dropped and name not in taken and not _is_known(name, wanted)
    ]
    if not extra:
        return ()
    if wanted.known is None:
        word = "Column" if len(extra) == 1 else "Columns"
        return (f"{word} {_shown(extra)}: not known to the model, and not used.",)
    many = "a column" if len(extra) == 1 else f"{len(extra):,} columns"
    labels = " --labels names the column of the labels." if label is None else ""
    raise DataError(
        f"{where} has {many} that the model does not know: {_shown(extra)}.{labels} Leave out what "
        f"is no feature with --drop {_typed(extra[0])}, or all that the model does not know with "
        "--drop '*'."
    )


def _typed(name: str) -> str:
    return shlex.quote(name) if name.isprintable() else "COLUMN"


def _shown(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(map(repr, names[:SHOWN])) + more


def _lacking(
    lacking: Sequence[str], names: Sequence[str], wanted: Wanted, where: str
) -> DataError:
    n = len(wanted.needed)
    close = {name: get_close_matches(name, names, n=1) for name in lacking[:SHOWN]}
    guesses = [f"{found[0]!r} for {name!r}" for name, found in close.items() if found]
    hint = f" Did you mean {', '.join(guesses)}?" if guesses else ""
    of = f"{len(lacking):,} of the {n:,} columns" if n > 1 else "the only column"
    return DataError(
        f"{where} lacks {of} that the model takes: {_shown(lacking)}. It has {_shown(names)}.{hint} "
        "Name the columns as in the data that the model was trained on; `hpsoft model show` lists "
        "them."
    )


def _by_position(
    names: Sequence[str], label: int | None, dropped: frozenset[int], wanted: Wanted, where: str
) -> Match:
    """Take all columns that may be features in their order, for a model that knows no names."""
    if not widths(wanted):
        raise takes_text(where, wanted)
    free = [i for i in range(len(names)) if i != label and i not in dropped]
    for ids in ([], [i for i in free if _is_known(names[i], wanted)]):
        columns = [i for i in free if i not in ids]
        if len(columns) in widths(wanted):
            word = "labels" if label is not None else "row numbers"
            beside = [names[i] for i in (*ids, *([] if label is None else [label]))]
            besides = f" besides {_shown(beside)} ({word})" if beside else ""
            note = (
                f"The model knows no names: its features are the columns in their order{besides}."
            )
            return Match(tuple(columns), label, (note,))
    at = "" if label is None else f" besides the labels {names[label]!r}"
    raise DataError(
        f"{where} has {len(free):,} columns{at}, and the model takes {wanted.n_features:,} "
        "features that have no names. Leave out what is no feature with --drop; --labels names "
        "the column of the labels."
    )
