"""Feature sets as they are typed, or stand in a space file.

--feature-set last=0:1024 --feature-set last4=0:4096    slices from 0
--feature-set size=sepal_*,petal_length                 names, or beginnings of names
--feature-set last                                      the array, or column of lists, `last`

[feature_sets]                                          in the file of --space
last = "0:1024"
size = ["sepal_*", "petal_length"]
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from hpsoft.errors import SpaceError

TABLE = "feature_sets"  # of a space file
NAME = re.compile(r"[^\W\d_][\w.+-]*")  # words of --set, and no number
_RESERVED = frozenset(("log", "uniform", "nan", "inf", "infinity", "true", "false"))

Items = tuple[str, ...]


def parse_sets(options: Iterable[str]) -> dict[str, Items]:
    """Return the items of options such as `last=0:1024,2048:3072`, by name.

    Raises:
        SpaceError: one has no name or no items, or a name comes twice.
    """
    sets: dict[str, Items] = {}
    for option in options:
        name, equals, text = option.partition("=")
        name = name.strip()
        _check_name(name)
        if name in sets:
            raise SpaceError(
                f"--feature-set {name} is given twice. Join them: --feature-set {name}=ITEM,ITEM."
            )
        items = tuple(item.strip() for item in text.split(",")) if equals else (name,)
        sets[name] = _checked(name, items)
    return sets


def read_table(table: object, where: str) -> dict[str, Items]:
    """Return the feature sets of a space file.

    Raises:
        SpaceError: it is no table of texts or lists of texts.
    """
    if not isinstance(table, Mapping):
        raise SpaceError(
            f'In {where}: [{TABLE}] is a table with a line `name = "0:1024"` a set, not {table!r}.'
        )
    sets = {}
    for name, given in table.items():
        _check_name(name)
        items = given.split(",") if isinstance(given, str) else given
        if not isinstance(items, Sequence) or not all(isinstance(item, str) for item in items):
            raise SpaceError(
                f'In {where}: the feature set {name} takes "0:1024" or ["a", "b"], not {given!r}.'
            )
        sets[name] = _checked(name, tuple(item.strip() for item in items))
    return sets


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name) or name.casefold() in _RESERVED:
        raise SpaceError(
            f"{name!r} cannot name a feature set: a name begins with a letter, and letters, digits "
            "and . _ + - follow. Write --feature-set NAME=0:1024, or NAME=COLUMN,COLUMN."
        )


def _checked(name: str, items: Items) -> Items:
    if not items or not all(items):
        raise SpaceError(
            f"The feature set {name} has an item that is empty. Name slices such as 0:1024, "
            "columns, or beginnings of their names such as emb_*."
        )
    return items
