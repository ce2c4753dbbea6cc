"""A small table of birds, and the many ways in which people write it to a file."""

import random
from collections.abc import Sequence

NAMES = ("length", "width", "depth", "mass")
SPECIES = ("adelie", "chinstrap", "gentoo")
N = 60

_RNG = random.Random(1)
ROWS = [[round(_RNG.gauss(4, 3), 2) for _ in NAMES] for _ in range(N)]
CLASSES = [_RNG.randrange(3) for _ in range(N)]
KINDS = [SPECIES[k] for k in CLASSES]
PIXELS = [[_RNG.randrange(256) for _ in range(16)] for _ in range(N)]
SHUFFLED = _RNG.sample(range(1000), N)


def table(
    sep: str = ",",
    header: Sequence[str] | None = (*NAMES, "kind"),
    rows: Sequence[Sequence[object]] = ROWS,
    labels: Sequence[object] = KINDS,
    first: Sequence[object] = (),
    first_name: str | None = None,
    write=str,
    end: str = "\n",
) -> str:
    """Return the table as text; `first` is a column before it, without a name where that is
    None.
    """
    lines = [list(header)] if header is not None else []
    if lines and first_name is not None:
        lines[0].insert(0, first_name)
    for i, (row, label) in enumerate(zip(rows, labels, strict=True)):
        before = [str(first[i])] if first else []
        lines.append([*before, *map(write, row), str(label)])
    return "".join(sep.join(line) + end for line in lines)


def label_first(name: str | None, names: Sequence[str], labels: Sequence[object] = CLASSES) -> str:
    """Return the table with the labels in its first column."""
    lines = [[name, *names]] if name is not None else []
    lines += [[str(k), *map(str, row)] for k, row in zip(labels, ROWS, strict=True)]
    return "".join(",".join(line) + "\n" for line in lines)


def decimal_comma(value: object) -> str:
    """Write a number as much of Europe does."""
    return str(value).replace(".", ",")
