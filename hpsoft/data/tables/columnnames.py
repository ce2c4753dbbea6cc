"""What columns are usually called: those of the labels, and those that number the rows."""

import re
from collections.abc import Sequence

# The first of these that occurs is taken.
LABELS = (
    *("label", "labels", "target", "targets", "class", "classes", "classlabel", "targetclass"),
    *("y", "ytrue", "groundtruth", "species", "outcome", "category", "digit", "diagnosis"),
    *("response", "classname", "labelname", "targetname", "categoryname"),
)
SURE = frozenset((*LABELS[:12], "classname", "labelname", "targetname"))  # of nothing else
_ROWS = frozenset(
    (
        *("id", "ids", "index", "idx", "row", "rows", "rowid", "rowname", "rownames", "rowno"),
        *("rownum", "rownumber", "rownumbers", "obs", "observation", "uid", "uuid", "guid"),
        *("level0", "nr", "sno", "slno", "srno", "serialno", "serialnumber", "recordid"),
        *("caseno", "sampleno"),
    )
)
_MARKS = frozenset(("", "#", "no.", "n°", "№"))
_UNNAMED = re.compile(r"unnamed(: ?\d+)?(_level_\d+)?(\.\d+)*|\.{3}\d+", re.IGNORECASE)
_IDENTIFIER = re.compile(r".*([ _.\-]id|[a-z](Id|ID))", re.DOTALL)


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def is_label_name(name: str) -> bool:
    """Tell whether a column of labels is usually called so; case and marks do not matter."""
    return _bare(name) in LABELS


def named_labels(names: Sequence[str]) -> list[int]:
    """Return the positions of columns with a usual name of labels, the likeliest first.

    `y` is a coordinate where there is an `x` beside it and a third column.
    """
    bare = [_bare(name) for name in names]
    coordinate = "x" in bare and len(names) > 2
    known = [
        i for i, name in enumerate(bare) if name in LABELS and not (coordinate and name == "y")
    ]
    return sorted(known, key=lambda i: (LABELS.index(bare[i]), -i))


def is_surely_label(name: str) -> bool:
    """Tell whether hardly anything but labels is called so: not `species`, or `category`."""
    return _bare(name) in SURE


def is_unnamed(name: str) -> bool:
    """Tell whether a column has no name, or the one that pandas or R gives to such a column."""
    return not name.strip() or bool(_UNNAMED.fullmatch(name.strip()))


def numbers_rows(name: str) -> bool:
    """Tell whether a column that tells the rows apart is usually called so."""
    name = name.strip()
    return (
        name.casefold() in _MARKS
        or _bare(name) in _ROWS
        or is_unnamed(name)
        or bool(_IDENTIFIER.fullmatch(name))
    )
